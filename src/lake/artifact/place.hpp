// place.hpp -- where an artifact's bytes are, and where new ones go.
#pragma once
#include <string>
#include <string_view>
#include "lamin/artifact.hpp"

namespace lamin::lake {

inline constexpr std::string_view auto_prefix = ".lamindb/";

/// Key below the storage root: _real_key, else a real key, else .lamindb/<uid or stem><suffix>.
std::string place_of(const Record& artifact);
/// Where the bytes of a saved artifact are at this moment: its place, or where they wait to be exchanged with what is
/// there. Throws invalid_argument if a later version has replaced them.
std::string readable_place(Instance& instance, const Record& artifact);
/// The registered local storage with the longest root that a resolved path lies in, and the key below it.
struct InStorage {
  std::int64_t storage = 0;
  std::string key;
};
std::optional<InStorage> in_storage(Instance& instance, const std::filesystem::path& path);
/// All artifacts, in the trash too, whose bytes are at a key of a storage.
std::vector<Record> at_place(Instance& instance, std::int64_t storage, std::string_view key);
/// prepare_artifact; `quiet` keeps what a user would be told to itself.
Draft prepare(Instance& instance, const ArtifactOptions& options, bool quiet);

/// Throws invalid_argument: not a key, or in the folder where content is kept by uid.
void check_key(std::string_view key);
/// The same of the artifact's key, which must also have its suffix.
void check_key_of(const Record& artifact);
/// From then on a change of an artifact's row that would lead away from its bytes is refused.
void install_place_hooks(Instance& instance);

/// True where versions of the family share one place.
bool overwrites(const Record& artifact);
/// True where the place is a name that a user chose, not one made from the uid.
bool has_real_place(const Record& artifact);

}  // namespace lamin::lake
