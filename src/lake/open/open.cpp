// open.cpp -- installs the rules of every registry, then repairs what a crash left.
#include "lake/open/open.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include "base/log.hpp"
#include "db/connection.hpp"
#include "lake/artifact/place.hpp"
#include "lake/artifact/storage.hpp"
#include "lake/collection/hooks.hpp"
#include "lake/feature/query.hpp"
#include "lake/feature/sheet.hpp"
#include "lake/feature/through.hpp"
#include "lake/feature/type_hooks.hpp"
#include "lake/instance/bucket_database.hpp"
#include "lake/instance/current.hpp"
#include "lake/instance/settings_file.hpp"
#include "lake/label/hooks.hpp"
#include "lake/ontology/lookups.hpp"
#include "lake/record/rename_hooks.hpp"
#include "lake/reference/reference.hpp"
#include "lake/rows/block.hpp"
#include "lake/rows/form_hooks.hpp"
#include "lake/rows/key_hooks.hpp"
#include "lake/rows/secret_hooks.hpp"
#include "lake/rows/version.hpp"
#include "lamin/artifact.hpp"
#include "lamin/settings.hpp"
#include "modules/modules.hpp"
#include "registry/lost.hpp"
#include "registry/migrate.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace lake {
namespace {

std::optional<Record> user_where(Database& database, const char* field, const std::string& value) {
  return database.first({.registry = "User", .where = Expr::compare(field, Op::exact, Value(value))});
}

// Handle and name as the person has them now.
std::int64_t known_user(Database& database, const UserSettings& user, Record row) {
  const bool renamed = row.text("handle") != user.handle || (!user.name.empty() && row.text("name") != user.name);
  if (!renamed || database.read_only()) return row.id();
  row.set("handle", Value(user.handle));
  if (!user.name.empty()) row.set("name", Value(user.name));
  try {
    registry::Writes(database).save(row);
  } catch (const Error& e) {
    if (e.code() != Code::conflict) throw;
    database.say(Level::warning, fmt::format("somebody else is called '{}' in this instance, where you remain '{}'",
                                             user.handle, user_where(database, "uid", user.uid)->text("handle")));
  }
  return row.id();
}

// The row of the connected user, created at the first connection; 0 if it cannot be: then nothing is stamped. A person
// whom another machine knows by another uid (LaminDB's hub gives them at random) is found by the handle.
std::int64_t user_row(Database& database, const UserSettings& user) {
  if (auto found = user_where(database, "uid", user.uid)) return known_user(database, user, std::move(*found));
  if (auto found = user_where(database, "handle", user.handle)) return known_user(database, user, std::move(*found));
  if (database.read_only()) return 0;
  Record row(database.catalog().table("User"));
  row.set("uid", Value(user.uid));
  row.set("handle", Value(user.handle));
  if (!user.name.empty()) row.set("name", Value(user.name));
  try {
    registry::Writes(database).save(row);
  } catch (const Error& e) {  // another process was first
    if (e.code() != Code::conflict) throw;
    return user_row(database, user);
  }
  return row.id();
}

}  // namespace

namespace {

std::unique_ptr<Instance> open_as(InstanceSettings settings, const std::function<void(Database&)>& first,
                                  const std::shared_ptr<BucketDatabase>& bucket, bool read_only) {
  std::unique_ptr<Database> database;
  std::vector<std::string> lost;
  try {
    auto connection = db::open_connection(settings.database_url(), {.read_only = read_only, .gate = bucket});
    const bool sqlite = connection->dialect() == db::Dialect::sqlite;
    const auto there = registry::carried(*connection);
    auto catalog = registry::catalog_for(there, modules::stored(settings.modules, sqlite));
    database = std::make_unique<Database>(std::move(connection), std::move(catalog));
    if (database->read_only()) {
      registry::read_as_it_is(*database, there);
    } else {
      if (there.any) lost = registry::lost_tables(*database, database->catalog(), there.names).own;
      registry::migrate(*database, there);
    }
    for (const auto& [name, json] : there.plugins) {
      if (std::ranges::find(settings.modules, name) == settings.modules.end()) settings.modules.push_back(name);
    }
    if (first) first(*database);
  } catch (Error& e) {
    const bool gone = e.code() == Code::not_found && is_sqlite(settings);
    e.add_context(fmt::format("while connecting to instance '{}'{}", settings.slug(),
                              gone ? "; if its storage was moved, connect to the folder where it is now" : ""));
    throw;
  }
  auto instance = make_instance(std::move(settings), std::move(database));
  instance->use_bucket(bucket);
  for (const auto& table : lost) {
    instance->say(Level::warning,
                  fmt::format("the table {} was lost and has been made again, empty; see `lamin fsck`", table));
  }
  instance->mended().tables = std::move(lost);
  return instance;
}

}  // namespace

