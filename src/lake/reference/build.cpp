// build.cpp -- the terms of a release as a database of their own, made once for each file.
//
// Invariants
//   1. A reference gets its name when it is complete; its name says which file it was made from (size and time).
//   2. Nobody writes to it afterwards, so that any number of processes may read it.
//   3. One that cannot be opened was made by another program: it is made again.
//   4. It is in the cache, or, for a user who may not write there, in a folder of their own (shelves.hpp).
#include <fmt/format.h>
#include <unistd.h>
#include <array>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/label/scope.hpp"
#include "lake/reference/reference.hpp"
#include "lake/reference/shelves.hpp"
#include "lamin/error.hpp"
#include "modules/modules.hpp"
#include "registry/bulk_load.hpp"
#include "registry/carried.hpp"
#include "registry/migrate.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

std::vector<std::string> modules_of(const Record& release) {
  const std::string entity = registry_of(release.text("entity"));
  std::vector<std::string> modules{"bionty"};
  if (const auto module = entity.substr(0, entity.find('.')); module != "bionty") modules.push_back(module);
  return modules;
}

std::unique_ptr<Database> opened(const fs::path& file, const std::vector<std::string>& modules, bool make) {
  auto connection = db::open_connection("sqlite://" + file.string(), {.create = make, .read_only = !make});
  return std::make_unique<Database>(std::move(connection),
                                    registry::catalog_for({}, modules::stored(modules, true), {}));
}

std::unique_ptr<Instance> instance_of(Instance& user, const Record& release, std::unique_ptr<Database> database) {
  InstanceSettings settings;
  settings.owner = "public";
  settings.name = fmt::format("{}-{}", release.text("name"), release.text("version"));
  settings.storage_root = releases_folder().string();
  settings.modules = modules_of(release);
  settings.id = base::uuid5_url(settings.slug());
  std::erase(settings.id, '-');
  auto made = std::make_unique<Instance>(std::move(settings), user.user(), std::move(database));
  made->session().messages = user.session().messages;
  return made;
}

/// The rows that others refer to.
void put_first_rows(Database& database, const std::vector<std::string>& modules) {
  const std::vector<modules::InitialRow> rows{{"lamindb_user", {{"id", 1}, {"uid", "00000000"}, {"handle", "public"}}}};
  registry::create(database, modules, [&] { registry::put_rows(database, rows); });
}

/// Genes and the like need a row for their organism, which may be one that nobody has registered.
void put_organism(Instance& made, const schema::Table& table, const std::string& name) {
  if (!needs_organism(table) || find_organism(made, name) || is_known_organism(name)) return;
  const auto& organisms = made.catalog().table("bionty.Organism");
  Record row(organisms);
  row.set("uid", base::derived_uid(name, organisms.uid_size));
  row.set("name", Value(name));
  registry::Writes(made.database()).save(row);
}

void fill(Instance& user, const Record& release, const fs::path& file, const fs::path& to) {
  auto database = opened(to, modules_of(release), true);
  database->connection().script("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -131072");
  put_first_rows(*database, modules_of(release));
  const auto made = instance_of(user, release, std::move(database));
  const auto& table = made->catalog().table(registry_of(release.text("entity")));
  const std::string organism(release.text("organism"));
  put_organism(*made, table, organism);
  const std::array<std::string_view, 4> looked_up{table.name_field.view(), table.id_field.view(), "ontology_id",
                                                  "ensembl_gene_id"};
  registry::keep_indexes(made->database(), table, looked_up);
  const auto report = import_file(*made, table.qualified, file,
                                  {.source = std::string(release.text("name")),
                                   .version = std::string(release.text("version")),
                                   .organism = organism});
  auto& connection = made->database().connection();
  connection.script("CREATE TABLE lamin_reference (source integer NOT NULL, partial integer NOT NULL)");
  const std::array<Value, 2> what{
      Value(report.source.id()), Value(static_cast<std::int64_t>(report.source.at("in_db").boolean_or(false) ? 0 : 1))};
  connection.execute("INSERT INTO lamin_reference (source, partial) VALUES (?, ?)", what);
  // Two releases are compared by the digests of their terms, and by what those were called before: few of the hundreds
  // of thousands of facts.
  connection.script(
      "CREATE INDEX IF NOT EXISTS lamin_term_fact_alt_id ON lamin_term_fact (value) WHERE kind = 'alt_id';"
      "CREATE INDEX IF NOT EXISTS lamin_term_head ON lamin_term (source, term, obsolete, digest)");
}

