// folder.cpp -- connects to the instance whose storage a folder is, wherever the folder is now.
//
// Invariants
//   1. Of a copy and its original, both within reach, the original is the instance, unless the caller decides
//   otherwise:
//      they have one name and one uid, and rows written to both would part.
//   2. The registry of storages states where the folder is now before anything reads or writes below it.
//   3. The settings are written last: an attempt that was killed in between is completed by the next one.
#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <vector>
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/visible.hpp"
#include "db/connection.hpp"
#include "lake/instance/bucket_database.hpp"
#include "lake/instance/marker.hpp"
#include "lake/instance/settings_file.hpp"
#include "lake/open/open.hpp"
#include "lamin/settings.hpp"
#include "lamin/source.hpp"
#include "lamin/storage.hpp"
#include "modules/modules.hpp"
#include "registry/carried.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace lake {
namespace {

constexpr std::string_view initial_storage = "storage";  // what `lamin init` makes in a folder

bool holds_database(const fs::path& root) {
  std::error_code ignored;
  return fs::is_regular_file(root / database_key, ignored);
}

// The storage itself; for a folder in which `lamin init` was called, the storage in it.
fs::path storage_in(const fs::path& folder) {
  std::error_code failed;
  auto root = base::resolve(folder);
  const auto shown = base::visible_line(root.string());
  if (!fs::is_directory(root, failed)) throw Error(Code::not_found, fmt::format("there is no folder '{}'", shown));
  if (holds_database(root)) return root;
  if (holds_database(root / initial_storage)) return root / initial_storage;
  if (const auto marker = read_marker(root.string()); marker && !marker->slug.empty()) {
    throw Error(Code::not_found, fmt::format("'{}' is a storage of the instance '{}', whose database is not in it; "
                                             "connect by name: `lamin connect {}`",
                                             shown, marker->slug, marker->slug));
  }
  throw Error(Code::not_found, fmt::format("'{}' holds no instance: there is no '{}' in it; `lamin init --storage {}` "
                                           "makes one",
                                           shown, database_key, shown));
}

StorageMarker mark_of(const std::string& root) {
  const auto marker = read_marker(root);
  if (marker && base::split(marker->slug, '/').size() == 2 && !marker->instance_id.empty()) return *marker;
  throw Error(Code::corrupt,
              fmt::format("'{}' has a database, but '{}' does not say whose it is; copy this file along with it", root,
                          marker_place(root)));
}

// Those that this machine has for the name, otherwise what the mark says.
InstanceSettings settings_for(const std::string& root, const StorageMarker& mark) {
  const auto parts = base::split(mark.slug, '/');
  const auto file = instance_file(parts[0], parts[1]);
  InstanceSettings settings;
  if (const auto text = read_text_file(file)) settings = from_env(*text, file);
  settings.owner = parts[0];
  settings.name = parts[1];
  settings.id = mark.instance_id;
  std::erase(settings.id, '-');
  settings.storage_root = root;
  settings.db.clear();
  return settings;
}

std::vector<Record> local_storages(Database& database) {
  return database.all({.registry = "Storage",
                       .where = Expr::compare("type", Op::exact, Value(std::string_view("local"))),
                       .any_branch = true});
}

std::optional<Record> storage_with(Database& database, const std::string& uid) {
  return database.first(
      {.registry = "Storage", .where = Expr::compare("uid", Op::exact, Value(uid)), .any_branch = true});
}

// What the database says of itself, before anything is changed in it.
struct Stated {
  std::string root;
  std::vector<std::string> modules;
};

Stated stated(const InstanceSettings& settings, const StorageMarker& mark) {
  auto connection = db::open_connection(settings.database_url(), {.read_only = true});
  const auto there = registry::carried(*connection);
  Stated found;
  if (connection->table_exists("wetlab_compound")) found.modules.emplace_back("pertdb");
  Database database(std::move(connection), registry::catalog_for(there, modules::stored({}, true)));
  if (const auto row = storage_with(database, mark.uid)) found.root = row->text("root");
  if (found.root.empty()) {
    throw Error(Code::corrupt, fmt::format("the database in '{}' has no storage '{}', which '{}' states; put the file "
                                           "back that belongs to it",
                                           settings.storage_root, mark.uid, marker_place(settings.storage_root)));
  }
  // SQLite has bionty's tables always, and its sources where it was asked for.
  if (database.exists({.registry = "bionty.Source"})) found.modules.emplace_back("bionty");
  return found;
}

// Refuses a copy of an instance that is still where it was, and a namesake of another one.
void check_place(const InstanceSettings& settings, const StorageMarker& mark, const std::string& root) {
  std::vector<std::string> places = {root};
  const auto file = instance_file(settings.owner, settings.name);
  if (const auto text = read_text_file(file)) places.push_back(from_env(*text, file).storage_root);
  for (const auto& place : places) {
    std::error_code ignored;
    if (place == settings.storage_root || fs::equivalent(place, settings.storage_root, ignored)) continue;
    const auto other = read_marker(place);
    if (!other || other->slug != settings.slug() || !holds_database(place)) continue;
    const bool same = other->uid == mark.uid;
    throw Error(Code::conflict,
                fmt::format("'{}' {} the instance '{}', which is at '{}'; connect to that one by its name, or let this "
                            "folder take its place (`--replace`, in Python `replace=True`)",
                            settings.storage_root, same ? "is a copy of" : "has the name of", settings.slug(), place));
  }
}

// The rows of the folder and of storages below it.
void state_place(Database& database, const std::string& was, const std::string& now) {
  if (was == now) return;
  if (database.read_only()) {
    throw Error(Code::no_access, fmt::format("'{}' was moved from '{}', which its database must be told, but it may "
                                             "only be read; make it writable for the first connection",
                                             now, was));
  }
  database.transaction([&] {
    for (auto& row : local_storages(database)) {
      const std::string root(row.text("root"));
      if (root != was && !root.starts_with(was + "/")) continue;
      const auto moved = now + root.substr(was.size());
      std::error_code ignored;
      if (root != was && !fs::is_directory(moved, ignored)) continue;
      row.set("root", Value(moved));
      registry::Writes(database).save(row);
    }
  });
}

}  // namespace

