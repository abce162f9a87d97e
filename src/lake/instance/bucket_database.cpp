#include "lake/instance/bucket_database.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <thread>
#include "base/checkpoint.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/uid.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/source.hpp"
#include "lamin/storage.hpp"
#include "store/download.hpp"
#include "store/posix.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view copy_name = "lamin.db", nothing = "none";
constexpr auto longest_unsent = std::chrono::seconds(30);  // while a program goes on writing
constexpr auto first_notice = std::chrono::seconds(3);

std::chrono::seconds patience() {
  const char* text = std::getenv("LAMIN_LOCK_SECONDS");
  return std::chrono::seconds(text != nullptr && *text != '\0' ? std::atoi(text) : 60);
}

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void drop(const fs::path& file) {
  std::error_code ignored;
  fs::remove(file, ignored);
}

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

std::string stamp_of_time() {
  auto text = base::sql_text(base::now()).substr(0, 19);
  std::ranges::replace(text, ' ', 'T');
  std::erase(text, ':');
  return text;
}

}  // namespace

bool is_in_bucket(const InstanceSettings& settings) {
  if (!settings.db.empty()) return false;
  const auto uri = Uri::parse(settings.storage_root);
  return uri && uri->scheme != "file";
}

fs::path copy_folder(const InstanceSettings& settings) {
  const auto place = base::derived_uid(settings.id + "\n" + settings.storage_root, 12);
  return base::settings_folder() / "databases" / (settings.name + "-" + place);
}

/// Held while the files beside the copy, or the copy as a whole, are changed; goes with its process.
class BucketDatabase::FolderLock {
 public:
  explicit FolderLock(const fs::path& folder, bool wait = true) {
    const auto path = (folder / "lock").string();
    if (!is_there(path)) base::write_file(path, "", base::Readers::owner);
    fd_ = store::Fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!fd_.is_open()) store::fail(errno, "Cannot open", path);
    while (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) store::fail(errno, "Cannot lock", path);
      if (!wait) return;
      base::checkpoint();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    has_it_ = true;
  }
  bool has_it() const { return has_it_; }

 private:
  store::Fd fd_;
  bool has_it_ = false;
};

std::shared_ptr<BucketDatabase> BucketDatabase::of(const InstanceSettings& settings) {
  return is_in_bucket(settings) ? std::make_shared<BucketDatabase>(settings) : nullptr;
}

BucketDatabase::BucketDatabase(const InstanceSettings& settings)
    : settings_(settings), user_(current_user()), folder_(copy_folder(settings)) {}

fs::path BucketDatabase::file(std::string_view name) const { return folder_ / std::string(name); }
bool BucketDatabase::is_held() const { return is_there(file("held")); }
bool BucketDatabase::has_copy() const { return is_there(file(copy_name)); }
std::string BucketDatabase::place() const { return address(settings_.storage_root, database_key); }

bool BucketDatabase::is_dirty() const {
  return has_copy() && (is_there(file("dirty")) || is_there(file("sending")) || base_stamp().empty());
}

std::string BucketDatabase::base_stamp() const {
  const auto text = base::read_file(file("base"));
  return text ? std::string(base::trim(text->substr(0, text->find('\n')))) : std::string();
}

void BucketDatabase::note_base(const std::string& stamp, bool is_ours) {
  base::write_file(file("base"), fmt::format("{}\n{}\n", stamp, is_ours ? 0 : now_ms()), base::Readers::owner);
}

store::Store& BucketDatabase::store() {
  if (!store_) store_ = store::open_store(settings_.storage_root, {.region = settings_.storage_region});
  return *store_;
}

std::unique_ptr<db::Connection> BucketDatabase::connect() const {
  return db::open_connection("sqlite://" + file(copy_name).string());
}

std::optional<store::Entry> BucketDatabase::look() {
  auto entry = store().stat(database_key);
  if (entry && entry->is_folder) entry.reset();
  if (entry && entry->stamp.empty()) {
    throw Error(Code::unsupported, fmt::format("'{}' says nothing by which changes of '{}' could be seen: keep the "
                                               "database elsewhere (--db).",
                                               settings_.storage_root, database_key));
  }
  return entry;
}

bool BucketDatabase::exists() { return look().has_value(); }