// What opening writes (a new user, tables of a newer version, what a crash left) needs the lock of a database in a
// bucket. Who cannot have it reads.
std::unique_ptr<Instance> open_instance(InstanceSettings settings, const std::function<void(Database&)>& first) {
  const auto bucket = BucketDatabase::of(settings);
  if (!bucket) return open_as(std::move(settings), first, nullptr, false);
  try {
    bucket->refresh();
    return open_as(settings, first, bucket, false);
  } catch (Error& e) {
    if (bucket->refusal().empty()) {
      e.add_context(fmt::format("while connecting to instance '{}'", settings.slug()));
      throw;
    }
  }
  base::log(Level::warning, fmt::format("'{}' is opened to be read: {}", settings.slug(), bucket->refusal()));
  return open_as(std::move(settings), first, bucket, true);
}

std::unique_ptr<Instance> make_instance(InstanceSettings settings, std::unique_ptr<Database> database) {
  auto user = current_user();
  auto& stamp = database->session();
  stamp.user = user_row(*database, user);
  stamp.branch = current_id(*database, settings, "branch", "Branch");
  stamp.space = current_id(*database, settings, "space", "Space");
  install_type_hooks(*database);
  install_label_hooks(*database);
  install_form_hooks(*database);
  install_rename_hooks(*database);
  install_block_hooks(*database);
  install_version_hooks(*database);
  install_key_hooks(*database);
  install_secret_hooks(*database);
  auto instance = std::make_unique<Instance>(std::move(settings), std::move(user), std::move(database));
  install_place_hooks(*instance);
  install_storage_hooks(*instance);
  install_feature_queries(*instance);
  install_hierarchy_lookups(*instance);
  install_sheet_hooks(*instance);
  install_collection_hooks(*instance);
  install_outside(*instance);
  install_through_hooks(*instance);
  const char* verify = std::getenv("LAMIN_VERIFY");
  if (verify != nullptr && *verify != '\0') instance->verify() = verify_called(verify);
  if (!instance->database().read_only()) {
    const auto recovered = recover(*instance);
    instance->mended().operations = recovered.intents;
    instance->mended().files = recovered.files;
  }
  return instance;
}

void warn_if_anonymous(const Instance& instance) {
  if (instance.user().handle != UserSettings{}.handle || is_sqlite(instance.settings())) return;
  instance.say(Level::warning,
               "you are 'anonymous' in a database that others may share, and nobody sees what is yours: "
               "log in by a handle of yours");
}

}  // namespace lake

std::unique_ptr<Instance> connect(std::string_view slug) {
  if (lake::means_bucket(slug)) return lake::connect_bucket(std::string(slug));
  if (lake::means_folder(slug)) return connect_folder(std::string(slug));
  auto instance = lake::open_instance(find_settings(slug));
  lake::warn_if_anonymous(*instance);
  return instance;
}

std::unique_ptr<Instance> connect_current() {
  auto settings = current_settings();
  if (!settings) {
    throw Error(Code::not_configured,
                "no instance is connected: run `lamin connect <owner/name>`, or `lamin init "
                "--storage <folder>` for a new one");
  }
  return lake::open_instance(std::move(*settings));
}

}  // namespace lamin
