// holder.hpp -- whose bytes are at a place that several versions share: a real key, or a folder whose versions
// overwrite each other.
//
// Invariants
//   1. A place is held by one version: the one with the greatest number of those that were committed there. The commit
//      that makes a version visible makes it the holder, unless a greater one is there already.
//   2. Only the holder can be read, and another row that was registered for the very same content. The others' bytes
//      are gone, also after the holder was deleted or trashed.
//   3. What LaminDB has written since is found by its row: a greater number than the noted holder's.
// A place that the uid names belongs to one artifact and has no note.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include "lamin/artifact.hpp"

namespace lamin::lake {

/// The stamp of bytes whose store or folder has none: something lies there.
inline constexpr std::string_view unknown_stamp = "?";

/// True where versions of the family share the place.
bool shares_place(const Record& artifact);

struct Holder {
  std::string uid = {};  ///< may have no row any more; empty: nobody's
  std::optional<Record> row = {};
  bool filled = true;  ///< bytes of this instance's artifacts were put there, or may have been
};
Holder holder_of(Instance& instance, std::int64_t storage, const std::string& place);
bool holds(const Holder& holder, const Record& artifact);
/// Whether the bytes at the artifact's place are, or will be once they are exchanged, its own.
bool holds_place(Instance& instance, const Record& artifact);

/// Before the holder is deleted: another row of the same content at its place becomes the holder. False if there is
/// none.
bool pass_place_on(Instance& instance, const Record& artifact);
/// In the commit of a row at a shared place. `stamp`: of the bytes, if they are there already (registered in place).
void take_place(Instance& instance, const Record& artifact, std::string_view stamp = {});
/// The bytes at the place are those of its holder and have this stamp; empty: there are none any more, and if no row
/// has the place either, the note goes.
void note_filled(Instance& instance, std::int64_t storage, const std::string& place, const std::string& stamp);
/// The stamp that was noted for an artifact that holds the place; nullopt if it does not, or nothing was noted.
std::optional<std::string> kept_stamp(Instance& instance, std::int64_t storage, const std::string& place,
                                      std::string_view uid);
/// Notes a stamp for the holder of the place. Where the database may only be read, the next reader compares again.
void keep_stamp(Instance& instance, std::int64_t storage, const std::string& place, std::string_view uid,
                const std::string& stamp);
/// After rows were deleted: the note goes with the last row of the place.
void forget_place(Instance& instance, std::int64_t storage, const std::string& place);

}  // namespace lamin::lake