// What is read stays one version of the object; which one, is known when it is still there afterwards.
void BucketDatabase::fetch_to(store::Entry entry, const fs::path& to, std::string& stamp) {
  constexpr int most_tries = 5;
  for (int attempt = 1;; ++attempt) {
    drop(to);
    static_cast<void>(store::fetch(store(), database_key, to));
    auto after = look();
    if (after && after->stamp == entry.stamp) break;
    if (!after || attempt == most_tries) {
      throw Error(Code::unavailable, fmt::format("'{}' is being replaced all the time: try again.", place()));
    }
    entry = std::move(*after);
  }
  stamp = entry.stamp;
}

void BucketDatabase::pull(const store::Entry& entry) {
  const auto fresh = file(fmt::format("fetched-{}", base::random_uid(6)));
  std::string stamp;
  try {
    fetch_to(entry, fresh, stamp);
    if (!has_copy()) {
      // Opened once, so that what is no database never gets the name.
      static_cast<void>(db::open_connection("sqlite://" + fresh.string(), {.read_only = true})->table_exists("x"));
      base::sync_path(fresh);
      fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write);
      fs::rename(fresh, file(copy_name));
      base::sync_path(folder_);
    } else {
      db::replace_content(file(copy_name).string(), fresh.string());
    }
    drop(fresh);
  } catch (Error& e) {
    drop(fresh);
    e.add_context(fmt::format("while fetching the database '{}'", place()));
    throw;
  }
  note_base(stamp, false);
}

void BucketDatabase::refresh() {
  base::write_file(file("place"), settings_.storage_root + "\n", base::Readers::owner);
  const FolderLock lock(folder_, !has_copy());
  if (!lock.has_it()) return;  // it is being sent or fetched: what is here is whole
  left_over_ = is_held() || is_dirty();
  if (is_held() && has_copy() && !base_stamp().empty()) return;
  std::optional<store::Entry> entry;
  try {
    entry = look();
  } catch (const Error& e) {
    if (e.code() != Code::unavailable || !has_copy() || base_stamp().empty()) throw;
    refusal_ = e.what();
    base::log(Level::warning, fmt::format("the database in the bucket cannot be asked for: what is here may be out of "
                                          "date ({})",
                                          e.what()));
    return;
  }
  if (has_copy() && !base_stamp().empty() && is_dirty()) return;
  if (is_there(file("taking"))) give_up_lock();
  if (!entry) {
    throw Error(Code::not_found,
                fmt::format("There is no database '{}'{}; `lamin init --storage {}` makes one.", place(),
                            has_copy() ? fmt::format(" any more; a copy is at '{}'", file(copy_name).string()) : "",
                            settings_.storage_root));
  }
  if (has_copy() && base_stamp().empty()) {  // of an init that was killed
    if (was_sent(*entry)) return;
    for (const auto* tail : {"", "-wal", "-shm"}) drop(file(copy_name).string() + tail);
    for (const auto* name : {"dirty", "sending"}) drop(file(name));
  }
  if (!has_copy() || base_stamp() != entry->stamp) pull(*entry);
}

// Whether what lies in the bucket is what a killed program sent from here.
bool BucketDatabase::was_sent(const store::Entry& entry) {
  const auto digests = base::read_file(file("sending"));
  if (!digests) return false;
  const auto fresh = file(fmt::format("fetched-{}", base::random_uid(6)));
  std::string stamp;
  fetch_to(entry, fresh, stamp);
  const auto digest = base::hash_path(fresh).digest;
  drop(fresh);
  if (base::trim(*digests) != digest) return false;
  note_base(stamp, true);
  drop(file("sending"));
  return true;
}

void BucketDatabase::check_base(const std::optional<store::Entry>& entry) {
  const auto base = base_stamp();
  if (entry && entry->stamp == base) return;
  if (entry && was_sent(*entry)) return;
  throw Error(
      Code::conflict,
      fmt::format(
          "The database '{}' {} since this machine began to write. Nothing is lost: what was written here is in "
          "'{}' and not in the bucket. `lamin sync --discard` puts it aside as a file of its own and goes on "
          "with the database in the bucket.",
          place(), entry ? "was changed by another program that did not respect the lock" : "was removed",
          file(copy_name).string()));
}

void BucketDatabase::fail_for(const LockHolder& holder) {
  const auto who = holder.is_lamindb ? fmt::format("LaminDB of the user '{}'", holder.user) : holder.text();
  refusal_ = fmt::format("The database '{}' is locked by {}.", place(), who);
  throw Error(
      Code::conflict,
      fmt::format("{} It can be read, but not written, until {}. If that program is gone, `lamin sync --take-over` "
                  "takes the lock; whatever it wrote and did not put into the bucket is then refused.",
                  refusal_,
                  holder.is_lamindb ? "`lamin disconnect` there puts it back" : "what was written there is sent"));
}

