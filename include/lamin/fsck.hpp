// fsck.hpp -- whether rows and bytes of a whole instance are what they should be, and what can be mended.
//
// A read verifies what it reads (instance.hpp: Verify). `fsck` looks at everything: rows without bytes, rows with other
// bytes than were saved, bytes without rows, what crashed programs left. It runs beside writers, whose announced work
// it leaves alone, and changes nothing unless it is asked to repair. A repair deletes nothing that could be anybody's
// data: what no row explains, and what is wrong, goes to .lamindb/lost+found of its storage. Files under names that a
// user chose are the user's: where no row speaks of them they are not looked at.
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
  missing,        ///< a row whose bytes are not there
  wrong_size,     ///< a row whose bytes are more or fewer than were saved; of a folder also its files
  wrong_content,  ///< a row whose bytes have another digest
  unreadable,     ///< a row whose bytes the disk or its rights refuse
  no_row,         ///< bytes in .lamindb that no row and no running writer explains
  interrupted,    ///< an operation of a process that is gone, neither finished nor taken back
  leftover,       ///< unfinished copies of a process that is gone
  draft,          ///< a dataset that was written to be saved, by a process that is gone
  lost_table,     ///< a table that the database must have
  unreachable,    ///< a storage that cannot be opened: its artifacts are not checked
  // What follows is good to know and nothing to repair.
  no_digest,   ///< LaminDB wrote the row: only its own hash can be compared
  superseded,  ///< a version whose bytes a later one replaced at their common place
  mended,      ///< what opening the instance has put in order already
};
std::string_view name_of(FindingKind kind);  ///< "wrong_size"
bool is_information(FindingKind kind);       ///< one of the last three

struct Finding {
  FindingKind kind = FindingKind::missing;
  std::string uid = {}, key = {};  ///< of the artifact; of bytes without a row the uid that their name says
  std::string place = {};          ///< full path or URL
  std::string what = {};           ///< what was found, and what was expected
  std::string done = {};           ///< what the repair did about it; empty: it remains
  std::int64_t size = -1;          ///< bytes there are; -1 = unknown
  bool remains() const { return done.empty() && !is_information(kind); }
};

struct FsckOptions {
  bool full = false;         ///< read everything and compare digests
  bool repair = false;       ///< mend what can be mended without losing anything
  bool resume = false;       ///< go on where the same check was interrupted, if it was
  std::string storage = {};  ///< root of the one storage to check; empty = all, and drafts and tables
  std::chrono::seconds grace = std::chrono::hours(1);  ///< what is younger may yet be claimed: drafts, leftovers
};

struct FsckProgress {
  std::int64_t artifacts = 0, of = 0;  ///< checked, to check
  std::int64_t bytes = 0;              ///< read to compute digests
  std::int64_t found = 0;
};

/// Both are called on the thread that called fsck. `progress` ends the check by answering false: it throws interrupted,
/// and a later one with `resume` goes on from there.
struct FsckWatch {
  std::function<void(const Finding&)> finding = {};
  std::function<bool(const FsckProgress&)> progress = {};
};

struct FsckReport {
  std::int64_t artifacts = 0, bytes = 0;  ///< checked, read; of a check that was resumed from its start on
  std::int64_t found = 0, repaired = 0;   ///< without information
  std::int64_t information = 0;
  bool clean() const { return found == repaired; }
};

/// Memory does not grow with the number of artifacts; files are read by as many threads as there are cores. Throws
/// not_found (no such storage), interrupted, unavailable (the database). What is wrong with bytes is never thrown.
FsckReport fsck(Instance& instance, const FsckOptions& options = {}, const FsckWatch& watch = {});

struct Leftovers {
  std::int64_t drafts = 0, staged = 0;  ///< removed: datasets written to be saved, folders of unfinished copies
  std::int64_t bytes = 0;               ///< of both
  std::int64_t young = 0;               ///< left, because they are younger than the grace time
};
/// Removes drafts and unfinished copies of processes that are gone, where they are older than `grace`; those of a
/// running process stay. Every storage of the instance is looked at. Never throws for a file that cannot be removed.
Leftovers remove_leftovers(Instance& instance, std::chrono::seconds grace = std::chrono::hours(1));

}  // namespace lamin
