// instance.hpp -- an instance: a database, its default storage, its settings files.
//
// An Instance is an open one, and what every function of the lake takes first. It is used by one thread at a time; any
// number of processes, and threads with an Instance each, may have the same instance open. Settings files are LaminDB's
// own, in its place (~/.lamin, <dir>/.lamin), so that either program finds the other's instances. Nothing ever asks a
// hub, and no account is needed.
//
// Example: examples/cpp/instance.cpp
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "lamin/database.hpp"
#include "lamin/error.hpp"

namespace lamin::store {
class Store;
}

namespace lamin {

/// What an instance's settings file holds; an empty text stands for `null`.
struct InstanceSettings {
  std::string owner = "anonymous", name = {};
  std::string storage_root = {};  ///< absolute, no trailing "/"
  std::string storage_region = {};
  std::string db = {};                             ///< empty: SQLite at <storage_root>/.lamindb/lamin.db
  std::vector<std::string> modules = {};           ///< "bionty", "pertdb"
  std::string id = {};                             ///< 32 hex digits
  std::map<std::string, std::string> others = {};  ///< further keys, kept as they are

  std::string slug() const { return owner + "/" + name; }
  std::string uid() const;           ///< 12 characters, from the id
  std::string database_url() const;  ///< with the SQLite default filled in
};

/// Who works here: the row of registry User that new rows are stamped with.
struct UserSettings {
  std::string uid = "00000000", handle = "anonymous", name = {}, email = {};
};

struct InitOptions {
  std::string storage = "./storage";      ///< a local folder, made if it is not there
  std::string name = {};                  ///< default: the database's, else the storage folder's
  std::string db = {};                    ///< "postgresql://...", "sqlite:///..."; empty = SQLite in the storage
  std::vector<std::string> modules = {};  ///< beside the core: "bionty", "pertdb"
  std::filesystem::path here = {};        ///< where .lamin/current_instance is written; empty = working directory
};

/// How far what is read is compared with what was saved; fsck.hpp is for all of it at once.
enum class Verify {
  size,  ///< sizes and numbers of files; the digest too where that costs little: up to 1 MiB, a file that was touched
  full,  ///< the digest of everything that is read
};
/// "size" or "full". Throws invalid_argument for anything else, naming the two.
Verify verify_called(std::string_view name);
std::string_view name_of(Verify verify);

/// What opening an instance has mended before anybody asked.
struct Mended {
  std::int64_t operations = 0, files = 0;  ///< what a crash had left: finished or taken back, removed
  std::vector<std::string> tables = {};    ///< lamin_... tables that were lost, made again
};

class Instance {
 public:
  /// For the library itself: a program calls init or connect.
  Instance(InstanceSettings settings, UserSettings user, std::unique_ptr<Database> database);
  ~Instance();
  Instance(const Instance&) = delete;

  const InstanceSettings& settings() const { return settings_; }
  const UserSettings& user() const { return user_; }
  Database& database() { return *database_; }
  const schema::Catalog& catalog() const { return database_->catalog(); }
  /// At first what LAMIN_VERIFY says, else by size; may be set at any time.
  Verify& verify() { return verify_; }
  Mended& mended() { return mended_; }

  /// The open store of a row of registry Storage; kept for the life of the instance. Throws not_found, unsupported.
  store::Store& store_of(std::int64_t storage_id);
  /// For the library itself: another store for a row, such as one that a test breaks.
  void use_store(std::int64_t storage_id, std::unique_ptr<store::Store> store);
  /// For the library itself: another name for this writer in what it announces; tests have several in one process.
  void use_writer(std::string name) { writer_ = std::move(name); }
  const std::string& writer() const { return writer_; }  ///< empty: this process
  /// The row of the default storage. Throws not_configured if the database has none at this place.
  const Record& storage();

 private:
  InstanceSettings settings_;
  UserSettings user_;
  std::unique_ptr<Database> database_;
  Verify verify_ = Verify::size;
  Mended mended_;
  Record storage_;
  std::string writer_;
  std::map<std::int64_t, std::unique_ptr<store::Store>> stores_;
};

/// Makes database, tables, initial rows, storage marker and settings files, or connects if it is there already; it is
/// then the current one. All or nothing. Throws no_access, unavailable, invalid_argument (name, module), unsupported
/// (remote storage), conflict (storage or database of another instance).
std::unique_ptr<Instance> init(const InitOptions& options);
/// By "owner/name" or "name" (of the current user); does not make it the current one. Throws not_found, naming the
/// known ones; conflict if the database was made by a newer program; unavailable.
std::unique_ptr<Instance> connect(std::string_view slug);
/// What LAMIN_CURRENT_INSTANCE, .lamin/current_instance in this folder or above, or ~/.lamin/current_instance.env
/// points at. Throws not_configured if nothing does.
std::unique_ptr<Instance> connect_current();
/// The same without opening anything: reads settings files only. nullopt if no instance is current.
std::optional<InstanceSettings> current_settings();
InstanceSettings find_settings(std::string_view slug);  ///< throws not_found, naming the known ones
std::vector<std::string> known_instances();             ///< slugs ("owner/name"), sorted

/// The current one for this user everywhere (~/.lamin/current_instance.env), or in folder `here` and below it
/// (<here>/.lamin/current_instance), which comes first.
void set_current(const InstanceSettings& settings, const std::filesystem::path& here = {});
/// Removes what set_current wrote; false if there was nothing. Open instances stay open.
bool disconnect(const std::filesystem::path& here = {});
/// Removes settings, marker and SQLite file; a Postgres database stays, as do the bytes of artifacts. Throws conflict
/// if the storage holds artifacts, unless `force`; not_found.
void delete_instance(std::string_view slug, bool force = false);
UserSettings current_user();  ///< of ~/.lamin/current_user.env, else anonymous

}  // namespace lamin
