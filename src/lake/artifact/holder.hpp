// holder.hpp -- whose bytes are at a place that several versions share: a real key, or a folder whose versions
// overwrite each other.
//
// Invariants
//   1. A place is held by one version: the one with the greatest number among those committed there. The commit that
//      makes a version visible makes it the holder, unless a greater one holds the place.
//   2. Only the holder can be read, and other rows registered for exactly the same content. The others' bytes are gone,
//      even after the holder is deleted or trashed.
//   3. What LaminDB has written since is found by its row: its number is greater than the recorded holder's.
// A place named by the uid belongs to one artifact and has no record here.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include "lamin/artifact.hpp"

namespace lamin::lake {

/// The stamp of bytes whose store or folder has none: something is there.
inline constexpr std::string_view unknown_stamp = "?";

/// True if versions of the family share the place.
bool shares_place(const Record& artifact);

struct Holder {
  std::string uid = {};  ///< its row may be gone; empty: none
  std::optional<Record> row = {};
  bool filled = true;  ///< bytes of this instance's artifacts were put there, or may have been
};
Holder holder_of(Instance& instance, std::int64_t storage, const std::string& place);
bool holds(const Holder& holder, const Record& artifact);
/// Whether the bytes at the artifact's place are its own, or will be after the exchange.
bool holds_place(Instance& instance, const Record& artifact);

/// Before the holder is deleted: makes another row with the same content at its place the holder. False if there is
/// none.
bool pass_place_on(Instance& instance, const Record& artifact);
/// In the commit of a row at a shared place. `stamp`: that of the bytes, if they already exist (registered in place).
void take_place(Instance& instance, const Record& artifact, std::string_view stamp = {});
/// Records that the bytes at the place are its holder's and have this stamp; empty: there are none any more, and if no
/// row has the place either, its record is removed.
void note_filled(Instance& instance, std::int64_t storage, const std::string& place, const std::string& stamp);
/// The stamp recorded for an artifact that holds the place; nullopt if it does not, or nothing is recorded.
std::optional<std::string> kept_stamp(Instance& instance, std::int64_t storage, const std::string& place,
                                      std::string_view uid);
/// Records a stamp for the holder of the place. With a read-only database, the next reader compares again.
void keep_stamp(Instance& instance, std::int64_t storage, const std::string& place, std::string_view uid,
                const std::string& stamp);
/// After rows were deleted: removes the record along with the last row of the place.
void forget_place(Instance& instance, std::int64_t storage, const std::string& place);

}  // namespace lamin::lake
