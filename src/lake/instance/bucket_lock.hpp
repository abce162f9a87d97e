// bucket_lock.hpp -- one writer at a time of a SQLite database that lies in a bucket, LaminDB among them.
//
// LaminDB's lock is Lamport's bakery, with files below `.lamindb/_exclusion/<instance>/` for each of its users, held
// from connect to disconnect. It cannot tell two programs of one user apart. So all programs like this one are together
// one customer of the bakery, and decide among themselves by an object that only one of them can make.
//
// Invariants
//   1. Whoever holds the object, and has its turn in the bakery, is the only writer that respects locks.
//   2. The object states its holder's token, so that a program that was killed finds its lock again.
//   3. A lock that is lost by force or expiry costs no content: the database itself is replaced on a condition.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include "store/store.hpp"

namespace lamin::lake {

struct LockHolder {
  bool is_lamindb = false;
  std::string user = {};   ///< handle; of LaminDB the uid
  std::string host = {};   ///< empty if unknown
  std::string since = {};  ///< empty if unknown
  std::string token = {};

  std::string text() const;  ///< for messages: "ada on node7 since 2026-11-29 10:00:00 UTC"
};

class BucketLock {
 public:
  /// `user`: handle of who asks. Both outlive the lock.
  BucketLock(store::Store& store, std::string_view instance_id, std::string_view user);
  /// Takes it, or finds that `token` has it; otherwise returns who has it, at once. Throws no_access, unavailable,
  /// unsupported (a store that does not decide between two writers).
  std::optional<LockHolder> take(const std::string& token);
  /// Does nothing to a lock of another token.
  void release(const std::string& token);
  /// Whoever has it; nullopt if nobody has.
  std::optional<LockHolder> holder();
  /// Takes it away from whoever has it.
  void break_open();

 private:
  std::string at(std::string_view name) const { return folder_ + std::string(name); }
  std::optional<std::string> read(std::string_view name);
  void write(std::string_view name, std::string_view text, const store::Condition& condition = {});
  std::optional<LockHolder> read_holder();
  std::optional<LockHolder> take_object(const std::string& token);
  void check_decides();
  std::vector<std::string> customers();
  void join_customers();
  std::int64_t number_of(const std::string& customer);
  std::optional<std::string> enter();

  store::Store& store_;
  std::string folder_, user_;
};

}  // namespace lamin::lake
