// release.cpp -- which release is in use, and how its file is had.
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <functional>
#include "base/budget.hpp"
#include "base/file_md5.hpp"
#include "base/progress.hpp"
#include "base/text.hpp"
#include "lake/label/scope.hpp"
#include "lake/reference/files.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"
#include "lamin/source.hpp"
#include "modules/initial_rows.hpp"
#include "store/http.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

constexpr std::string_view bucket = "s3://bionty-assets/";

/// What was downloaded from a release's own address must be what its row says.
void check_download(const Record& release, const std::string& address, const fs::path& file) {
  const auto wanted = base::lower(release.text("md5"));
  if (wanted.empty() || address != release.text("url")) return;
  const auto found = base::file_md5(file.string());
  if (found == wanted) return;
  throw Error(Code::corrupt, fmt::format("what {} sent for {} {} has MD5 {}, not {}: it was changed or damaged on the "
                                         "way, and is not kept. Try again, or bring the file yourself",
                                         address, release.text("name"), release.text("version"), found, wanted));
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
  for (const auto suffix : release_suffixes()) {
    if (url.ends_with(suffix) && url != all.front().first) all.emplace_back(url, suffix);
  }
  return all;
}

[[noreturn]] void cannot_be_had(Instance& instance, const Record& release, const std::string& why) {
  const auto called = file_name_for(release);
  std::string original(modules::original_of(release.text("entity"), release.text("name")));
  if (original.empty()) original = release.text("url");
  auto text = fmt::format(
      "the terms of {} {} ({}, {}) are not here, and cannot be downloaded: {}. Bring a file of them{}: "
      "`lamin ontology add FILE` puts it where it is found; so does a folder that LAMIN_ONTOLOGIES names, in which it "
      "is called {}.obo, .owl, .json, .parquet or .csv",
      release.text("name"), release.text("version"), release.text("entity"), release.text("organism"), why,
      original.empty() ? "" : " (" + original + ")", called);
  if (const auto other = stand_in(instance, release))
    text += fmt::format(". Version {} is here", other->text("version"));
  throw Error(Code::unavailable, text);
}

