// parts.hpp -- the parts of a check of a whole instance, in the order in which they run.
//
//   tables       what the database has lost
//   interrupted  operations of dead processes
//   artifacts    each row against its bytes; may resume where it was interrupted
//   objects      contents of .lamindb against rows and intents
//   leftovers    unfinished copies, drafts
//
// Invariants
//   1. What a running writer has announced is neither reported nor touched. Bytes are read first, then intents, then
//      rows: a writer goes from intent to row in one transaction, so one of the two is seen.
//   2. Nothing that could be data is deleted: it is moved to lost+found.
#pragma once
#include <string>
#include <vector>
#include "lake/artifact/verify.hpp"
#include "lamin/fsck.hpp"
#include "store/store.hpp"

namespace lamin::lake {

inline constexpr std::string_view lost_and_found = ".lamindb/lost+found";

struct CheckedStorage {
  std::int64_t id = 0;
  std::string root;
  bool ours = false;  ///< managed by this instance: bytes without a row have no owner
  store::Store* store = nullptr;
};

/// What all parts share.
class FsckRun {
 public:
  FsckRun(Instance& instance_, const FsckOptions& options_, const FsckWatch& watch)
      : instance(instance_), options(options_), watch_(watch) {}

  void found(Finding finding);
  /// Reports progress; throws interrupted if the caller wants to stop.
  void step(std::int64_t artifacts_now = 0, std::int64_t bytes_now = 0);

  Instance& instance;
  const FsckOptions& options;
  FsckReport report;
  std::vector<CheckedStorage> storages;  ///< those that can be opened
  std::int64_t artifacts_in_all = 0;

 private:
  const FsckWatch& watch_;
};

void check_tables(FsckRun& run);
void check_interrupted(FsckRun& run);
void check_artifacts(FsckRun& run);
void check_objects(FsckRun& run, const CheckedStorage& storage);
void check_leftovers(FsckRun& run);

/// The places in a storage that intents mention, including those with files next to them.
class AnnouncedPlaces {
 public:
  AnnouncedPlaces(Instance& instance, std::int64_t storage);
  bool explains(std::string_view place) const;

 private:
  std::vector<std::string> places_, operations_;
};

/// Moves what is at a place to lost+found and returns its new place; "" if a writer or a row now has it. `rightful`: an
/// artifact whose bytes at the place are wrong.
std::string set_aside(FsckRun& run, const CheckedStorage& storage, const std::string& place,
                      const Record* rightful = nullptr);
/// Restores the right bytes from a verified copy. Returns what was done; "" if there is no copy.
std::string restore_content(FsckRun& run, const CheckedStorage& storage, const Record& artifact,
                            const Expected& expected, const ContentCheck& check);
/// Stores the digest of the existing bytes for an artifact without one.
void adopt_digest(Instance& instance, const Record& artifact, const ContentCheck& check);

/// The progress of a check of artifacts, in a file of the cache: written after each batch, removed at the end.
class FsckState {
 public:
  FsckState(const Instance& instance, const FsckOptions& options);
  struct Position {
    std::int64_t last_id = 0, without_digest = 0;
    FsckReport report = {};
  };
  Position read() const;  ///< the start if there is no file
  void write(const Position& position) const;
  void remove() const;

 private:
  std::filesystem::path file_;
};

}  // namespace lamin::lake