/// "df_all__cl__2026-03-26__CellType.AbCdEf12.db"
std::string name_of(const Record& release, const fs::path& file) {
  const auto changed = fs::last_write_time(file).time_since_epoch().count();
  constexpr int layout = 4;  // of the tables: a reference of another one is not opened
  const auto size = fs::is_directory(file) ? 0 : fs::file_size(file);  // a folder gets its place as a whole
  const auto made_from = fmt::format("{} {} {} {} {}", LAMIN_VERSION, layout, file.string(), size, changed);
  return fmt::format("{}.{}.db", file_stem(release), base::derived_uid(made_from, 8));
}

/// Null if there is none, or one that cannot be read.
std::unique_ptr<Instance> found_in(const fs::path& folder, Instance& instance, const Record& release,
                                   const std::string& name) {
  std::error_code failed;
  if (!fs::exists(folder / name, failed)) return nullptr;
  try {
    auto found = instance_of(instance, release, opened(folder / name, modules_of(release), false));
    mark_used(folder / name);
    return found;
  } catch (const Error& error) {
    if (error.code() == Code::no_access) throw;
    return nullptr;
  }
}

}  // namespace

std::unique_ptr<Instance> open_reference(Instance& instance, const Record& release, const fs::path& file) {
  const auto name = name_of(release, file);
  auto folder = releases_folder();
  if (auto there = found_in(folder, instance, release, name)) return there;
  if (!is_writable(folder)) {
    folder = folder_of_ones_own();
    if (auto there = found_in(folder, instance, release, name)) return there;
  }
  const auto place = folder / name;
  sweep_references(place);
  const auto build = place.string() + fmt::format(".{}.{}", ::getpid(), base::random_uid(6));
  try {
    fill(instance, release, file, build);
    fs::rename(build, place);
  } catch (...) {
    std::error_code ignored;
    fs::remove(build, ignored);
    throw;
  }
  return instance_of(instance, release, opened(place, modules_of(release), false));
}

namespace {

using Open = std::map<std::string, std::shared_ptr<Instance>>;

std::shared_ptr<Instance> kept_open(Instance& instance, const Record& release, const fs::path& file) {
  auto& attached = instance.database().attachment("references");
  if (!attached) attached = std::make_shared<Open>();
  auto& open = *static_cast<Open*>(attached.get());
  auto& one = open[name_of(release, file)];
  if (!one) one = open_reference(instance, release, file);
  return one;
}

}  // namespace

namespace {

/// (the row of bionty.Source, whether it has a part of the release's terms)
std::pair<std::int64_t, bool> what_it_is(Instance& reference) {
  auto& connection = reference.database().connection();
  if (connection.table_exists("lamin_reference")) {
    auto rows = connection.query("SELECT source, partial FROM lamin_reference");
    if (rows->next()) return {rows->integer(0), rows->integer(1) != 0};
  }
  throw Error(Code::corrupt, "the terms of " + reference.settings().name + " are not complete");
}

}  // namespace

std::int64_t source_of(Instance& reference) { return what_it_is(reference).first; }

bool is_partial(Instance& reference) { return what_it_is(reference).second; }

std::shared_ptr<Instance> reference_at_hand(Instance& instance, const Record& release) {
  const auto file = file_at_hand(instance, release);
  return file ? kept_open(instance, release, *file) : nullptr;
}

std::shared_ptr<Instance> reference(Instance& instance, const Record& release) {
  return kept_open(instance, release, release_file(instance, release));
}

}  // namespace lake

std::unique_ptr<Instance> open_release(Instance& instance, const Record& release) {
  return lake::open_reference(instance, release, release_file(instance, release));
}

}  // namespace lamin
