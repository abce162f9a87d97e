#include "lake/instance/bucket_database.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <thread>
#include "base/checkpoint.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/log.hpp"
#include "base/path.hpp"
#include "base/time.hpp"
#include "base/uid.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/source.hpp"
#include "lamin/storage.hpp"
#include "store/download.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view nothing = "none";
constexpr auto longest_unsent = std::chrono::seconds(30);  // while a program goes on writing
constexpr auto first_notice = std::chrono::seconds(3);

std::chrono::seconds patience() {
  const char* text = std::getenv("LAMIN_LOCK_SECONDS");
  return std::chrono::seconds(text != nullptr && *text != '\0' ? std::atoi(text) : 60);
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

std::shared_ptr<BucketDatabase> BucketDatabase::of(const InstanceSettings& settings) {
  return is_in_bucket(settings) ? std::make_shared<BucketDatabase>(settings) : nullptr;
}

BucketDatabase::BucketDatabase(const InstanceSettings& settings)
    : settings_(settings), user_(current_user()), copy_(copy_folder(settings)) {}

std::string BucketDatabase::place() const { return address(settings_.storage_root, database_key); }

store::Store& BucketDatabase::store() {
  if (!store_) store_ = store::open_store(settings_.storage_root, {.region = settings_.storage_region});
  return *store_;
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
    copy_.drop(to);
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
  const auto fresh = copy_.fresh("fetched");
  std::string stamp;
  try {
    fetch_to(entry, fresh, stamp);
    if (!copy_.exists()) {
      // Opened once, so that what is no database never gets the name.
      static_cast<void>(db::open_connection("sqlite://" + fresh.string(), {.read_only = true})->table_exists("x"));
      base::sync_path(fresh);
      fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write);
      fs::rename(fresh, copy_.database());
      base::sync_path(copy_.folder());
    } else {
      db::replace_content(copy_.database().string(), fresh.string());
    }
    copy_.drop(fresh);
  } catch (Error& e) {
    copy_.drop(fresh);
    e.add_context(fmt::format("while fetching the database '{}'", place()));
    throw;
  }
  copy_.note_base(stamp, false);
}

void BucketDatabase::refresh() {
  copy_.note("place", settings_.storage_root + "\n");
  const FolderLock lock(copy_, !copy_.exists());
  if (!lock.has_it()) return;  // it is being sent or fetched: what is here is whole
  left_over_ = copy_.is_held() || copy_.is_dirty();
  if (copy_.is_held() && copy_.exists() && !copy_.base_stamp().empty()) return;
  std::optional<store::Entry> entry;
  try {
    entry = look();
  } catch (const Error& e) {
    if (e.code() != Code::unavailable || !copy_.exists() || copy_.base_stamp().empty()) throw;
    refusal_ = e.what();
    base::log(Level::warning, fmt::format("the database in the bucket cannot be asked for: what is here may be out of "
                                          "date ({})",
                                          e.what()));
    return;
  }
  if (copy_.exists() && !copy_.base_stamp().empty() && copy_.is_dirty()) return;
  if (copy_.has("taking")) give_up_lock();
  if (!entry) {
    throw Error(
        Code::not_found,
        fmt::format("There is no database '{}'{}; `lamin init --storage {}` makes one.", place(),
                    copy_.exists() ? fmt::format(" any more; a copy is at '{}'", copy_.database().string()) : "",
                    settings_.storage_root));
  }
  if (copy_.exists() && copy_.base_stamp().empty()) {  // of an init that was killed
    if (was_sent(*entry)) return;
    copy_.drop_database();
    for (const auto* name : {"dirty", "sending"}) copy_.drop(name);
  }
  if (!copy_.exists() || copy_.base_stamp() != entry->stamp) pull(*entry);
}

