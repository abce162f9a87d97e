// bucket_database.hpp -- a SQLite database that lies in a bucket: its copy here (bucket_copy.hpp) is fetched, locked
// for writing and put back.
//
// Invariants
//   1. Nothing is written to the copy without the lock, and not before the copy is what lies in the bucket.
//   2. `dirty` is durable before a transaction can commit, and goes only when its content is on its way in `sending`,
//      which goes only when the bucket has it. So a copy with neither can be replaced, and one with either never is.
//   3. The bucket's object is replaced only if it is still the one that the copy began as: no writer's work is lost,
//      whoever ignores the lock or outlives it.
//   4. The lock is let go only when there is nothing to send, and nobody here can begin to write in between.
//   5. What a killed program left is the same to the next one as what a living program is doing.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include "db/connection.hpp"
#include "lake/instance/bucket_copy.hpp"
#include "lake/instance/bucket_lock.hpp"
#include "lamin/instance.hpp"
#include "store/store.hpp"

namespace lamin::lake {

inline constexpr std::string_view database_key = ".lamindb/lamin.db";

/// Whether the database is a file of the instance's storage, which is a bucket.
bool is_in_bucket(const InstanceSettings& settings);
/// Where its copy is.
std::filesystem::path copy_folder(const InstanceSettings& settings);

class BucketDatabase final : public db::Gate {
 public:
  /// nullptr for other instances.
  static std::shared_ptr<BucketDatabase> of(const InstanceSettings& settings);
  explicit BucketDatabase(const InstanceSettings& settings);

  /// Whether the bucket has a database.
  bool exists();
  /// Brings the copy up to date unless it holds what the bucket has not. Throws not_found if neither bucket nor copy
  /// is there; if the bucket cannot be reached, what is here is used.
  void refresh();
  /// Puts what was written here into the bucket and lets go of the lock; true if there was something. Throws conflict
  /// if the bucket's database was changed by somebody else: nothing is lost, `sync` says what can be done.
  bool push();
  /// Puts a new database, which `make` makes at the place of the copy, into the bucket. False if there is one already.
  bool create(const std::function<void()>& make);
  /// Removes the database from the bucket, and the copy.
  void remove();
  /// Takes the lock from whoever has it, and lets it go.
  void break_lock();
  /// Puts the copy aside, if it holds what the bucket has not; returns where it is.
  std::filesystem::path put_aside();

  bool is_dirty() const { return copy_.is_dirty(); }
  /// Whether this one has something to send: it wrote, or found what a killed program left.
  bool owes() const { return wrote_ || left_over_; }
  /// Why the bucket could not be asked or written; empty if it could.
  const std::string& refusal() const { return refusal_; }
  std::string place() const;

  void before_begin() override;
  bool began() override;
  void committed() noexcept override;
  bool is_open() override { return copy_.is_held(); }

 private:
  store::Store& store();
  std::optional<store::Entry> look();
  void fetch_to(store::Entry entry, const std::filesystem::path& to, std::string& stamp);
  void pull(const store::Entry& entry);
  void take_lock();
  void let_go();
  void give_up_lock();
  void let_others_write(const Error& because) noexcept;
  bool was_sent(const store::Entry& entry);
  /// What the bucket has is the base of the copy; otherwise throws conflict.
  void check_base(const std::optional<store::Entry>& entry);
  [[noreturn]] void fail_for(const LockHolder& holder);
  void wait_for_next_second() const;
  void send(const std::filesystem::path& snapshot);

  InstanceSettings settings_;
  UserSettings user_;
  BucketCopy copy_;
  std::unique_ptr<store::Store> store_;
  std::string refusal_;
  bool wrote_ = false;      // through this one
  bool left_over_ = false;  // something was to be sent when the copy was opened
  std::chrono::steady_clock::time_point last_push_ = std::chrono::steady_clock::now();
};

}  // namespace lamin::lake
