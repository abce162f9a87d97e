#include "lake/reference/files.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>
#include "base/module.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "format/formats.hpp"
#include "format/taxonomy.hpp"
#include "format/term_table.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/artifact.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

/// "saccharomyces cerevisiae" -> "saccharomyces-cerevisiae". Nothing that means something in a path.
std::string part(const Record& release, const char* field) {
  std::string text(release.text(field));
  if (std::string_view(field) == "organism") text = base::lower(text);
  for (char& c : text) c = c == ' ' ? '-' : c;
  const bool plain = std::ranges::all_of(
      text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == '+'; });
  if (text.empty() || !plain || text.starts_with('.')) {
    throw Error(Code::invalid_argument,
                fmt::format("the {} '{}' of a source cannot be part of a file's name", field, release.text(field)));
  }
  return text;
}

std::string entity_of(const Record& release) {
  const auto entity = part(release, "entity");
  return entity.substr(entity.rfind('.') + 1);
}

/// The names that a file of the release may have, without suffix.
std::vector<std::string> stems_of(const Record& release) {
  const auto name = part(release, "name"), version = part(release, "version"), organism = part(release, "organism");
  return {file_stem(release), fmt::format("{}__{}__{}", organism, name, version), fmt::format("{}_{}", name, version),
          fmt::format("{}-{}", name, version)};
}

/// The files of these names, those that are read quickest first.
std::vector<fs::path> all_in(const fs::path& folder, const std::vector<std::string>& stems) {
  std::set<std::string> names;
  std::vector<fs::path> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) names.insert(entry.path().filename().string());
  if (names.empty()) return found;
  for (const auto& stem : stems) {
    for (const auto suffix : release_suffixes()) {
      const auto name = stem + std::string(suffix);
      if (names.contains(name) && fs::is_regular_file(folder / name, failed)) found.push_back(folder / name);
    }
    if (names.contains(stem) && format::is_taxonomy(folder / stem)) found.push_back(folder / stem);
  }
  return found;
}

std::optional<fs::path> in_folder(const fs::path& folder, const std::vector<std::string>& stems) {
  auto found = all_in(folder, stems);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

/// In the cache the latest: what somebody brought after a download is what they want.
std::optional<fs::path> in_cache(const std::vector<std::string>& stems) {
  auto found = all_in(releases_folder(), stems);
  if (found.empty()) return std::nullopt;
  std::error_code failed;
  return *std::ranges::max_element(found, {}, [&](const fs::path& file) { return fs::last_write_time(file, failed); });
}

std::optional<fs::path> in_folders(const std::vector<std::string>& stems) {
  for (const auto& folder : own_folders()) {
    if (auto file = in_folder(folder, stems)) return file;
  }
  if (auto file = in_cache(stems)) return file;
  const auto carried = carried_folder();
  return carried.empty() ? std::nullopt : in_folder(carried, stems);
}

/// "CL" and "2025-04-10" of "CL-ontology-v2025-04-10", as the CELLxGENE guide calls its files.
std::optional<ReleaseFile> of_guide(std::string_view stem) {
  constexpr std::string_view mark = "-ontology-";
  const auto at = stem.find(mark);
  if (at == stem.npos || at == 0) return std::nullopt;
  auto version = stem.substr(at + mark.size());
  if (version.starts_with('v')) version.remove_prefix(1);
  const auto name = base::lower(stem.substr(0, at));
  return ReleaseFile{.name = name == "cvcl" ? "cellosaurus" : name, .version = std::string(version)};
}

std::vector<std::string> split_by(std::string_view text, std::string_view sign) {
  std::vector<std::string> parts;
  for (auto at = text.find(sign); at != text.npos; at = text.find(sign)) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + sign.size());
  }
  parts.emplace_back(text);
  return parts;
}

