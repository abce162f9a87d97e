// instance.hpp -- an instance: a database, its default storage, its settings files.
//
// An Instance is an open instance, the first argument of every function of the lake. It is used by one thread at a
// time; any number of processes, and threads with an Instance each, may have the same instance open. Settings files are
// those of LaminDB, in the same place (~/.lamin, <dir>/.lamin), so that each program finds the other's instances. A hub
// is never contacted, and no account is needed.
//
// Example: examples/cpp/instance.cpp
#pragma once
#include <filesystem>
#include <functional>
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
namespace lamin::lake {
class BucketDatabase;
}

namespace lamin {

/// The contents of an instance's settings file; an empty text stands for `null`.
struct InstanceSettings {
  std::string owner = "anonymous", name = {};
  std::string storage_root = {};  ///< absolute, no trailing "/"
  std::string storage_region = {};
  std::string db = {};                             ///< empty: SQLite at <storage_root>/.lamindb/lamin.db, see sync
  std::vector<std::string> modules = {};           ///< "bionty", "pertdb"
  std::string id = {};                             ///< 32 hex digits
  std::map<std::string, std::string> others = {};  ///< other keys, kept as they are

  std::string slug() const { return owner + "/" + name; }
  std::string uid() const;           ///< 12 characters, from the id
  std::string database_url() const;  ///< with the SQLite default filled in; of one in a bucket, its copy here
};

/// The current user: the row of registry User that new rows are stamped with.
struct UserSettings {
  std::string uid = "00000000", handle = "anonymous", name = {}, email = {};
};

struct InitOptions {
  std::string storage = "./storage";      ///< a local folder, created if missing
  std::string name = {};                  ///< default: the database's name or, without one, the storage folder's
  std::string db = {};                    ///< "postgresql://...", "sqlite:///..."; empty = SQLite in the storage
  std::vector<std::string> modules = {};  ///< besides the core: "bionty", "pertdb"
  std::filesystem::path here = {};        ///< where .lamin/current_instance is written; empty = working directory
};

/// How thoroughly bytes are verified when they are read. To check everything at once, see fsck.hpp.
enum class Verify {
  size,  ///< sizes and numbers of files; the digest too where that is cheap: up to 1 MiB, or if the file was touched
  full,  ///< the digest of everything read
};
/// "size" or "full". Throws invalid_argument for anything else.
Verify verify_called(std::string_view name);
std::string_view name_of(Verify verify);

/// What was repaired automatically when the instance was opened.
struct Mended {
  std::int64_t operations = 0, files = 0;  ///< left by a crash: finished or rolled back, removed
  std::vector<std::string> tables = {};    ///< lamin_... tables that were missing, created again
};

class Instance {
 public:
  /// Internal: a program calls init or connect.
  Instance(InstanceSettings settings, UserSettings user, std::unique_ptr<Database> database);
  ~Instance();  ///< pushes; what it throws goes to `when_unsent`'s function, otherwise it is said
  Instance(const Instance&) = delete;

  const InstanceSettings& settings() const { return settings_; }
  const UserSettings& user() const { return user_; }
  Database& database() { return *database_; }
  const schema::Catalog& catalog() const { return database_->catalog(); }
  Session& session() { return database_->session(); }
  void say(Level level, const Words& words) const { database_->say(level, words); }
  /// Initially from LAMIN_VERIFY, by default `size`; may be set at any time.
  Verify& verify() { return verify_; }
  Mended& mended() { return mended_; }

  /// Of a SQLite database that lies in a bucket: puts what was written into the bucket and lets others write; true if
  /// there was something. Any other database has what was written. Throws conflict if another program changed the
  /// bucket's database without respecting the lock, no_access, unavailable; nothing is lost (see sync).
  bool push();
  void when_unsent(std::function<void(const Error&)> tell) { unsent_ = std::move(tell); }
  /// Internal: where the database lies.
  void use_bucket(std::shared_ptr<lake::BucketDatabase> bucket) { bucket_ = std::move(bucket); }

