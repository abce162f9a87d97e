// verify.hpp -- whether the bytes at an artifact's place are those that were saved.
//
// The size is always compared; of a folder the number of its files and the sum of their sizes. The digest is BLAKE3 of
// lamin_content, or where LaminDB wrote the row its own hash, which of a file over 50 MiB sees the ends only.
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
  unknown,  ///< the size is right, and there is no digest to compare with
};

/// What a row says about its bytes.
struct Expected {
  bool folder = false;
  std::optional<std::int64_t> size = {}, files = {};  ///< where the row knows them
  std::string digest = {};                            ///< BLAKE3; empty where LaminDB wrote the row
  std::string hash = {}, type = {};                   ///< LaminDB's
  std::function<std::vector<FilePart>()> parts = {};  ///< the files of a folder; asks the database
};
Expected expected_of(Instance& instance, const Record& artifact);
Expected expected_of(Instance& instance, const Record& artifact, std::string digest);  ///< the digest being known

/// How much of the bytes is looked at.
enum class Depth {
  sizes,  ///< nothing is read
  cheap,  ///< up to 1 MiB is read
  full,
};

struct ContentCheck {
  ContentState state = ContentState::ok;
  std::string place = {};                    ///< key in the storage
  std::string what = {};                     ///< how it differs: "it has 0 bytes, not 6"
  Code code = Code::corrupt;                 ///< of the failure, where it is unreadable
  std::int64_t size = -1;                    ///< bytes there are
  std::optional<base::FileHash> found = {};  ///< of the whole, where it was computed
  std::vector<FilePart> files = {};          ///< of a folder, where `found` is
  std::int64_t read = 0;                     ///< bytes that were read
  bool right() const { return state == ContentState::ok || state == ContentState::unknown; }
};
/// Asks no database for a file, so that several threads may compare files at once. Throws nothing about the bytes.
ContentCheck compare_content(store::Store& store, const std::string& place, const Expected& expected, Depth depth);

/// What a read asks for. Sees a row that is changing, or whose bytes are being exchanged, as it is afterwards. Throws
/// invalid_argument for a superseded version.
ContentCheck verify_content(Instance& instance, const Record& artifact, Verify level);
/// Key of the right bytes. Throws not_found, corrupt (what differs, where, what to do), or why they cannot be read.
std::string require_content(Instance& instance, const Record& artifact);
/// Whether what is stored is what was saved, down to the last byte: if not, who has the bytes should put them there.
/// True for a superseded version too, whose place is not its own any more.
bool content_is_right(Instance& instance, const Record& artifact);

}  // namespace lamin::lake
