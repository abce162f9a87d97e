#include "lake/ontology/term_table_import.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <iterator>
#include "base/text.hpp"
#include "format/formats.hpp"
#include "format/term_table.hpp"
#include "lake/label/scope.hpp"
#include "lake/ontology/left_out.hpp"

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

/// What a publisher's table may give beyond what its layout says: texts and numbers of a term, not whose the row is.
std::vector<std::string> fields_of(const schema::Table& table) {
  std::vector<std::string> fields;
  for (const auto& column : table.columns) {
    const bool content = column.kind == schema::Kind::text || column.kind == schema::Kind::integer;
    const bool own = column.name == "uid" || column.name.view().starts_with('_');
    if (content && !own && column.position != 0) fields.emplace_back(column.name.view());
  }
  return fields;
}

/// Layouts make columns for every registry that has a use for them; those that this one has no field for are `unused`.
Frame with_fields(const schema::Table& table, const Frame& made, std::vector<std::string>& unused) {
  Frame frame;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto& name = made.names()[i];
    const bool taken = table.find_column(name) || table.find_column(name + "s") ||
                       (name == "parents" && table.find_relation("parents"));
    if (taken) frame.add(name, made.at(i));
  }
  if (frame.size() == 0) return made;  // not of this registry, as importing it says
  for (const auto& name : made.names()) {
    if (frame.find(name) == nullptr) unused.push_back(name);
  }
  return frame;
}

}  // namespace

std::optional<ImportReport> import_term_table(Instance& instance, std::string_view registry,
                                              const std::filesystem::path& file, const ImportOptions& options) {
  if (file.extension() == ".parquet") return std::nullopt;
  const auto& table = instance.catalog().table(registry);
  const bool of_organism = needs_organism(table);
  auto read = format::read_term_table(
      file, {.organism = of_organism ? options.organism : std::string(), .fields = fields_of(table)});
  if (!read) return std::nullopt;
  auto given = options;
  const bool any = given.organism.empty() || given.organism == "all";
  if (any && of_organism && !read->organism.empty()) given.organism = read->organism;
  if (given.source.empty() && !read->version.empty()) {
    given.source = read->source;
    given.version = read->version;
  }
  given.partial = given.partial || read->partial;
  instance.say(Level::info,
               fmt::format("'{}' is {}: {} rows", file.filename().string(), read->format, read->frame.rows()));
  auto unused = std::move(read->untaken);
  const auto frame = with_fields(table, read->frame, unused);
  if (!unused.empty())
    instance.say(Level::info, fmt::format("columns that become no field: {}", base::join(unused, ", ")));
  tell_others(instance, read->other_organisms, given.organism);
  const ImportReport rest{.complaints = told(read->complaints), .n_complaints = read->complaints.count};
  tell_rest(instance, file.string(), rest, options.strict);
  auto report = import_terms(instance, registry, frame, given);
  report.complaints = rest.complaints;
  report.n_complaints = rest.n_complaints;
  std::ranges::move(unused, std::back_inserter(report.unused_columns));
  return report;
}

}  // namespace lamin::lake
