// fsck.hpp -- checks and repairs the rows and bytes of a whole instance.
//
// A read verifies what it reads (instance.hpp: Verify). `fsck` looks at everything: rows without bytes, rows whose
// bytes differ from what was saved, bytes without rows, leftovers of crashed programs. It can run while others write,
// leaves their announced work alone, and changes nothing unless asked to repair. A repair never deletes what could be
// somebody's data: bytes without a row, and wrong bytes, are moved to .lamindb/lost+found of their storage. Files under
// names that a user chose belong to the user: without a row they are ignored.
//
// Example: examples/cpp/fsck.cpp
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include "lamin/instance.hpp"

namespace lamin {

enum class FindingKind {
  missing,        ///< a row whose bytes are missing
  wrong_size,     ///< a row with more or fewer bytes (in a folder, also files) than were saved
  wrong_content,  ///< a row whose bytes have another digest
  unreadable,     ///< a row whose bytes cannot be read (disk error, permissions)
  no_row,         ///< bytes in .lamindb without a row or a running writer
  interrupted,    ///< an operation of a dead process, neither finished nor rolled back
  leftover,       ///< unfinished copies of a dead process
  draft,          ///< a dataset that a dead process wrote in order to save it
  lost_table,     ///< a table that the database must have, but does not
  unreachable,    ///< a storage that cannot be opened; its artifacts are not checked
  // The following are informational and need no repair.
  no_digest,   ///< LaminDB wrote the row, so only its hash can be compared
  superseded,  ///< a version whose bytes a later one replaced at the same place
  mended,      ///< already repaired when the instance was opened
};
std::string_view name_of(FindingKind kind);  ///< "wrong_size"
bool is_information(FindingKind kind);       ///< one of the last three

struct Finding {
  FindingKind kind = FindingKind::missing;
  std::string uid = {}, key = {};  ///< of the artifact; for bytes without a row, the uid in their name
  std::string place = {};          ///< full path or URL
  std::string what = {};           ///< what was found and what was expected
  std::string done = {};           ///< what the repair did; empty: not repaired
  std::int64_t size = -1;          ///< actual size in bytes; -1 = unknown
  bool remains() const { return done.empty() && !is_information(kind); }
};

struct FsckOptions {
  bool full = false;         ///< read everything and compare digests
  bool repair = false;       ///< repair whatever can be repaired without loss
  bool resume = false;       ///< continue where the same check was interrupted, if it was
  std::string storage = {};  ///< root of the only storage to check; empty = all, plus drafts and tables
  std::chrono::seconds grace = std::chrono::hours(1);  ///< younger drafts and leftovers may still be claimed
};

struct FsckProgress {
  std::int64_t artifacts = 0, of = 0;  ///< checked, to check
  std::int64_t bytes = 0;              ///< read to compute digests
  std::int64_t found = 0;
};

/// Both are called on the thread that called fsck. If `progress` returns false, the check ends with interrupted; a
/// later one with `resume` continues from there.
struct FsckWatch {
  std::function<void(const Finding&)> finding = {};
  std::function<bool(const FsckProgress&)> progress = {};
};

struct FsckReport {
  std::int64_t artifacts = 0, bytes = 0;  ///< checked, read; of a resumed check since its start
  std::int64_t found = 0, repaired = 0;   ///< without informational findings
  std::int64_t information = 0;
  bool clean() const { return found == repaired; }
};

/// Memory does not grow with the number of artifacts; files are read by as many threads as there are cores. Throws
/// not_found (no such storage), interrupted, unavailable (the database). Damaged bytes are reported, never thrown.
FsckReport fsck(Instance& instance, const FsckOptions& options = {}, const FsckWatch& watch = {});

struct Leftovers {
  std::int64_t drafts = 0, staged = 0;  ///< removed: unsaved datasets, folders of unfinished copies
  std::int64_t bytes = 0;               ///< of both
  std::int64_t young = 0;               ///< kept because they are younger than the grace period
};
/// Removes drafts and unfinished copies of dead processes that are older than `grace`, in every storage of the
/// instance; those of a running process are kept. Never throws for a file that cannot be removed.
Leftovers remove_leftovers(Instance& instance, std::chrono::seconds grace = std::chrono::hours(1));

}  // namespace lamin
