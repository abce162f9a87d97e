// bucket_copy.hpp -- the folder with the copy of a database that lies in a bucket, and what is noted beside the copy:
//   base     the stamp of the object that the copy began as
//   held     this machine holds the lock in the bucket, with `token`
//   taking   it may hold it
//   dirty    there is, or may be, content that the bucket has not
//   sending  the digest of what is being put into the bucket
//   place    the storage, for people who look into the folder
//
// It is below the user's settings, not in the cache, because it may hold what is nowhere else yet. All programs of this
// user on this machine share it. What the notes mean together: bucket_database.hpp.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include "db/connection.hpp"
#include "store/posix.hpp"

namespace lamin::lake {

class BucketCopy {
 public:
  explicit BucketCopy(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path file(std::string_view name) const { return folder_ / std::string(name); }
  std::filesystem::path database() const;
  /// A name that nothing has: "snapshot-f3kQz1".
  std::filesystem::path fresh(std::string_view what) const;

  bool has(std::string_view note) const;
  void note(std::string_view note, std::string_view text = {}) const;
  /// "" if it is not there; without blanks around it.
  std::string noted(std::string_view note) const;
  void drop(const std::filesystem::path& file) const;  ///< a note, or what `fresh` and `snapshot` name

  bool exists() const;
  bool is_held() const { return has("held"); }
  /// Whether it holds, or may hold, what the bucket has not.
  bool is_dirty() const;
  std::string base_stamp() const;
  /// `is_ours`: the object was put there from here.
  void note_base(std::string_view stamp, bool is_ours) const;
  /// How long ago the base was fetched; nullopt if it was put there from here.
  std::optional<std::chrono::milliseconds> age() const;

  std::unique_ptr<db::Connection> connect() const;
  /// Writes the current content of the copy to a separate file.
  std::filesystem::path snapshot() const;
  /// Removes the copy with its journal.
  void drop_database() const;

 private:
  std::filesystem::path folder_;
};

/// Held while the notes, or the copy as a whole, are changed; goes with its process.
class FolderLock {
 public:
  explicit FolderLock(const BucketCopy& copy, bool wait = true);
  bool has_it() const { return has_it_; }

 private:
  store::Fd fd_;
  bool has_it_ = false;
};

}  // namespace lamin::lake
