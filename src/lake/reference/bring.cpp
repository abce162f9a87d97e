// bring.cpp -- files that somebody brought, into the cache, under the name by which their release is found.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <system_error>
#include <tuple>
#include "base/hash.hpp"
#include "base/text.hpp"
#include "format/format.hpp"
#include "format/formats.hpp"
#include "format/taxonomy.hpp"
#include "format/term_table.hpp"
#include "lake/label/scope.hpp"
#include "lake/reference/copy.hpp"
#include "lake/reference/files.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"
#include "modules/initial_rows.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

/// "cl" for terms called CL:..., that of most; identifiers of Cellosaurus have no colon.
std::string most_terms_are(const format::Terms& terms) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& term : terms.terms) {
    const auto colon = term.id.find(':');
    if (term.id.starts_with("CVCL_")) ++counts["cellosaurus"];
    else if (colon != term.id.npos && !term.name.empty()) ++counts[base::lower(term.id.substr(0, colon))];
  }
  const auto most = std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; });
  return most == counts.end() ? "" : most->first;
}

bool is_source(std::string_view name) {
  return std::ranges::any_of(modules::public_sources(), [&](const auto& one) { return one.name == name; });
}

/// What the content says; "" where it says nothing.
struct Content {
  ReleaseFile says;
  std::int64_t terms = 0;
  bool partial = false;
};

Content of_terms(const fs::path& file) {
  const auto terms = format::read_terms(file);
  auto name = base::lower(terms.ontology.substr(0, terms.ontology.find('/')));
  if (!is_source(name)) {
    if (auto most = most_terms_are(terms); is_source(most) || name.empty()) name = std::move(most);
  }
  if (name.find(':') != name.npos) name.clear();
  return {{.name = std::move(name), .version = terms.version},
          static_cast<std::int64_t>(terms.terms.size()),
          terms.partial};
}

Content content_of(const fs::path& file) {
  if (format::is_taxonomy(file)) return {{.name = "ncbitaxon", .organism = "all", .registry = "Organism"}, 0};
  const auto* known = format::format_of(file);
  if (known != nullptr && known->has_terms) return of_terms(file);
  if (auto table = format::read_term_table(file)) {
    const auto* ids = table->frame.find("ensembl_gene_id");
    if (table->organism.empty() && ids != nullptr && ids->size() > 0 && !ids->is_null(0))
      table->organism = organism_of_id(ids->text(0));
    return {{.name = table->source, .version = table->version, .organism = table->organism},
            table->frame.rows(),
            table->partial};
  }
  if (known != nullptr && known->slots != nullptr && known->shape == nullptr)
    return {{}, known->slots(file).front().frame.rows()};
  throw Error(Code::invalid_argument, fmt::format("'{}' is neither an ontology nor a table of terms", file.string()));
}

/// The caller's word, then the content's, then that of the file's name.
std::string first_of(const std::string& a, const std::string& b, const std::string& c) {
  return !a.empty() ? a : !b.empty() ? b : c;
}

ReleaseFile identified(const fs::path& file, const ReleaseChoice& choice, const Content& content) {
  auto named = named_release(file).value_or(ReleaseFile());
  if (!is_source(named.name) && !content.says.name.empty()) named = {};
  ReleaseFile release{.name = first_of(choice.name, content.says.name, named.name),
                      .version = first_of(choice.version, content.says.version, named.version),
                      .organism = first_of(choice.organism, content.says.organism, named.organism),
                      .registry = first_of("", content.says.registry, named.registry)};
  if (release.version.starts_with('v') && release.version.size() > 1 &&
      std::isdigit(static_cast<unsigned char>(release.version[1])) != 0)
    release.version.erase(0, 1);
  if (release.name.empty())
    throw Error(Code::invalid_argument, fmt::format("'{}' does not say which ontology it is: {}", file.string(),
                                                    Words(Remedy{Remedy::Verb::name_source}).in(Face::shell)));
  if (release.version.empty())
    throw Error(Code::invalid_argument, fmt::format("'{}' states no version: {}", file.string(),
                                                    Words(Remedy{Remedy::Verb::name_version}).in(Face::shell)));
  return release;
}

/// What the sources of this name call the organism.
std::string source_organism(const ReleaseFile& release) {
  const auto names = names_of_organism(release.organism);
  for (const auto& known : modules::public_sources()) {
    const bool same = known.name == release.name && std::ranges::find(names, known.organism) != names.end();
    if (same) return std::string(known.organism);
  }
  return names.front();
}

/// "human__ensembl__release-112.gtf.gz" where a source has one release for each organism; otherwise
/// "cl-2025-04-10.obo".
std::string name_for(const ReleaseFile& release, const fs::path& file) {
  const std::string suffix(release_suffix(file));
  const auto organism = release.organism.empty() ? "" : organism_part(source_organism(release));
  const bool several = !organism.empty() && organism != "all";
  auto name = several ? fmt::format("{}__{}__{}{}", organism, release.name, release.version, suffix)
                      : fmt::format("{}-{}{}", release.name, release.version, suffix);
  std::ranges::replace(name, ' ', '-');
  const bool plain = name.find('/') == name.npos && name.find('\\') == name.npos && !name.starts_with('.');
  if (!plain) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' cannot be the name of a file: pass a plain --source and --version", name));
  }
  return name;
}

bool same_content(const fs::path& a, const fs::path& b) {
  std::error_code failed;
  if (!fs::exists(b, failed)) return false;
  if (fs::is_regular_file(a, failed) && (fs::file_size(a, failed) != fs::file_size(b, failed) || failed)) return false;
  return base::hash_path(a).digest == base::hash_path(b).digest;
}

