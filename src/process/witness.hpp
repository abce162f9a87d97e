// witness.hpp -- what is known of the files that a program opens: built up call by call, before each call happens.
//
// Invariants
//   1. A file counts as read if it was opened for reading while its content was not yet the program's own.
//   2. The content of a file that was read is known even if the program changes or removes the file later: it is hashed
//      before that call, or kept by a new name.
//   3. Only regular files are listed. A call that will fail may leave a file that is not there at the end: `gone`.
// One thread at a time.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>
#include "base/hash.hpp"
#include "process/places.hpp"

namespace lamin::process {

/// Which bytes a place holds, as far as its folder tells.
struct Stamp {
  std::uint64_t device = 0, inode = 0;
  std::int64_t size = 0, time = 0;  ///< bytes; nanoseconds
  bool operator==(const Stamp&) const = default;
};
/// nullopt if it is not a regular file.
std::optional<Stamp> stamp_of(const std::string& path);

struct FileUse {
  std::string path = {};  ///< absolute, links resolved
  Role role = Role::data;
  bool read = false, written = false, executed = false;
  bool gone = false;                          ///< not there when the program had ended
  bool is_new = false;                        ///< was not there when it was opened first
  std::int64_t size = 0;                      ///< when it was opened first or, if written, at the end
  std::optional<base::FileHash> before = {};  ///< what was read, of a file that was changed or removed after that
  std::string now_at = {};                    ///< where the bytes that were read are now, if the file was renamed
};

class Witness {
 public:
  explicit Witness(Places places) : places_(std::move(places)) {}

  /// Whether a call for this path may matter; false for most of what programs open.
  bool matters(std::string_view path) const { return places_.role(path) != Role::system; }

  // Calls that are about to happen. Paths are absolute; they need not exist.
  void opened(const std::string& path, int flags);
  void executed(const std::string& path);
  void renamed(const std::string& from, const std::string& to, bool exchange);
  void linked(const std::string& from, const std::string& to);
  void removed(const std::string& path);

  /// Whether a change is allowed: below one of the folders, to a device, or to a new temporary file. Notes it if not.
  bool may_change(const std::string& path, const std::string& other, const std::vector<std::string>& folders);
  std::vector<std::string> refused() const { return {refused_.begin(), refused_.end()}; }

  /// The program has ended: all files, sorted by path.
  std::vector<FileUse> finish();
  std::int64_t environment_files() const { return static_cast<std::int64_t>(environment_.size()); }

 private:
  struct Known {
    FileUse use;
    std::optional<Stamp> first = {};
  };
  Known* at(const std::string& path, const std::optional<Stamp>& stamp);
  void remember(Known& known);
  void write(const std::string& path, const std::optional<Stamp>& stamp);
  void move_folder(const std::string& from, const std::string& to);
  void move_file(const std::string& from, const std::string& to, const Stamp& stamp, bool keeps);

  Places places_;
  std::map<std::string, Known> files_;
  std::unordered_set<std::string> seen_;         ///< paths whose reading adds nothing
  std::unordered_set<std::string> environment_;  ///< paths
  std::set<std::string> refused_;
};

}  // namespace lamin::process
