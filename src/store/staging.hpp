// staging.hpp -- a folder for unfinished objects inside a local store.
//
// Invariants:
//   1. It lies below the store's root, so that what is finished is renamed to its key.
//   2. Whoever fills a staging folder holds a lock on it; a folder without a lock is what a crash left, and `sweep`
//      removes it.
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
  bool is_there() const;                  ///< false if somebody removed it from outside
  static std::string new_name();          ///< random: it stays unique across forks
  void discard(const std::string& name);  ///< file or folder with all that is in it; failures are left to `sweep`
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