bool means_folder(std::string_view text) {
  for (const std::string_view start : {"/", "./", "../"}) {
    if (text.starts_with(start)) return true;
  }
  if (text == "." || text == "..") return true;
  if (text.empty() || text.find("://") != std::string_view::npos) return false;
  std::error_code ignored;
  const auto parts = base::split(text, '/');
  const bool known =
      parts.size() <= 2 &&
      fs::exists(instance_file(parts.size() == 2 ? parts[0] : current_user().handle, parts.back()), ignored);
  return !known && fs::is_directory(fs::path(std::string(text)) / ".lamindb", ignored);
}

bool means_bucket(std::string_view text) {
  const auto uri = Uri::parse(text);
  return uri && uri->scheme != "file" && !uri->scheme.starts_with("http") && uri->scheme != "lamin";
}

std::unique_ptr<Instance> connect_bucket(const std::string& given) {
  try {
    const auto root = storage_root(given);
    const auto mark = mark_of(root);
    auto settings = settings_for(root, mark);
    const auto bucket = BucketDatabase::of(settings);
    if (!bucket->exists()) {
      throw Error(Code::not_found, fmt::format("'{}' is a storage of the instance '{}', whose database is not in it; "
                                               "connect by name: `lamin connect {}`",
                                               root, mark.slug, mark.slug));
    }
    bucket->refresh();
    auto there = stated(settings, mark);
    if (settings.modules.empty()) settings.modules = std::move(there.modules);
    // Another spelling of the same place: the database's own is the one that its rows are found by.
    settings.storage_root = there.root;
    auto instance = open_instance(std::move(settings));
    write_settings(instance->settings());
    ensure_user_file();
    return instance;
  } catch (Error& e) {
    e.add_context(fmt::format("while connecting to the bucket '{}'", base::visible_line(given)));
    throw;
  }
}

}  // namespace lake

std::unique_ptr<Instance> connect_folder(const fs::path& folder, bool replace) {
  try {
    const auto root = lake::storage_in(folder);
    const auto mark = lake::mark_of(root.string());
    auto settings = lake::settings_for(root.string(), mark);
    const auto stated = lake::stated(settings, mark);
    if (!replace) lake::check_place(settings, mark, stated.root);
    if (settings.modules.empty()) settings.modules = stated.modules;
    auto instance = lake::open_instance(
        std::move(settings), [&](Database& database) { lake::state_place(database, stated.root, root.string()); });
    if (stated.root != root.string()) {
      instance->say(Level::important, fmt::format("the storage of '{}' was at '{}': it is at '{}' now",
                                                  instance->settings().slug(), stated.root, root.string()));
    }
    lake::write_settings(instance->settings());
    lake::ensure_user_file();
    return instance;
  } catch (Error& e) {
    e.add_context(fmt::format("while connecting to the folder '{}'", base::visible_line(folder.string())));
    throw;
  }
}

}  // namespace lamin
