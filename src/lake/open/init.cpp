// init.cpp -- creates a new instance, all or nothing.
//
// Invariants
//   1. A SQLite file gets its name when it is complete; a PostgreSQL database is filled in one transaction. A killed
//      init leaves a file that is never opened and that the next init removes.
//   2. The marker and the settings come after the database. An init that was killed in between is completed by the next
//      one, which finds the database and the storage in it.
//   3. A second init, in another process, finds the first one's instance and connects.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include "base/file.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/uid.hpp"
#include "base/visible.hpp"
#include "db/connection.hpp"
#include "db/url.hpp"
#include "lake/instance/bucket_database.hpp"
#include "lake/instance/marker.hpp"
#include "lake/instance/owner.hpp"
#include "lake/instance/settings_file.hpp"
#include "lake/open/open.hpp"
#include "lamin/plugin.hpp"
#include "lamin/source.hpp"
#include "lamin/storage.hpp"
#include "modules/initial_rows.hpp"
#include "modules/modules.hpp"
#include "registry/migrate.hpp"
#include "store/store.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

constexpr std::string_view build_mark = ".init-";

bool is_remote(std::string_view storage) { return Uri::parse(storage).has_value(); }

std::string last_part(const std::string& root) {
  const auto uri = Uri::parse(root);
  if (!uri) return fs::path(root).filename().string();
  return uri->key.empty() ? uri->place : fs::path(uri->key).filename().string();
}

std::string name_of(const InitOptions& options, const std::string& root) {
  std::string name = options.name;
  if (name.empty() && options.db.starts_with("postgres")) {
    name = db::parse_url(options.db).name;
  } else if (name.empty()) {
    std::error_code ignored;
    const bool initial = options.storage == InitOptions().storage;
    name = base::lower(initial ? fs::current_path(ignored).filename().string() : last_part(root));
  }
  const auto shown = base::visible_line(name);
  if (name.empty() || name.find('/') != std::string::npos || shown != name) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' cannot be the name of an instance: it must not be empty or contain '/' or control "
                            "characters; pass another --name",
                            shown));
  }
  return name;
}

using Plugins = std::span<const schema::Module>;

bool is_plugin(Plugins plugins, std::string_view name) {
  return std::ranges::any_of(plugins, [&](const auto& m) { return m.name == name; });
}

/// Where the bucket is. The first request to it: whatever is wrong with the address or the credentials is said here.
std::string region_of(const InstanceSettings& settings) {
  const auto store = store::open_store(settings.storage_root);
  static_cast<void>(store->stat(marker_key));
  return store->region();
}

InstanceSettings settings_for(const InitOptions& options, Plugins plugins) {
  InstanceSettings settings;
  settings.owner = current_user().handle;
  settings.storage_root = storage_root(options.storage);
  settings.name = name_of(options, settings.storage_root);
  settings.db = options.db;
  if (is_remote(settings.storage_root)) settings.storage_region = region_of(settings);
  settings.modules = options.modules;
  std::erase(settings.modules, "");
  auto builtin = settings.modules;
  std::erase_if(builtin, [&](const auto& name) { return is_plugin(plugins, name); });
  static_cast<void>(modules::builtin(builtin));  // throws for an unknown module
  for (const auto& plugin : plugins) {
    if (std::ranges::find(settings.modules, plugin.name.view()) == settings.modules.end())
      settings.modules.push_back(plugin.name.str());
  }
  check_plugins(plugins);
  if (!settings.db.empty()) static_cast<void>(db::parse_url(settings.db));
  const char* fixed = std::getenv("LAMINDB_INSTANCE_ID_INIT");
  settings.id = fixed != nullptr && *fixed != '\0' ? fixed : base::uuid5_url(settings.slug());
  std::erase(settings.id, '-');
  static_cast<void>(to_env(settings));  // throws for values that cannot be stored
  return settings;
}

