// build.cpp -- the terms of a release as a database of their own, made once for each file.
//
// Invariants
//   1. A reference gets its name when it is complete; its name says which file it was made from (size and time).
//   2. Nobody writes to it afterwards, so that any number of processes may read it.
//   3. One that cannot be opened was made by another program: it is made again.
#include <fmt/format.h>
#include <unistd.h>
#include <array>
#include <chrono>
#include <map>
#include <system_error>
#include <vector>
#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lake/label/scope.hpp"
#include "lake/reference/reference.hpp"
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
  import_file(*made, table.qualified, file,
              {.source = std::string(release.text("name")),
               .version = std::string(release.text("version")),
               .organism = organism});
}

/// Builds of killed processes; one that lives takes seconds.
void sweep_builds(const fs::path& place) {
  const auto prefix = place.filename().string() + ".";
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  std::error_code failed;
  std::vector<fs::path> dead;
  for (const auto& entry : fs::directory_iterator(place.parent_path(), failed)) {
    if (entry.path().filename().string().starts_with(prefix) && entry.last_write_time(failed) < old)
      dead.push_back(entry.path());
  }
  for (const auto& path : dead) fs::remove(path, failed);
}

fs::path place_of(const Record& release, const fs::path& file) {
  const auto changed = fs::last_write_time(file).time_since_epoch().count();
  constexpr int layout = 2;  // of the tables: a reference of another one is not opened
  const auto size = fs::is_directory(file) ? 0 : fs::file_size(file);  // a folder gets its place as a whole
  const auto made_from = fmt::format("{} {} {} {} {}", LAMIN_VERSION, layout, file.string(), size, changed);
  return releases_folder() / fmt::format("{}.{}.db", file_stem(release), base::derived_uid(made_from, 8));
}

}  // namespace

std::unique_ptr<Instance> open_reference(Instance& instance, const Record& release, const fs::path& file) {
  const auto place = place_of(release, file);
  std::error_code failed;
  if (fs::exists(place, failed)) {
    try {
      return instance_of(instance, release, opened(place, modules_of(release), false));
    } catch (const Error& error) {
      if (error.code() == Code::no_access) throw;
    }
  }
  fs::create_directories(place.parent_path(), failed);
  sweep_builds(place);
  const auto build = place.string() + fmt::format(".{}.{}", ::getpid(), base::random_uid(6));
  try {
    fill(instance, release, file, build);
    fs::rename(build, place);
  } catch (...) {
    fs::remove(build, failed);
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
  const auto place = place_of(release, file).string();
  auto& one = open[place];
  if (!one) one = open_reference(instance, release, file);
  return one;
}

}  // namespace

std::int64_t source_of(Instance& reference) {
  const auto row = reference.database().first(
      {.registry = "bionty.Source", .where = Expr::compare("in_db", Op::exact, Value(true)), .any_branch = true});
  if (!row) throw Error(Code::corrupt, "the terms of " + reference.settings().name + " are not complete");
  return row->id();
}

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