fs::path downloaded(Instance& instance, const Record& release) {
  std::string why = "no server has them";
  std::optional<base::Progress> progress;
  const auto tell = [&](std::int64_t done, std::int64_t total) {
    if (!progress) {
      const auto size = total > 0 ? fmt::format(" ({})", base::size_text(total)) : "";
      progress.emplace([&](Level level, const Words& words) { instance.say(level, words); },
                       fmt::format("downloading {} {}{}", release.text("name"), release.text("version"), size), total);
    }
    progress->at(done);
  };
  for (const auto& [address, suffix] : addresses_of(release)) {
    const auto to = releases_folder() / (file_stem(release) + suffix);
    for (const auto& url : web_addresses(address)) {
      try {
        const auto check = [&](const fs::path& file) { check_download(release, address, file); };
        if (store::download({.url = url, .to = to, .progress = tell, .check = check})) return to;
      } catch (const Error& error) {
        if (error.code() != Code::unavailable) throw;
        why = error.what();
        while (why.ends_with('.')) why.pop_back();
      }
    }
  }
  cannot_be_had(instance, release, why);
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

/// A source of the registry's ontology that is known for another registry: chebi, of drugs, has compounds.
std::string told_of_other(Instance& instance, const std::string& registry) {
  std::string text = "no source is known for this registry";
  const auto* table = instance.catalog().find(registry);
  if (table == nullptr || table->registry->ontology.prefix.view().empty()) return text;
  const auto row = instance.database().first(
      {.registry = "bionty.Source",
       .where = Expr::compare("name", Op::iexact, Value(table->registry->ontology.prefix.view())),
       .order_by = {"-currently_used", "id"}});
  if (!row) return text;
  return text + fmt::format("; {} {}, known for {}, has such terms: add it as a source (`add_source(\"{}\")`)",
                            row->text("name"), row->text("version"), row->text("entity"), row->text("name"));
}

[[noreturn]] void no_release(Instance& instance, const std::string& registry, const ReleaseChoice& choice) {
  std::vector<std::string> known;
  for (const auto& one : releases(instance, registry, {})) {
    known.push_back(fmt::format("{} {} ({})", one.text("name"), one.text("version"), one.text("organism")));
  }
  throw Error(Code::not_found,
              fmt::format("No source record found for {}: {}", asked(registry, choice),
                          known.empty() ? told_of_other(instance, registry) : "there are " + base::join(known, ", ")));
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

std::optional<fs::path> downloaded_table(Instance& instance, const std::string& stem) {
  const auto name = stem + ".parquet";
  const auto to = releases_folder() / name;
  for (const auto& url : web_addresses(std::string(bucket) + name)) {
    try {
      if (store::download({.url = url, .to = to})) return to;
    } catch (const Error& error) {
      if (error.code() != Code::unavailable) throw;
      instance.say(Level::debug, error.what());
    }
  }
  return std::nullopt;
}

/// A release of the source for the registry or, where none is for it, for another one: what is known of drugs is of use
/// for compounds.
Record known_source(Instance& instance, const std::string& registry, const ReleaseChoice& choice) {
  try {
    return release_in_use(instance, registry, choice);
  } catch (const Error& error) {
    if (error.code() != Code::not_found || choice.name.empty() || !releases(instance, registry, {}).empty()) throw;
    std::vector<Expr> same{Expr::compare("name", Op::exact, Value(choice.name))};
    if (!choice.organism.empty()) same.push_back(Expr::compare("organism", Op::iexact, Value(choice.organism)));
    if (auto row = instance.database().first({.registry = "bionty.Source",
                                              .where = Expr::all_of(std::move(same)),
                                              .order_by = {"-currently_used", "id"}}))
      return std::move(*row);
    throw;
  }
}

bool has_releases(Instance& instance, const schema::Table& table) {
  return !releases(instance, table.qualified.str(), {}).empty();
}

}  // namespace lake

Record release_in_use(Instance& instance, std::string_view registry, const ReleaseChoice& choice) {
  const bool has_registry = lake::registry_of(registry) == registry;
  const auto* table = has_registry ? &instance.catalog().table(registry) : nullptr;
  const auto entity = table == nullptr ? std::string(registry) : table->qualified.str();
  if (choice.organism.empty() && choice.name.empty() && table != nullptr && lake::needs_organism(*table)) {
    throw Error(Code::not_configured,
                fmt::format("`organism` is required to get Source record for {}!", table->name.view()));
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
    if (error.code() != Code::not_found || (choice.version.empty() && choice.name.empty())) throw;
  }
  auto other = choice;
  other.version.clear();
  const bool has_registry = lake::registry_of(registry) == registry;
  const auto entity = has_registry ? instance.catalog().table(registry).qualified.str() : std::string(registry);
  const auto known = lake::known_source(instance, entity, other);
  Record release(known.table());
  for (const char* field : {"organism", "name", "version", "description", "url", "source_website"})
    release.set(field, known.at(field));
  release.set("entity", Value(entity));
  release.set("currently_used", Value(false));
  if (choice.version.empty() || choice.version == known.text("version")) return release;
  release.set("version", Value(choice.version));
  for (const auto& earlier : modules::earlier_releases()) {
    const bool same = earlier.entity == known.text("entity") && earlier.name == known.text("name") &&
                      base::lower(earlier.organism) == base::lower(known.text("organism"));
    if (!same || earlier.version != choice.version) continue;
    release.set("url", Value(earlier.url));
    // Tables of bionty's authors are made anew now and then; what a publisher released stays.
    if (!earlier.md5.empty() && !earlier.url.starts_with(lake::bucket)) release.set("md5", Value(earlier.md5));
    return release;
  }
  if (std::string url(known.text("url")), was(known.text("version")); !was.empty()) {
    for (auto at = url.find(was); at != url.npos; at = url.find(was, at + choice.version.size()))
      url.replace(at, was.size(), choice.version);
    release.set("url", Value(url));
  }
  return release;
}

}  // namespace lamin