void BucketDatabase::take_lock() {
  if (!store().can().decides) {
    throw Error(Code::unsupported,
                fmt::format("The database '{}' can only be read: this kind of storage does not decide between two "
                            "writers. LaminDB can write it, or keep the database elsewhere (--db).",
                            place()));
  }
  auto token = base::read_file(file("token"));
  if (!token) base::write_file(file("token"), *(token = base::random_uid(20)), base::Readers::owner);
  base::write_file(file("taking"), "", base::Readers::owner);
  const auto began = std::chrono::steady_clock::now();
  BucketLock lock(store(), settings_.id, user_.handle);
  bool told = false;
  for (int pause_ms = 50;; pause_ms = std::min(2 * pause_ms, 1000)) {
    const auto holder = lock.take(*token);
    if (!holder) return;
    const auto waited = std::chrono::steady_clock::now() - began;
    if (holder->is_lamindb || waited > patience()) fail_for(*holder);
    if (!told && waited > first_notice) {
      told = true;
      base::log(Level::info, fmt::format("waiting for {}, who is writing '{}'", holder->text(), place()));
    }
    base::checkpoint();
    std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms + now_ms() % 50));
  }
}

void BucketDatabase::before_begin() {
  if (is_held()) return;
  const FolderLock folder(folder_);
  if (is_held()) return;
  try {
    take_lock();
    const auto entry = look();
    if (is_dirty()) check_base(entry);
    else if (!entry) check_base(entry);
    else if (entry->stamp != base_stamp()) pull(*entry);
    base::write_file(file("held"), "", base::Readers::owner);
  } catch (Error& e) {
    if (refusal_.empty()) refusal_ = e.what();
    let_others_write(e);
    e.add_context(fmt::format("while locking the database of '{}' for writing", settings_.slug()));
    throw;
  }
}

bool BucketDatabase::began() {
  if (!is_held()) return false;
  if (!is_there(file("dirty"))) base::write_file(file("dirty"), "", base::Readers::owner);
  wrote_ = true;
  return true;
}

void BucketDatabase::committed() noexcept {
  try {
    if (std::chrono::steady_clock::now() - last_push_ < longest_unsent) return;
    static_cast<void>(push());
  } catch (const std::exception& e) {  // the commit stands; the last push says what is wrong
    wrote_ = true;
    base::log(Level::warning, fmt::format("what was written is not in the bucket yet: {}", e.what()));
  }
}

// Nobody here can begin to write while the write lock is held, and whoever waits for it finds the note gone.
void BucketDatabase::let_go() {
  const auto connection = connect();
  connection->begin(true);
  const bool clean = !is_dirty();
  if (clean) {
    drop(file("held"));
    base::sync_path(folder_);
  }
  connection->rollback();
  if (clean) give_up_lock();
}

// What cannot be put into the bucket before somebody decides must not keep others from it.
void BucketDatabase::let_others_write(const Error& because) noexcept {
  if (because.code() != Code::conflict) return;
  try {
    drop(file("held"));
    give_up_lock();
  } catch (const std::exception&) {  // the next program gives it up
  }
}

void BucketDatabase::give_up_lock() {
  BucketLock(store(), settings_.id, user_.handle).release(base::read_file(file("token")).value_or(""));
  drop(file("taking"));
}

fs::path BucketDatabase::snapshot() {
  auto to = file(fmt::format("snapshot-{}", base::random_uid(6)));
  const Value name(to.string());
  connect()->execute("VACUUM INTO ?", {&name, 1});
  return to;
}

// LaminDB sees a change by the second of the object's time: an object that replaces another program's must have a later
// one.
void BucketDatabase::wait_for_next_second() const {
  constexpr std::int64_t enough_ms = 1100;
  const auto text = base::read_file(file("base")).value_or("");
  const auto fetched = std::atoll(text.substr(std::min(text.find('\n'), text.size())).c_str());
  const auto left = fetched + enough_ms - now_ms();
  if (fetched > 0 && left > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min<std::int64_t>(left, enough_ms)));
}

