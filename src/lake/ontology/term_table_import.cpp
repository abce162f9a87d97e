#include "lake/ontology/term_table_import.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include "base/text.hpp"
#include "format/formats.hpp"
#include "format/term_table.hpp"
#include "lake/label/scope.hpp"

namespace lamin::lake {
namespace {

/// "20,341 rows of other organisms are left out: Mus musculus (17,000), ...".
void tell_others(Instance& instance, const std::map<std::string, std::int64_t>& others, const std::string& organism) {
  if (others.empty()) return;
  constexpr std::size_t shown = 3;
  std::vector<std::pair<std::int64_t, std::string>> most;
  std::int64_t total = 0;
  for (const auto& [name, n] : others) {
    most.emplace_back(n, name);
    total += n;
  }
  std::ranges::sort(most, std::greater());
  std::string names;
  for (std::size_t i = 0; i < std::min(most.size(), shown); ++i)
    names += fmt::format("{}{} ({})", i == 0 ? "" : ", ", most[i].second, most[i].first);
  instance.say(Level::important, fmt::format("importing the rows of {}; {} rows of other organisms are left out: {}{}",
                                             organism, total, names, most.size() > shown ? ", ..." : ""));
}

}  // namespace

std::optional<ImportReport> import_term_table(Instance& instance, std::string_view registry,
                                              const std::filesystem::path& file, const ImportOptions& options) {
  if (file.extension() == ".parquet") return std::nullopt;
  const auto& table = instance.catalog().table(registry);
  const bool of_organism = needs_organism(table);
  auto read = format::read_term_table(file, of_organism ? options.organism : std::string());
  if (!read) return std::nullopt;
  auto given = options;
  const bool any = given.organism.empty() || given.organism == "all";
  if (any && of_organism && !read->organism.empty()) given.organism = read->organism;
  if (given.source.empty() && !read->version.empty()) {
    given.source = read->source;
    given.version = read->version;
  }
  instance.say(Level::info,
               fmt::format("'{}' is {}: {} rows", file.filename().string(), read->format, read->frame.rows()));
  if (!read->untaken.empty())
    instance.say(Level::info, fmt::format("columns that become no field: {}", base::join(read->untaken, ", ")));
  tell_others(instance, read->other_organisms, given.organism);
  return import_terms(instance, registry, read->frame, given);
}

}  // namespace lamin::lake
