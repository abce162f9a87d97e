#include "lamin/instance.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include "base/log.hpp"
#include "db/connection.hpp"
#include "lake/current.hpp"
#include "lake/feature_query.hpp"
#include "lake/form_hooks.hpp"
#include "lake/key_hooks.hpp"
#include "lake/label_hooks.hpp"
#include "lake/open.hpp"
#include "lake/place.hpp"
#include "lake/rename_hooks.hpp"
#include "lake/secret_hooks.hpp"
#include "lake/settings_file.hpp"
#include "lake/sheet.hpp"
#include "lake/version.hpp"
#include "lamin/artifact.hpp"
#include "modules/modules.hpp"
#include "registry/lost.hpp"
#include "registry/migrate.hpp"
#include "store/store.hpp"

namespace lamin {
namespace fs = std::filesystem;

Instance::Instance(InstanceSettings settings, UserSettings user, std::unique_ptr<Database> database)
    : settings_(std::move(settings)), user_(std::move(user)), database_(std::move(database)) {}

Instance::~Instance() = default;

Verify verify_called(std::string_view name) {
  for (const auto verify : {Verify::size, Verify::full}) {
    if (name == name_of(verify)) return verify;
  }
  throw Error(Code::invalid_argument, fmt::format("what is read is verified by 'size' or 'full', not by '{}'; correct "
                                                  "settings.verify or LAMIN_VERIFY",
                                                  name));
}

std::string_view name_of(Verify verify) { return verify == Verify::full ? "full" : "size"; }

const Record& Instance::storage() {
  if (storage_.saved()) return storage_;
  Query query;
  query.registry = "Storage";
  query.where = Expr::compare("root", Op::exact, Value(settings_.storage_root));
  query.any_branch = true;
  auto found = database_->first(query);
  if (!found) {
    throw Error(
        Code::not_configured,
        fmt::format("the database of '{}' has no storage '{}'; if the folder was moved, correct storage_root in "
                    "'{}' and the root in the storage registry",
                    settings_.slug(), settings_.storage_root,
                    lake::instance_file(settings_.owner, settings_.name).string()));
  }
  storage_ = std::move(*found);
  return storage_;
}

store::Store& Instance::store_of(std::int64_t storage_id) {
  auto& store = stores_[storage_id];
  if (store) return *store;
  std::string root;
  if (storage_id == storage().id()) {
    root = storage().text("root");
  } else {
    const auto row = database_->find(catalog().table("Storage"), storage_id);
    if (!row) throw Error(Code::not_found, fmt::format("there is no storage with id {}", storage_id));
    root = row->text("root");
  }
  store = store::open_store(root);
  return *store;
}

void Instance::use_store(std::int64_t storage_id, std::unique_ptr<store::Store> store) {
  stores_[storage_id] = std::move(store);
}

namespace lake {
namespace {

// The row of the connected user; made at the first connection, 0 where none can be made: nothing is stamped there.
std::int64_t user_row(Database& database, const UserSettings& user) {
  Query query;
  query.registry = "User";
  query.where = Expr::compare("uid", Op::exact, Value(user.uid));
  if (auto found = database.first(query)) return found->id();
  if (database.read_only()) return 0;
  Record row(database.catalog().table("User"));
  row.set("uid", Value(user.uid));
  row.set("handle", Value(user.handle));
  if (!user.name.empty()) row.set("name", Value(user.name));
  try {
    database.save(row);
  } catch (const Error& e) {  // somebody was first
    if (e.code() != Code::conflict) throw;
    return database.one(query).id();
  }
  return row.id();
}

}  // namespace

bool is_sqlite(const InstanceSettings& settings) { return settings.database_url().starts_with("sqlite:"); }

fs::path database_file(const InstanceSettings& settings) {
  auto path = settings.database_url().substr(std::string_view("sqlite://").size());
  while (path.starts_with("//")) path.erase(0, 1);
  return path;
}

std::unique_ptr<Instance> open_instance(InstanceSettings settings) {
  std::unique_ptr<Database> database;
  std::vector<std::string> lost;
  try {
    auto connection = db::open_connection(settings.database_url());
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
  } catch (Error& e) {
    e.add_context(fmt::format("while connecting to instance '{}'", settings.slug()));
    throw;
  }
  auto instance = make_instance(std::move(settings), std::move(database));
  for (const auto& table : lost) {
    base::log(base::Level::warning,
              fmt::format("the table {} was lost and has been made again, empty; see `lamin fsck`", table));
  }
  instance->mended().tables = std::move(lost);
  return instance;
}

std::unique_ptr<Instance> make_instance(InstanceSettings settings, std::unique_ptr<Database> database) {
  auto user = current_user();
  auto& stamp = database->stamp();
  stamp.user = user_row(*database, user);
  stamp.branch = current_id(*database, settings, "branch", "Branch");
  stamp.space = current_id(*database, settings, "space", "Space");
  install_label_hooks(*database);
  install_form_hooks(*database);
  install_rename_hooks(*database);
  install_version_hooks(*database);
  install_key_hooks(*database);
  install_secret_hooks(*database);
  auto instance = std::make_unique<Instance>(std::move(settings), std::move(user), std::move(database));
  install_place_hooks(*instance);
  install_feature_queries(*instance);
  install_sheet_hooks(*instance);
  const char* verify = std::getenv("LAMIN_VERIFY");
  if (verify != nullptr && *verify != '\0') instance->verify() = verify_called(verify);
  if (!instance->database().read_only()) {
    const auto recovered = recover(*instance);
    instance->mended().operations = recovered.intents;
    instance->mended().files = recovered.files;
  }
  return instance;
}

}  // namespace lake

std::unique_ptr<Instance> connect(std::string_view slug) { return lake::open_instance(find_settings(slug)); }

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
