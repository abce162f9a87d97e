// initial_rows.hpp -- what a new database contains before anybody works with it.
//
// These rows are part of the format: LaminDB looks for them by id and uid. The rows for user and storage belong to the
// instance and are written by its creator; the user is row 1, because branches and sources refer to it.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "lamin/value.hpp"

namespace lamin::modules {

/// A row by SQL names; a column left out has the database's default, or is null.
struct InitialRow {
  std::string_view table;
  std::vector<std::pair<std::string_view, Value>> values;
};

/// The space, the branches and, with bionty, the public sources, in an order that references allow.
std::vector<InitialRow> initial_rows(std::span<const std::string> modules);

/// A release of a public source that a new instance knows.
struct PublicSource {
  std::string_view entity, organism, name, version;
  bool used;  ///< the default for its registry and organism
  std::string_view description, url, website;
};
std::span<const PublicSource> public_sources();
/// A release that a new instance has no row for.
struct EarlierRelease {
  std::string_view entity, organism, name, version, url, md5;
};
std::span<const EarlierRelease> earlier_releases();
/// Which file its publisher offers, for somebody who fetches it: "Homo_sapiens.*.gtf.gz of https://..."; "" if the
/// address of the release says it.
std::string_view original_of(std::string_view entity, std::string_view source);

/// The changes that LaminDB would have applied to make the same tables (django_migrations: app, name). On SQLite it
/// starts from a packaged database with a longer history, which has bionty's tables whatever the modules are.
struct MigrationRow {
  std::string_view app, name;
};
std::vector<MigrationRow> migration_rows(std::span<const std::string> modules, bool sqlite);

}  // namespace lamin::modules