// Whether what lies in the bucket is what a killed program sent from here.
bool BucketDatabase::was_sent(const store::Entry& entry) {
  if (!copy_.has("sending")) return false;
  const auto fresh = copy_.fresh("fetched");
  std::string stamp;
  fetch_to(entry, fresh, stamp);
  const auto digest = base::hash_path(fresh).digest;
  copy_.drop(fresh);
  if (copy_.noted("sending") != digest) return false;
  copy_.note_base(stamp, true);
  copy_.drop("sending");
  return true;
}

void BucketDatabase::check_base(const std::optional<store::Entry>& entry) {
  const auto base = copy_.base_stamp();
  if (entry && entry->stamp == base) return;
  if (entry && was_sent(*entry)) return;
  throw Error(
      Code::conflict,
      fmt::format(
          "The database '{}' {} since this machine began to write. Nothing is lost: what was written here is in "
          "'{}' and not in the bucket. `lamin sync --discard` puts it aside as a file of its own and goes on "
          "with the database in the bucket.",
          place(), entry ? "was changed by another program that did not respect the lock" : "was removed",
          copy_.database().string()));
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
  if (!copy_.has("token")) copy_.note("token", base::random_uid(20));
  const auto token = copy_.noted("token");
  copy_.note("taking");
  const auto began = std::chrono::steady_clock::now();
  BucketLock lock(store(), settings_.id, user_.handle);
  bool told = false;
  for (int pause_ms = 50;; pause_ms = std::min(2 * pause_ms, 1000)) {
    const auto holder = lock.take(token);
    if (!holder) return;
    const auto waited = std::chrono::steady_clock::now() - began;
    if (holder->is_lamindb || waited > patience()) fail_for(*holder);
    if (!told && waited > first_notice) {
      told = true;
      base::log(Level::info, fmt::format("waiting for {}, who is writing '{}'", holder->text(), place()));
    }
    base::checkpoint();
    std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms + began.time_since_epoch().count() % 50));
  }
}

void BucketDatabase::before_begin() {
  if (copy_.is_held()) return;
  const FolderLock folder(copy_);
  if (copy_.is_held()) return;
  try {
    take_lock();
    const auto entry = look();
    if (copy_.is_dirty()) check_base(entry);
    else if (!entry) check_base(entry);
    else if (entry->stamp != copy_.base_stamp()) pull(*entry);
    copy_.note("held");
  } catch (Error& e) {
    if (refusal_.empty()) refusal_ = e.what();
    let_others_write(e);
    e.add_context(fmt::format("while locking the database of '{}' for writing", settings_.slug()));
    throw;
  }
}

bool BucketDatabase::began() {
  if (!copy_.is_held()) return false;
  if (!copy_.has("dirty")) copy_.note("dirty");
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
  const auto connection = copy_.connect();
  connection->begin(true);
  const bool clean = !copy_.is_dirty();
  if (clean) {
    copy_.drop("held");
    base::sync_path(copy_.folder());
  }
  connection->rollback();
  if (clean) give_up_lock();
}

// What cannot be put into the bucket before somebody decides must not keep others from it.
void BucketDatabase::let_others_write(const Error& because) noexcept {
  if (because.code() != Code::conflict) return;
  try {
    copy_.drop("held");
    give_up_lock();
  } catch (const std::exception&) {  // the next program gives it up
  }
}

void BucketDatabase::give_up_lock() {
  BucketLock(store(), settings_.id, user_.handle).release(copy_.noted("token"));
  copy_.drop("taking");
}

// LaminDB sees a change by the second of the object's time: an object that replaces another program's must have a later
// one.
void BucketDatabase::wait_for_next_second() const {
  constexpr std::chrono::milliseconds enough(1100);
  if (const auto age = copy_.age()) std::this_thread::sleep_for(std::min(enough - *age, enough));
}

void BucketDatabase::send(const fs::path& snapshot) {
  const auto base = copy_.base_stamp();
  const auto local = store::open_local(snapshot.parent_path());
  const auto reader = local->open(snapshot.filename().string());
  const auto stamp =
      store().put_if(*reader, database_key, {.is_absent = base.empty(), .etag = base.empty() ? "" : base});
  copy_.note_base(stamp.empty() ? look().value_or(store::Entry{}).stamp : stamp, true);
  copy_.drop("sending");
}

