// release.cpp -- which release is in use, and where its file is.
#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <functional>
#include "base/path.hpp"
#include "base/progress.hpp"
#include "base/text.hpp"
#include "format/formats.hpp"
#include "lake/label/scope.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/artifact.hpp"
#include "lamin/error.hpp"
#include "store/http.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

constexpr std::string_view bucket = "s3://bionty-assets/";

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

/// Of the files that terms can be read from, the quickest first.
std::vector<std::string_view> suffixes() {
  std::vector<std::string_view> tables, ontologies;
  for (const auto& one : format::formats()) {
    if (one.has_terms) ontologies.insert(ontologies.end(), one.suffixes.begin(), one.suffixes.end());
    else if (one.slots != nullptr && one.shape == nullptr)
      tables.insert(tables.end(), one.suffixes.begin(), one.suffixes.end());
  }
  tables.insert(tables.end(), ontologies.begin(), ontologies.end());
  return tables;
}

std::optional<fs::path> in_folder(const fs::path& folder, const Record& release) {
  for (const auto& stem : stems_of(release)) {
    for (const auto suffix : suffixes()) {
      auto file = folder / (stem + std::string(suffix));
      std::error_code failed;
      if (fs::is_regular_file(file, failed)) return file;
    }
  }
  return std::nullopt;
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

/// "https://bionty-assets.s3.amazonaws.com/x" for "s3://bionty-assets/x"; before it the same at the S3 of a site's own.
std::vector<std::string> web_addresses(const std::string& url) {
  const auto uri = Uri::parse(url);
  if (!uri || uri->scheme != "s3") return {url};
  std::vector<std::string> all{fmt::format("https://{}.s3.amazonaws.com/{}", uri->place, uri->key)};
  const char* endpoint = std::getenv("AWS_ENDPOINT_URL");
  if (endpoint != nullptr && *endpoint != '\0')
    all.insert(all.begin(), fmt::format("{}/{}/{}", endpoint, uri->place, uri->key));
  return all;
}

/// The addresses of a release, best first, with the suffix of what is there. What is published as OWL is published as
/// OBO beside it, as a rule.
std::vector<std::pair<std::string, std::string>> addresses_of(const Record& release) {
  std::vector<std::pair<std::string, std::string>> all{
      {std::string(bucket) + file_stem(release) + ".parquet", ".parquet"}};
  const std::string url(release.text("url"));
  if (url.ends_with(".owl")) all.emplace_back(url.substr(0, url.size() - 4) + ".obo", ".obo");
  for (const auto suffix : suffixes()) {
    if (url.ends_with(suffix) && url != all.front().first) all.emplace_back(url, suffix);
  }
  return all;
}

[[noreturn]] void cannot_be_had(const Record& release, const std::string& why) {
  throw Error(
      Code::unavailable,
      fmt::format("the terms of {} {} ({}, {}) are not here, and cannot be downloaded: {}. Bring a file of them "
                  "as {}.obo, .owl, .json, .parquet or .csv into a folder that LAMIN_ONTOLOGIES names",
                  release.text("name"), release.text("version"), release.text("entity"), release.text("organism"), why,
                  fmt::format("{}-{}", release.text("name"), release.text("version"))));
}

fs::path downloaded(Instance& instance, const Record& release) {
  std::string why = "no server has them";
  base::Progress progress([&](Level level, const Words& words) { instance.say(level, words); },
                          fmt::format("downloading {} {}", release.text("name"), release.text("version")));
  const auto tell = [&](std::int64_t done, std::int64_t) { progress.at(done); };
  for (const auto& [address, suffix] : addresses_of(release)) {
    const auto to = releases_folder() / (file_stem(release) + suffix);
    for (const auto& url : web_addresses(address)) {
      try {
        if (store::download({.url = url, .to = to, .progress = tell})) return to;
      } catch (const Error& error) {
        if (error.code() != Code::unavailable) throw;
        why = error.what();
        while (why.ends_with('.')) why.pop_back();
      }
    }
  }
  cannot_be_had(release, why);
}

std::string asked(const std::string& registry, const ReleaseChoice& choice) {
  std::string text = registry;
  for (const auto& [what, value] :
       {std::pair{"organism", choice.organism}, {"name", choice.name}, {"version", choice.version}}) {
    if (!value.empty()) text += fmt::format(", {} '{}'", what, value);
  }
  return text;
}

std::vector<Record> releases(Instance& instance, const std::string& registry, const ReleaseChoice& choice) {
  std::vector<Expr> all{Expr::compare("entity", Op::exact, Value(registry))};
  if (!choice.organism.empty()) all.push_back(Expr::compare("organism", Op::iexact, Value(choice.organism)));
  if (!choice.name.empty()) all.push_back(Expr::compare("name", Op::exact, Value(choice.name)));
  if (!choice.version.empty()) all.push_back(Expr::compare("version", Op::exact, Value(choice.version)));
  return instance.database().all(
      {.registry = "bionty.Source", .where = Expr::all_of(std::move(all)), .order_by = {"id"}});
}

[[noreturn]] void no_release(Instance& instance, const std::string& registry, const ReleaseChoice& choice) {
  std::vector<std::string> known;
  for (const auto& one : releases(instance, registry, {})) {
    known.push_back(fmt::format("{} {} ({})", one.text("name"), one.text("version"), one.text("organism")));
  }
  throw Error(Code::not_found, fmt::format("No source record found for {}: {}", asked(registry, choice),
                                           known.empty() ? "no source is known for this registry"
                                                         : "there are " + base::join(known, ", ")));
}

Record chosen(std::vector<Record> found, const std::string& registry) {
  const auto first = [&](const std::function<bool(const Record&)>& fits) -> std::optional<Record> {
    const auto it = std::ranges::find_if(found, fits);
    return it == found.end() ? std::nullopt : std::optional(*it);
  };
  const auto used = [](const Record& one) { return one.at("currently_used").boolean_or(false); };
  if (registry == "bionty.Organism") {
    if (auto one = first([&](const Record& r) { return used(r) && r.text("organism") == "vertebrates"; })) return *one;
  }
  if (auto one = first([&](const Record& r) { return used(r) && r.text("organism") == "all"; })) return *one;
  if (auto one = first(used)) return *one;
  if (auto one = first([](const Record& r) { return r.text("organism") == "all"; })) return *one;
  return found.front();
}

}  // namespace

