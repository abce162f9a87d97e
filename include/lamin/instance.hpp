// instance.hpp -- an instance: a database, its default storage, its settings files.
//
// Settings files are LaminDB's own, in its place (~/.lamin, <dir>/.lamin), so that either program finds the other's
// instances. An Instance is what every function of the lake takes first. Nothing ever asks a hub.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/database.hpp"
#include "lamin/error.hpp"

namespace lamin::store {
class Store;
}

namespace lamin {

/// What an instance's settings file holds; an empty text stands for `null`.
struct InstanceSettings {
  std::string owner = "anonymous", name;
  std::string storage_root;  ///< absolute, no trailing "/"
  std::string storage_region;
  std::string db;                             ///< empty: SQLite at <storage_root>/.lamindb/lamin.db
  std::vector<std::string> modules;           ///< "bionty", "pertdb"
  std::string id;                             ///< 32 hex digits
  std::map<std::string, std::string> others;  ///< further keys, kept as they are

  std::string slug() const { return owner + "/" + name; }
  std::string uid() const;           ///< 12 characters, from the id
  std::string database_url() const;  ///< with the SQLite default filled in
};

struct UserSettings {
  std::string uid = "00000000", handle = "anonymous", name, email;
};

struct InitOptions {
  std::string storage = "./storage";
  std::string name;  ///< default: the database's, else the storage folder's
  std::string db;    ///< "postgresql://...", "sqlite:///..." or empty
  std::vector<std::string> modules;
  std::filesystem::path here = {};  ///< where .lamin/current_instance is written; empty = working directory
};

class Instance {
 public:
  Instance(InstanceSettings settings, UserSettings user, std::unique_ptr<Database> database);
  ~Instance();
  Instance(const Instance&) = delete;

  const InstanceSettings& settings() const { return settings_; }
  const UserSettings& user() const { return user_; }
  Database& database() { return *database_; }
  const schema::Catalog& catalog() const { return database_->catalog(); }

  /// The open store of a lamindb_storage row; kept for the life of the instance.
  store::Store& store_of(std::int64_t storage_id);
  /// Another store for a row: a backend that is not built in, or one that a test breaks.
  void use_store(std::int64_t storage_id, std::unique_ptr<store::Store> store);
  /// The row of the default storage.
  const Record& storage();

 private:
  InstanceSettings settings_;
  UserSettings user_;
  std::unique_ptr<Database> database_;
  Record storage_;
  std::map<std::int64_t, std::unique_ptr<store::Store>> stores_;
};

/// Makes database, tables, initial rows, storage marker and settings files, or connects if it is there already.
/// All or nothing. Throws no_access, unavailable, invalid_argument ("/" in the name), conflict (storage of another
/// instance, database of another instance).
std::unique_ptr<Instance> init(const InitOptions& options);
/// By "owner/name" or "name" (of the current user). Throws not_found, naming the known ones; conflict if the
/// database was made by a newer program.
std::unique_ptr<Instance> connect(std::string_view slug);
/// What LAMIN_CURRENT_INSTANCE, .lamin/current_instance in this folder or above, or ~/.lamin/current_instance.env
/// points at. Throws not_configured if nothing does.
std::unique_ptr<Instance> connect_current();
std::optional<InstanceSettings> current_settings();     ///< only reads settings files
InstanceSettings find_settings(std::string_view slug);  ///< throws not_found
std::vector<std::string> known_instances();             ///< slugs, sorted

/// Writes ~/.lamin/current_instance.env; with `here` only <here>/.lamin/current_instance.
void set_current(const InstanceSettings& settings, const std::filesystem::path& here = {});
/// Removes the pointer; false if there was none.
bool disconnect(const std::filesystem::path& here = {});
/// Removes settings, marker and SQLite file; a Postgres database stays. Throws conflict if the storage holds
/// artifacts, unless `force`.
void delete_instance(std::string_view slug, bool force = false);
UserSettings current_user();

}  // namespace lamin