// Makes sure that the storage folder exists and is writable; changes nothing else. For an existing instance it may be
// read-only.
void check_holder_of(const InstanceSettings& settings, const std::optional<StorageMarker>& marker) {
  if (!marker || marker->slug.empty() || marker->slug == settings.slug()) return;
  std::error_code ignored;
  const bool holds = fs::exists(fs::path(settings.storage_root) / ".lamindb" / "lamin.db", ignored);
  throw Error(Code::conflict, fmt::format("the storage '{}' is managed by the instance '{}'; `lamin connect {}` "
                                          "opens it, or choose another folder for '{}'",
                                          settings.storage_root, marker->slug,
                                          holds ? settings.storage_root : marker->slug, settings.slug()));
}

void check_storage(const InstanceSettings& settings) {
  const auto marker = read_marker(settings.storage_root);
  if (is_remote(settings.storage_root)) return check_holder_of(settings, marker);
  const auto folder = fs::path(settings.storage_root) / ".lamindb";
  std::error_code failed;
  fs::create_directories(folder, failed);
  const bool takes_files = !failed && ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
  if (!takes_files && !marker) {
    const auto why = failed ? failed.message() : std::string(std::strerror(errno));
    throw Error(Code::no_access, fmt::format("the storage '{}' cannot be written: {}; choose a folder of yours with "
                                             "--storage",
                                             settings.storage_root, why));
  }
  check_holder_of(settings, marker);
}

// The user and the storage of this instance.
std::vector<modules::InitialRow> own_rows(const InstanceSettings& settings, const std::string& storage_uid) {
  const auto user = current_user();
  const auto uri = Uri::parse(settings.storage_root);
  modules::InitialRow person{"lamindb_user", {{"id", 1}, {"uid", user.uid}, {"handle", user.handle}}};
  if (!user.name.empty()) person.values.emplace_back("name", user.name);
  return {std::move(person),
          {"lamindb_storage",
           {{"uid", storage_uid},
            {"root", settings.storage_root},
            {"type", uri ? uri->scheme : "local"},
            {"region", settings.storage_region.empty() ? Value() : Value(settings.storage_region)},
            {"instance_uid", settings.uid()},
            {"branch_id", 1},
            {"created_on_id", 1},
            {"space_id", 1},
            {"created_by_id", 1}}}};
}

// Tables and first rows, in one transaction.
void fill(Database& database, const InstanceSettings& settings, const std::string& storage_uid) {
  registry::create(database, settings.modules, [&] { registry::put_rows(database, own_rows(settings, storage_uid)); });
}

// A file that nobody uses yet needs no journal: it is made durable once, when it is complete.
void fill_sqlite(const std::string& file, const InstanceSettings& settings, Plugins plugins,
                 const std::string& storage_uid) {
  {
    auto connection = db::open_connection("sqlite://" + file, {.create = true});
    connection->script("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF");
    Database database(std::move(connection),
                      registry::catalog_for({}, modules::stored(settings.modules, true), plugins));
    fill(database, settings, storage_uid);
    database.connection().script("PRAGMA journal_mode = WAL");
  }
  base::sync_path(file);
}

std::string storage_uid_for(const InstanceSettings& settings) {
  const auto marker = read_marker(settings.storage_root);
  return marker && marker->uid.size() == 12 ? marker->uid : base::random_uid(12);
}

// Removes files that a killed init left next to the database.
void sweep_builds(const fs::path& file) {
  const auto prefix = file.filename().string() + std::string(build_mark);
  std::error_code failed;
  std::vector<fs::path> dead;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), failed)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    auto owner = name.substr(prefix.size(), name.find_first_of(".-", prefix.size()) - prefix.size());
    std::replace(owner.begin(), owner.end(), '_', '/');
    std::replace(owner.begin(), owner.end(), '+', '-');
    if (life_of(owner) == Life::dead) dead.push_back(entry.path());
  }
  for (const auto& path : dead) fs::remove(path, failed);
}