std::string file_stem(const Record& release) {
  return fmt::format("df_{}__{}__{}__{}", part(release, "organism"), part(release, "name"), part(release, "version"),
                     entity_of(release));
}

bool has_releases(Instance& instance, const schema::Table& table) {
  return !releases(instance, table.qualified.str(), {}).empty();
}

fs::path releases_folder() { return base::cache_folder() / "ontologies"; }

std::optional<fs::path> file_at_hand(Instance& instance, const Record& release) {
  if (const auto& artifact = release.at("dataframe_artifact"); !artifact.is_null()) {
    const auto row = instance.database().find(instance.catalog().table("Artifact"), artifact.integer_or(0));
    if (row) return cache_artifact(instance, *row);
  }
  auto folders = own_folders();
  folders.push_back(releases_folder());
  for (const auto& folder : folders) {
    if (auto file = in_folder(folder, release)) return file;
  }
  return std::nullopt;
}

}  // namespace lake

Record release_in_use(Instance& instance, std::string_view registry, const ReleaseChoice& choice) {
  const auto& table = instance.catalog().table(registry);
  const auto entity = table.qualified.str();
  if (choice.organism.empty() && choice.name.empty() && lake::needs_organism(table)) {
    throw Error(Code::not_configured,
                fmt::format("`organism` is required to get Source record for {}!", table.name.view()));
  }
  auto found = lake::releases(instance, entity, choice);
  if (found.empty() && !choice.organism.empty()) {  // sources name some organisms by their scientific names
    if (const auto row = lake::find_organism(instance, choice.organism)) {
      for (const char* field : {"name", "scientific_name"}) {
        auto other = choice;
        other.organism = row->text(field);
        if (found.empty() && !other.organism.empty()) found = lake::releases(instance, entity, other);
      }
    }
  }
  if (found.empty()) lake::no_release(instance, entity, choice);
  return lake::chosen(std::move(found), entity);
}

bool is_release_here(Instance& instance, const Record& release) {
  return lake::file_at_hand(instance, release).has_value();
}

fs::path release_file(Instance& instance, const Record& release) {
  if (auto file = lake::file_at_hand(instance, release)) return *file;
  return lake::downloaded(instance, release);
}

Record release_called(Instance& instance, std::string_view registry, const ReleaseChoice& choice) {
  try {
    return release_in_use(instance, registry, choice);
  } catch (const Error& error) {
    if (error.code() != Code::not_found || choice.version.empty()) throw;
  }
  auto other = choice;
  other.version.clear();
  const auto known = release_in_use(instance, registry, other);
  Record release(known.table());
  for (const char* field : {"entity", "organism", "name", "description", "url", "source_website"})
    release.set(field, known.at(field));
  release.set("version", Value(choice.version));
  release.set("currently_used", Value(false));
  if (std::string url(known.text("url")), was(known.text("version")); !was.empty()) {
    for (auto at = url.find(was); at != url.npos; at = url.find(was, at + choice.version.size()))
      url.replace(at, was.size(), choice.version);
    release.set("url", Value(url));
  }
  return release;
}

}  // namespace lamin
