// sqlite_unlocked.hpp -- a file that is read without locks, and whether it is unchanged.
#pragma once
#include <cstdint>
#include <string>

namespace lamin::db::sqlite {

/// Holds from construction until somebody writes the file or starts a log next to it. SQLite never writes the file of a
/// database with a log before the log has content, so what was read while this held is one state of the database.
class Unlocked {
 public:
  explicit Unlocked(std::string path);
  bool holds() const;

 private:
  struct State {
    std::uint64_t device = 0, inode = 0;
    std::int64_t size = -1, modified_ns = 0, changed_ns = 0;
    bool log = false;  ///< one with content
    bool operator==(const State&) const = default;
  };
  State look() const;

  std::string path_;
  State state_;
};

}  // namespace lamin::db::sqlite