bool BucketDatabase::push() {
  if (!copy_.exists() || (!copy_.is_dirty() && !copy_.is_held())) return false;
  const FolderLock folder(copy_);
  last_push_ = std::chrono::steady_clock::now();
  const bool sends = copy_.is_dirty() && !copy_.base_stamp().empty();
  fs::path copy;
  try {
    if (sends) {
      if (!copy_.is_held()) {
        take_lock();
        copy_.note("held");
      }
      if (copy_.has("sending")) check_base(look());
      {
        const auto writer = copy_.connect();
        writer->begin(true);  // nobody writes between the snapshot and the end of `dirty`
        copy = copy_.snapshot();
        copy_.note("sending", base::hash_path(copy).digest);
        copy_.drop("dirty");
        writer->rollback();
      }
      wait_for_next_second();
      try {
        send(copy);
      } catch (const Error& e) {
        if (e.code() != Code::conflict) throw;
        check_base(look());
        if (copy_.has("sending")) throw;  // the server was asked by two at once, and neither won
      }
      copy_.drop(copy);
    }
    let_go();
    wrote_ = left_over_ = false;
  } catch (Error& e) {
    if (!copy.empty()) copy_.drop(copy);
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
  copy_.note("place", settings_.storage_root + "\n");
  const FolderLock folder(copy_);
  if (exists()) return false;
  if (copy_.exists() && !copy_.base_stamp().empty()) {
    throw Error(Code::conflict,
                fmt::format("There is no database '{}', but a copy of one that was there, at '{}': put it back into "
                            "the bucket, or remove the folder '{}' to begin anew.",
                            place(), copy_.database().string(), copy_.folder().string()));
  }
  if (!store().can().decides) {
    throw Error(Code::unsupported,
                fmt::format("The database of an instance cannot lie in '{}': this kind of storage does not decide "
                            "between two writers. Pass --db with a PostgreSQL database or a SQLite file, as "
                            "sqlite:///path/lamin.db",
                            settings_.storage_root));
  }
  copy_.drop_database();
  copy_.drop("sending");
  make();
  const auto copy = copy_.snapshot();
  copy_.note("sending", base::hash_path(copy).digest);
  try {
    send(copy);
  } catch (const Error& e) {
    copy_.drop(copy);
    const auto entry = e.code() == Code::conflict ? look() : std::nullopt;
    if (!entry) throw;
    return was_sent(*entry);
  }
  copy_.drop(copy);
  return true;
}

void BucketDatabase::remove() {
  if (!copy_.has("place")) copy_.note("place", settings_.storage_root + "\n");
  const FolderLock folder(copy_);
  if (!copy_.is_held()) take_lock();
  store().remove(database_key);
  store().remove(fmt::format(".lamindb/_exclusion/{}", settings_.id));
  std::error_code ignored;
  fs::remove_all(copy_.folder(), ignored);
}

void BucketDatabase::break_lock() {
  const FolderLock folder(copy_);
  BucketLock(store(), settings_.id, user_.handle).break_open();
  copy_.drop("held");
  copy_.drop("taking");
}

fs::path BucketDatabase::put_aside() {
  const FolderLock folder(copy_);
  if (!copy_.is_dirty()) return {};
  const auto writer = copy_.connect();
  writer->begin(true);
  const auto copy = copy_.snapshot();
  const auto kept = copy_.file(fmt::format("kept-{}-{}.db", stamp_of_time(), base::random_uid(4)));
  base::sync_path(copy);
  fs::rename(copy, kept);
  copy_.note_base(nothing, true);
  for (const auto* name : {"dirty", "sending", "held"}) copy_.drop(name);
  base::sync_path(copy_.folder());
  writer->rollback();
  give_up_lock();
  return kept;
}

}  // namespace lamin::lake