/// Other files of the same release in a folder; one of them may be found before this one.
std::vector<fs::path> others_of(const ReleaseFile& release, const fs::path& folder) {
  const auto any = [](const std::string& organism) { return organism.empty() || organism == "all"; };
  const auto organism = release.organism.empty() ? "" : organism_part(source_organism(release));
  std::vector<fs::path> others;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const auto one = named_release(entry.path());
    const bool is_file = !release_suffix(entry.path()).empty() || entry.is_directory(failed);
    if (!one || !is_file || entry.path() == release.path) continue;
    const bool same = one->name == release.name && one->version == release.version &&
                      (any(one->organism) || any(organism) || one->organism == organism);
    if (same) others.push_back(entry.path());
  }
  return others;
}

/// Of several files of a release in the cache the latest is read (files.cpp): this one, from now on.
void make_latest(const ReleaseFile& release) {
  std::error_code failed;
  const auto time = fs::last_write_time(release.path, failed);
  for (const auto& other : others_of(release, releases_folder())) {
    if (fs::last_write_time(other, failed) < time) continue;
    fs::last_write_time(release.path, fs::file_time_type::clock::now(), failed);
  }
}

void warn_of_own(const ReleaseFile& release, const Tell& tell) {
  for (const auto& folder : own_folders()) {
    for (const auto& other : others_of(release, folder)) {
      tell(Level::warning,
           fmt::format("'{}' is read instead: the folders of LAMIN_ONTOLOGIES come before the cache", other.string()));
    }
  }
}

/// Whether the sources of this name are each for an organism, so that a file must be for one, too.
bool is_per_organism(const ReleaseFile& release) {
  int known = 0, all = 0;
  for (const auto& one : modules::public_sources()) {
    known += one.name == release.name ? 1 : 0;
    all += one.name == release.name && one.organism == "all" ? 1 : 0;
  }
  return known > 1 && all == 0;
}

/// Which version is in use, if it is another one.
std::string told_use(const ReleaseFile& release) {
  std::string text;
  for (const auto& known : modules::public_sources()) {
    const bool of_it =
        known.name == release.name && (release.organism.empty() || known.organism == source_organism(release));
    if (!of_it || !text.empty()) continue;
    if (known.version == release.version) return ", the version that new instances use";
    text = fmt::format("; new instances use {}: name this version to have it", known.version);
  }
  return text.empty() ? "; no registry's sources have this name: name it where you use it" : text;
}

/// "2 terms, a part of the release", or the file's name where nobody counted.
std::string told_content(const Content& content, const fs::path& file) {
  auto text = content.terms > 0 ? fmt::format("{} term{}", content.terms, content.terms == 1 ? "" : "s")
                                : file.filename().string();
  return content.partial ? text + ", a part of the release" : text;
}

ReleaseFile bring(const fs::path& file, const ReleaseChoice& choice, const Tell& tell) {
  const auto content = content_of(file);
  auto release = identified(file, choice, content);
  if (release.organism.empty() && is_per_organism(release)) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' does not say which organism it is for, and {} has a release for each: pass "
                            "`--organism`",
                            file.string(), release.name));
  }
  release.path = releases_folder() / name_for(release, file);
  release.where = "cache";
  const bool there = same_content(file, release.path);
  if (!there) copy_durably(file, release.path);
  make_latest(release);
  if (tell) {
    tell(Level::success, fmt::format("{} {} ({}) is {} the cache{}", release.name, release.version,
                                     told_content(content, file), there ? "already in" : "now in", told_use(release)));
    warn_of_own(release, tell);
  }
  return release;
}

void list_folder(const fs::path& folder, const std::string& where, std::vector<ReleaseFile>& into) {
  std::error_code failed;
  std::vector<ReleaseFile> found;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (!entry.is_regular_file(failed) || release_suffix(entry.path()).empty()) continue;
    auto one = named_release(entry.path());
    if (!one) continue;
    one->path = entry.path();
    one->where = where;
    found.push_back(std::move(*one));
  }
  std::ranges::sort(found, {}, [](const auto& one) { return std::tie(one.name, one.version, one.organism); });
  std::ranges::move(found, std::back_inserter(into));
}

}  // namespace
}  // namespace lake

std::vector<ReleaseFile> bring_releases(const fs::path& path, const ReleaseChoice& choice, const Tell& tell) {
  std::error_code failed;
  if (!fs::exists(path, failed)) throw Error(Code::not_found, fmt::format("'{}' does not exist", path.string()));
  if (!fs::is_directory(path, failed) || format::is_taxonomy(path)) return {lake::bring(path, choice, tell)};
  std::vector<ReleaseFile> brought;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_regular_file(failed) && !lake::release_suffix(entry.path()).empty()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const auto& file : files) {
    try {
      brought.push_back(lake::bring(file, choice, tell));
    } catch (const Error& error) {
      if (tell) tell(Level::warning, fmt::format("{} is left out: {}", file.filename().string(), error.what()));
    }
  }
  if (brought.empty())
    throw Error(Code::invalid_argument, fmt::format("'{}' has no file of a release that could be read", path.string()));
  return brought;
}

std::vector<ReleaseFile> release_files() {
  std::vector<ReleaseFile> all;
  for (const auto& folder : lake::own_folders()) lake::list_folder(folder, "yours", all);
  lake::list_folder(lake::releases_folder(), "cache", all);
  if (const auto own = lake::carried_folder(); !own.empty()) lake::list_folder(own, "subset of the program", all);
  return all;
}

}  // namespace lamin