// Builds the file under a temporary name and renames it. False if another process was first.
bool make_sqlite(const InstanceSettings& settings, Plugins plugins) {
  const auto file = database_file(settings);
  sweep_builds(file);
  auto owner = this_owner();
  std::replace(owner.begin(), owner.end(), '/', '_');
  std::replace(owner.begin(), owner.end(), '-', '+');
  const auto build = file.string() + std::string(build_mark) + owner + "." + base::random_uid(6);
  try {
    fill_sqlite(build, settings, plugins, storage_uid_for(settings));
  } catch (...) {
    std::error_code ignored;
    for (const auto* tail : {"", "-wal", "-shm", "-journal"}) fs::remove(build + tail, ignored);
    throw;
  }
  const bool first = ::link(build.c_str(), file.c_str()) == 0;
  const int error = errno;
  if (first) base::sync_path(file.parent_path());
  ::unlink(build.c_str());
  if (!first && error != EEXIST) {
    throw Error(Code::unavailable, fmt::format("cannot make '{}': {}", file.string(), std::strerror(error)));
  }
  return first;
}

void check_holder(const InstanceSettings& settings, const registry::FirstStorage& holder) {
  if (holder.instance_uid == settings.uid() && holder.root == settings.storage_root) return;
  if (holder.instance_uid == settings.uid()) {
    throw Error(Code::conflict,
                fmt::format("the instance '{}' exists already, with storage '{}'; connect to it with "
                            "`lamin connect {}`, or choose another --name",
                            settings.slug(), holder.root,
                            is_sqlite(settings) && settings.db.empty() ? settings.storage_root : settings.slug()));
  }
  throw Error(Code::conflict,
              fmt::format("the database '{}' holds another instance, with storage '{}'; connect to that "
                          "one, or pass another --db or --storage",
                          db::parse_url(settings.database_url()).describe(), holder.root));
}

// False if the instance was there already.
bool make_database(const InstanceSettings& settings, Plugins plugins) {
  if (const auto bucket = BucketDatabase::of(settings)) {
    if (bucket->create([&] { make_sqlite(settings, plugins); })) return true;
    bucket->refresh();
  }
  if (is_sqlite(settings)) {
    if (!fs::exists(database_file(settings)) && make_sqlite(settings, plugins)) return true;
    const auto connection = db::open_connection(settings.database_url());
    if (const auto holder = registry::first_storage(*connection)) {
      check_holder(settings, *holder);
      return false;
    }
    throw Error(Code::conflict, fmt::format("'{}' is there already and is no instance; move it away, or choose another "
                                            "--storage",
                                            database_file(settings).string()));
  }
  auto connection = db::open_connection(settings.database_url());
  // Taken before the transaction begins, so that it sees what the previous holder did; held until the connection
  // closes.
  const Value lock[] = {Value(std::int64_t{0x6c616d696e})};
  static_cast<void>(connection->query("SELECT pg_advisory_lock(?)", lock)->next());
  if (const auto holder = registry::first_storage(*connection)) {
    check_holder(settings, *holder);
    return false;
  }
  Database database(std::move(connection),
                    registry::catalog_for({}, modules::stored(settings.modules, false), plugins));
  fill(database, settings, storage_uid_for(settings));
  return true;
}

// Settings of an existing instance with this name elsewhere must not be overwritten.
void check_known(const InstanceSettings& settings) {
  const auto text = read_text_file(instance_file(settings.owner, settings.name));
  if (!text) return;
  const auto known = from_env(*text, instance_file(settings.owner, settings.name));
  const bool same_database = known.database_url() == settings.database_url();
  if (same_database && known.storage_root == settings.storage_root) return;
  if (is_sqlite(known) && !fs::exists(database_file(known))) return;  // deleted by hand
  if (!is_sqlite(known) && same_database) return;                     // the database itself decides
  throw Error(Code::conflict, fmt::format("the instance '{}' exists already, with storage '{}'; connect to it with "
                                          "`lamin connect {}`, or choose another --name",
                                          settings.slug(), known.storage_root, settings.slug()));
}

