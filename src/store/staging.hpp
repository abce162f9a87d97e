// staging.hpp -- a folder for unfinished objects inside a local store.
//
// Invariants:
//   1. It is below the store's root, so that a finished object can be renamed to its key.
//   2. A process that fills a staging folder holds a lock on it; a folder without a lock was left by a crash, and
//      `sweep` removes it.
#pragma once
#include <string>
#include "store/posix.hpp"
#include "store/store.hpp"

namespace lamin::store {

class Staging {
 public:
  /// `root` is the open root folder, `root_path` its name for messages.
  Staging(int root, std::string root_path);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  int folder() const { return folder_.get(); }
  bool is_there() const;                  ///< false if it was removed from outside
  static std::string new_name();          ///< random: it stays unique across forks
  void discard(const std::string& name);  ///< removes a file or a folder with its content; failures are left to `sweep`
  static Swept sweep(int root, const std::string& root_path);

 private:
  int root_;
  std::string root_path_, name_;
  Fd folder_;
};

/// Removes what a failed operation staged.
class Staged {
 public:
  explicit Staged(Staging& staging) : staging_(staging), name_(Staging::new_name()) {}
  ~Staged() {
    if (!published_) staging_.discard(name_);
  }
  Staged(Staged&& other) noexcept
      : staging_(other.staging_), name_(other.name_), published_(std::exchange(other.published_, true)) {}
  Staged& operator=(Staged&&) = delete;
  int folder() const { return staging_.folder(); }
  const std::string& name() const { return name_; }
  void published() { published_ = true; }

 private:
  Staging& staging_;
  std::string name_;
  bool published_ = false;
};

}  // namespace lamin::store