void BucketDatabase::send(const fs::path& snapshot) {
  const auto base = base_stamp();
  const auto local = store::open_local(snapshot.parent_path());
  const auto reader = local->open(snapshot.filename().string());
  const auto stamp =
      store().put_if(*reader, database_key, {.is_absent = base.empty(), .etag = base.empty() ? "" : base});
  note_base(stamp.empty() ? look().value_or(store::Entry{}).stamp : stamp, true);
  drop(file("sending"));
}

bool BucketDatabase::push() {
  if (!has_copy() || (!is_dirty() && !is_held())) return false;
  const FolderLock folder(folder_);
  last_push_ = std::chrono::steady_clock::now();
  const bool sends = is_dirty() && !base_stamp().empty();
  fs::path copy;
  try {
    if (sends) {
      if (!is_held()) {
        take_lock();
        base::write_file(file("held"), "", base::Readers::owner);
      }
      if (is_there(file("sending"))) check_base(look());
      {
        const auto writer = connect();
        writer->begin(true);  // nobody writes between the snapshot and the end of `dirty`
        copy = snapshot();
        base::write_file(file("sending"), base::hash_path(copy).digest, base::Readers::owner);
        drop(file("dirty"));
        writer->rollback();
      }
      wait_for_next_second();
      try {
        send(copy);
      } catch (const Error& e) {
        if (e.code() != Code::conflict) throw;
        check_base(look());
        if (is_there(file("sending"))) throw;  // the server was asked by two at once, and neither won
      }
      drop(copy);
    }
    let_go();
    wrote_ = left_over_ = false;
  } catch (Error& e) {
    if (!copy.empty()) drop(copy);
    wrote_ = left_over_ = false;  // who asked for it is told
    let_others_write(e);
    e.add_context(
        fmt::format("while putting the database of '{}' into the bucket; what was written is kept here and "
                    "is sent by the next program that connects, or by `lamin sync`",
                    settings_.slug()));
    throw;
  }
  return sends;
}

bool BucketDatabase::create(const std::function<void()>& make) {
  base::write_file(file("place"), settings_.storage_root + "\n", base::Readers::owner);
  const FolderLock folder(folder_);
  if (exists()) return false;
  if (has_copy() && !base_stamp().empty()) {
    throw Error(Code::conflict,
                fmt::format("There is no database '{}', but a copy of one that was there, at '{}': put it back into "
                            "the bucket, or remove the folder '{}' to begin anew.",
                            place(), file(copy_name).string(), folder_.string()));
  }
  if (!store().can().decides) {
    throw Error(Code::unsupported,
                fmt::format("The database of an instance cannot lie in '{}': this kind of storage does not decide "
                            "between two writers. Pass --db with a PostgreSQL database or a SQLite file, as "
                            "sqlite:///path/lamin.db",
                            settings_.storage_root));
  }
  for (const auto* tail : {"", "-wal", "-shm"}) drop(file(copy_name).string() + tail);
  drop(file("sending"));
  make();
  const auto copy = snapshot();
  base::write_file(file("sending"), base::hash_path(copy).digest, base::Readers::owner);
  try {
    send(copy);
  } catch (const Error& e) {
    drop(copy);
    const auto entry = e.code() == Code::conflict ? look() : std::nullopt;
    if (!entry) throw;
    return was_sent(*entry);
  }
  drop(copy);
  return true;
}

void BucketDatabase::remove() {
  if (!is_there(folder_)) base::write_file(file("place"), settings_.storage_root + "\n", base::Readers::owner);
  const FolderLock folder(folder_);
  if (!is_held()) take_lock();
  store().remove(database_key);
  store().remove(fmt::format(".lamindb/_exclusion/{}", settings_.id));
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void BucketDatabase::break_lock() {
  const FolderLock folder(folder_);
  BucketLock(store(), settings_.id, user_.handle).break_open();
  drop(file("held"));
  drop(file("taking"));
}

fs::path BucketDatabase::put_aside() {
  const FolderLock folder(folder_);
  if (!is_dirty()) return {};
  const auto writer = connect();
  writer->begin(true);
  const auto copy = snapshot();
  const auto kept = file(fmt::format("kept-{}-{}.db", stamp_of_time(), base::random_uid(4)));
  base::sync_path(copy);
  fs::rename(copy, kept);
  note_base(std::string(nothing), true);
  for (const auto* name : {"dirty", "sending", "held"}) drop(file(name));
  base::sync_path(folder_);
  writer->rollback();
  give_up_lock();
  return kept;
}

}  // namespace lamin::lake