void write_files(Instance& instance, const InitOptions& options) {
  const auto& settings = instance.settings();
  const auto marker = read_marker(settings.storage_root);
  const std::string uid(instance.storage().uid());
  if (!marker || marker->uid != uid || marker->slug != settings.slug()) {
    write_marker(settings.storage_root, {uid, settings.slug(), settings.id, settings.uid()});
  }
  write_settings(settings);
  ensure_user_file();
  set_current(settings, options.here.empty() ? fs::current_path() : options.here);
}

}  // namespace
}  // namespace lake

std::unique_ptr<Instance> init(const InitOptions& options) { return init(options, {}); }

std::unique_ptr<Instance> init(const InitOptions& options, std::span<const schema::Module> plugins) {
  auto settings = lake::settings_for(options, plugins);
  try {
    lake::check_known(settings);
    lake::check_storage(settings);
    const bool made = lake::make_database(settings, plugins);
    auto instance = lake::open_instance(std::move(settings));
    lake::write_files(*instance, options);
    instance->push();
    instance->say(Level::important,
                  fmt::format("{} lamindb: {}{}", made ? "initialized" : "connected", instance->settings().slug(),
                              instance->database().read_only() ? " (may only be read)" : ""));
    lake::warn_if_anonymous(*instance);
    return instance;
  } catch (Error& e) {
    e.add_context(fmt::format("while initializing instance in '{}'", options.storage));
    throw;
  }
}

void delete_instance(std::string_view slug, bool force) {
  const auto settings = find_settings(slug);
  const auto bucket = lake::BucketDatabase::of(settings);
  const bool alive =
      bucket ? bucket->exists() : !lake::is_sqlite(settings) || fs::exists(lake::database_file(settings));
  if (alive && !force) {
    const auto instance = lake::open_instance(settings);
    Query query;
    query.registry = "Artifact";
    query.any_branch = true;
    query.where = Expr::compare("storage", Op::exact, instance->storage().id());
    if (const auto n = instance->database().count(query); n > 0) {
      throw Error(Code::conflict, fmt::format("the storage '{}' of '{}' holds {} artifacts; delete them first, or pass "
                                              "--force",
                                              settings.storage_root, settings.slug(), n));
    }
  }
  if (alive && bucket) bucket->remove();
  if (alive && !bucket && lake::is_sqlite(settings)) {
    const auto folder = lake::database_file(settings).parent_path();
    if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
      throw Error(Code::no_access, fmt::format("the database '{}' cannot be deleted: {}; ask its owner",
                                               lake::database_file(settings).string(), std::strerror(errno)));
  }
  std::error_code ignored;
  if (const auto pointer = lake::pointer_folder()) {
    const auto here = lake::read_text_file(*pointer / ".lamin" / "current_instance");
    if (here && base::trim(*here) == settings.slug()) disconnect(*pointer);
  }
  const auto global = lake::settings_path("current_instance.env");
  if (const auto text = lake::read_text_file(global); text && lake::from_env(*text, global).slug() == settings.slug()) {
    disconnect();
  }
  if (lake::is_sqlite(settings)) {
    for (const auto* tail : {"", "-wal", "-shm"}) fs::remove(lake::database_file(settings).string() + tail, ignored);
  }
  const auto marker = lake::read_marker(settings.storage_root);
  if (marker && marker->slug == settings.slug()) lake::remove_marker(settings.storage_root);
  if (!lake::is_remote(settings.storage_root)) {
    fs::remove(fs::path(settings.storage_root) / ".lamindb", ignored);  // only if nothing is left in it
  }
  fs::remove(lake::instance_file(settings.owner, settings.name), ignored);
}

}  // namespace lamin