  /// The store of a row of registry Storage, kept open for the life of the instance. Throws not_found, unsupported.
  store::Store& store_of(std::int64_t storage_id);
  /// Internal: replaces the store of a row, for example with a faulty one in a test.
  void use_store(std::int64_t storage_id, std::unique_ptr<store::Store> store);
  /// Internal: sets the writer's name in its intents; tests have several writers in one process.
  void use_writer(std::string name) { writer_ = std::move(name); }
  const std::string& writer() const { return writer_; }  ///< empty: this process
  /// The row of the default storage. Throws not_configured if the database has no storage at this location.
  const Record& storage();
  /// New artifacts of this Instance go to this row of registry Storage unless they name another. Throws
  /// invalid_argument if another instance manages it, or none.
  void use_storage(Record storage);

 private:
  InstanceSettings settings_;
  UserSettings user_;
  std::unique_ptr<Database> database_;
  Verify verify_ = Verify::size;
  Mended mended_;
  Record storage_;
  std::string writer_;
  std::shared_ptr<lake::BucketDatabase> bucket_;
  std::function<void(const Error&)> unsent_;
  std::map<std::int64_t, std::unique_ptr<store::Store>> stores_;
};

struct SyncOptions {
  bool take_over = false;  ///< takes the lock from a program that is gone
  bool discard = false;    ///< puts aside what was written here and cannot be put into the bucket
};
struct Synced {
  bool in_bucket = false;           ///< otherwise nothing was to be done
  bool sent = false;                ///< there was something to put into the bucket
  std::filesystem::path kept = {};  ///< what was put aside: a SQLite file
};
/// Of an instance whose SQLite database lies in a bucket, that of LaminDB's `init(storage="s3://...")` without a
/// database of its own: puts what was written here and is not there yet into the bucket, then fetches what others
/// wrote. Any instance does both by itself, when it is opened, when it is closed, and while it goes on writing; between
/// its first write and that, it is locked for others, as LaminDB locks it. For other instances it does nothing. Throws
/// invalid_argument (an option for such an instance), conflict (locked, or changed by a program that did not respect
/// the lock), no_access, unavailable.
Synced sync(const InstanceSettings& settings, const SyncOptions& options = {});

/// Creates database, tables, initial rows, storage marker and settings files, or connects if the instance exists; makes
/// it the current one. All or nothing. Throws no_access, unavailable, invalid_argument (name, module), unsupported
/// (remote storage), conflict (storage or database of another instance).
std::unique_ptr<Instance> init(const InitOptions& options);
/// Opens "owner/name" or "name" (of the current user), a folder, or the root of a bucket in which the database lies
/// ("s3://lab/data"), without making it the current one. Throws not_found, listing the known ones; conflict if the
/// database was made by a newer program; unavailable.
std::unique_ptr<Instance> connect(std::string_view slug);
/// Opens the instance named by LAMIN_CURRENT_INSTANCE, .lamin/current_instance in this folder or above, or
/// ~/.lamin/current_instance.env. Throws not_configured if there is none.
std::unique_ptr<Instance> connect_current();
/// The same without opening it: only reads settings files. nullopt if no instance is current.
std::optional<InstanceSettings> current_settings();
InstanceSettings find_settings(std::string_view slug);  ///< throws not_found, listing the known ones
std::vector<std::string> known_instances();             ///< slugs ("owner/name"), sorted

/// Makes it the current one for this user everywhere (~/.lamin/current_instance.env) or, taking precedence, in folder
/// `here` and below (<here>/.lamin/current_instance).
void set_current(const InstanceSettings& settings, const std::filesystem::path& here = {});
/// Removes what set_current wrote, for a folder in it or above; false if there was nothing. Open instances stay open.
/// What was written to a database in a bucket is put there before.
bool disconnect(const std::filesystem::path& here = {});
/// Removes settings, marker and SQLite file; a Postgres database and the bytes of artifacts are kept. Throws conflict
/// if the storage holds artifacts, unless `force`; not_found.
void delete_instance(std::string_view slug, bool force = false);
UserSettings current_user();  ///< from ~/.lamin/current_user.env; default: anonymous

}  // namespace lamin
