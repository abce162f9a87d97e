// verify.hpp -- checks whether the bytes at an artifact's place are those that were saved.
//
// The size is always compared; for a folder, the number of files and their total size. The digest is the BLAKE3 of
// lamin_content or, if LaminDB wrote the row, its hash, which covers only the ends of a file over 50 MiB.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include "base/hash.hpp"
#include "lamin/artifact.hpp"

namespace lamin::lake {

enum class ContentState {
  ok,
  missing,
  wrong_size,
  wrong_content,
  unreadable,
  unknown,  ///< the size is right, but there is no digest to compare
};

/// What a row says about its bytes.
struct Expected {
  bool folder = false;
  std::optional<std::int64_t> size = {}, files = {};  ///< if the row has them
  std::string digest = {};                            ///< BLAKE3; empty if LaminDB wrote the row
  std::string hash = {}, type = {};                   ///< LaminDB's
  std::function<FileList()> parts = {};               ///< the files of a folder; queries the database
  std::function<FolderModes()> modes = {};            ///< what a bucket does not keep of it; likewise
};
Expected expected_of(Instance& instance, const Record& artifact);
Expected expected_of(Instance& instance, const Record& artifact, std::string digest);  ///< with a known digest

/// How many of the bytes are read.
enum class Depth {
  sizes,  ///< nothing is read
  cheap,  ///< up to 1 MiB is read
  full,
};

struct ContentCheck {
  ContentState state = ContentState::ok;
  std::string place = {};                    ///< key in the storage
  std::string what = {};                     ///< how it differs: "it has 0 bytes, not 6"
  Code code = Code::corrupt;                 ///< of the failure, if unreadable
  std::int64_t size = -1;                    ///< actual bytes
  std::optional<base::FileHash> found = {};  ///< of the whole, if computed
  FileList files = {};                       ///< of a folder, if `found` is set
  std::int64_t read = 0;                     ///< bytes read
  bool right() const { return state == ContentState::ok || state == ContentState::unknown; }
};
/// Does not query the database for a file, so several threads may compare files at once. Bad bytes are not thrown.
ContentCheck compare_content(store::Store& store, const std::string& place, const Expected& expected, Depth depth);

/// Of all stored bytes of a file or folder.
base::FileHash hash_stored(store::Store& store, const std::string& place);

/// The check made by reads. Sees a row that is changing, or whose bytes are being exchanged, as it is afterwards.
/// Throws invalid_argument for a superseded version.
ContentCheck verify_content(Instance& instance, const Record& artifact, Verify level);
/// Key of verified bytes. Throws not_found, corrupt (what differs, where, what to do), or why they cannot be read.
std::string require_content(Instance& instance, const Record& artifact);
/// Whether the stored bytes are exactly those saved; if not, a caller that has them should store them again. Also true
/// for a superseded version, whose place is no longer its own.
bool content_is_right(Instance& instance, const Record& artifact);

}  // namespace lamin::lake