/// Versions by their numbers: "3.9" before "3.10".
bool is_earlier(std::string_view a, std::string_view b) {
  const auto number = [](std::string_view& text) {
    std::uint64_t value = 0;
    while (!text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0) {
      value = value * 10 + static_cast<std::uint64_t>(text.front() - '0');
      text.remove_prefix(1);
    }
    return value;
  };
  const auto digit = [](std::string_view text) { return std::isdigit(static_cast<unsigned char>(text.front())) != 0; };
  while (!a.empty() && !b.empty()) {
    if (digit(a) && digit(b)) {
      const auto x = number(a), y = number(b);
      if (x != y) return x < y;
    } else {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.size() < b.size();
}

}  // namespace

std::string organism_part(std::string_view organism) {
  auto text = base::lower(organism);
  for (char& c : text) c = c == ' ' ? '-' : c;
  return text;
}

std::string file_name_for(const Record& release) {
  return stems_of(release)[release.text("organism") == "all" ? 3 : 1];
}

std::vector<std::string_view> release_suffixes() {
  std::vector<std::string_view> tables, ontologies;
  for (const auto& one : format::formats()) {
    if (one.has_terms) ontologies.insert(ontologies.end(), one.suffixes.begin(), one.suffixes.end());
    else if (one.slots != nullptr && one.shape == nullptr)
      tables.insert(tables.end(), one.suffixes.begin(), one.suffixes.end());
  }
  tables.insert(tables.end(), ontologies.begin(), ontologies.end());
  const auto others = format::term_table_suffixes();
  tables.insert(tables.end(), others.begin(), others.end());
  return tables;
}

std::string_view release_suffix(const fs::path& file) {
  const auto name = file.filename().string();
  std::string_view longest;
  for (const auto suffix : release_suffixes()) {
    if (name.ends_with(suffix) && suffix.size() > longest.size()) longest = suffix;
  }
  return longest;
}

std::optional<ReleaseFile> named_release(const fs::path& file) {
  const auto name = file.filename().string();
  const auto stem = name.substr(0, name.size() - release_suffix(file).size());
  if (stem.starts_with("df-legacy_")) return std::nullopt;  // what became of identifiers, not terms
  auto parts = split_by(stem, "__");
  if (parts.size() == 4 && parts[0].starts_with("df_"))
    return ReleaseFile{.name = parts[1], .version = parts[2], .organism = parts[0].substr(3), .registry = parts[3]};
  if (parts.size() == 3) return ReleaseFile{.name = parts[1], .version = parts[2], .organism = parts[0]};
  if (auto guide = of_guide(stem)) return guide;
  const auto sign = stem.find_first_of("-_");
  if (sign == stem.npos || sign == 0 || sign + 1 == stem.size()) return std::nullopt;
  return ReleaseFile{.name = stem.substr(0, sign), .version = stem.substr(sign + 1)};
}

std::vector<fs::path> own_folders() {
  std::vector<fs::path> folders;
  const char* given = std::getenv("LAMIN_ONTOLOGIES");
  if (given == nullptr) return folders;
  for (const auto& folder : base::split(given, ':')) {
    if (!folder.empty()) folders.emplace_back(folder);
  }
  return folders;
}

fs::path carried_folder() {
  const char* wanted = std::getenv("LAMIN_SUBSETS");
  if (wanted != nullptr && std::string_view(wanted) == "0") return {};
  return base::library_folder() / "lamin-ontologies";
}

std::vector<ReleaseFile> carried(std::string_view registry, std::string_view name, std::string_view organism) {
  std::vector<ReleaseFile> found;
  const auto entity = registry.substr(registry.rfind('.') + 1);
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(carried_folder(), failed)) {
    auto one = named_release(entry.path());
    if (!one || one->registry != entity || one->name != name || one->organism != organism_part(organism)) continue;
    one->path = entry.path();
    found.push_back(std::move(*one));
  }
  std::ranges::sort(found, [](const auto& a, const auto& b) { return is_earlier(b.version, a.version); });
  return found;
}

std::optional<fs::path> file_called(std::string_view source) {
  std::optional<ReleaseFile> latest;
  for (auto& one : release_files()) {
    if (one.name == source && (!latest || is_earlier(latest->version, one.version))) latest = std::move(one);
  }
  return latest ? std::optional(latest->path) : std::nullopt;
}

std::string registry_of(std::string_view entity) {
  return entity.find('.') == entity.npos ? "bionty.ExperimentalFactor" : std::string(entity);
}

std::string file_stem(const Record& release) {
  return fmt::format("df_{}__{}__{}__{}", part(release, "organism"), part(release, "name"), part(release, "version"),
                     entity_of(release));
}

fs::path releases_folder() { return base::cache_folder() / "ontologies"; }

std::optional<fs::path> file_at_hand(Instance& instance, const Record& release) {
  if (const auto& artifact = release.at("dataframe_artifact"); !artifact.is_null()) {
    const auto row = instance.database().find(instance.catalog().table("Artifact"), artifact.integer_or(0));
    if (row) return cache_artifact(instance, *row);
  }
  return in_folders(stems_of(release));
}

std::optional<Frame> table_in(const fs::path& file) {
  const auto* format = format::format_of(file);
  if (format != nullptr && format->slots != nullptr && format->shape == nullptr) {
    auto read = file.extension() == ".parquet" ? std::nullopt : format::read_term_table(file);
    if (read) return std::move(read->frame);
    return format->slots(file).front().frame;
  }
  if (auto read = format::read_term_table(file)) return std::move(read->frame);
  if (format != nullptr && format->has_terms) return std::nullopt;
  return format::read_text_table(file);
}

std::string retired_stem(const Record& release) { return "df-legacy" + file_stem(release).substr(2); }

std::optional<fs::path> retired_ids_file(Instance& instance, const Record& release) {
  if (auto file = in_folders({retired_stem(release)})) return file;
  return downloaded_table(instance, retired_stem(release));
}

}  // namespace lake

std::string registry_for_release(std::string_view entity) { return lake::registry_of(entity); }

std::optional<Frame> release_table(Instance& instance, const Record& release) {
  return lake::table_in(release_file(instance, release));
}

}  // namespace lamin
