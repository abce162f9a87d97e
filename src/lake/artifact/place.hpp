// place.hpp -- where an artifact's bytes are, and where new ones go.
#pragma once
#include <string>
#include <string_view>
#include "lamin/artifact.hpp"

namespace lamin::lake {

inline constexpr std::string_view auto_prefix = ".lamindb/";

/// Key below the storage root: _real_key, otherwise a real key, otherwise .lamindb/<uid or stem><suffix>.
std::string place_of(const Record& artifact);
/// Where the bytes of a saved artifact currently are: its place, or where they wait to be exchanged with those there.
/// Throws invalid_argument if a later version has replaced them.
std::string readable_place(Instance& instance, const Record& artifact);
/// The registered local storage with the longest root that contains a resolved path, and the key below it.
struct InStorage {
  std::int64_t storage = 0;
  std::string key;
};
std::optional<InStorage> in_storage(Instance& instance, const std::filesystem::path& path);
/// All artifacts, including the trash, whose bytes are at a key of a storage.
std::vector<Record> at_place(Instance& instance, std::int64_t storage, std::string_view key);
/// What preparing an artifact tells the user.
enum class Telling {
  all,
  of_content,  ///< not that there is no run: that was said of another one
  nothing,
};
/// prepare_artifact.
Draft prepare(Instance& instance, const ArtifactOptions& options, Telling telling);

/// Throws invalid_argument: not a key, or inside the folder where content is stored by uid.
void check_key(std::string_view key);
/// The same for the artifact's key, which must also have its suffix.
void check_key_of(const Record& artifact);
/// Throws validation if the artifact's schema asks for another suffix.
void check_schema_suffix(Database& database, const Record& artifact);
/// After this, a change of an artifact's row that would separate it from its bytes is refused.
void install_place_hooks(Instance& instance);

/// True if versions of the family share one place.
bool overwrites(const Record& artifact);
/// True if the place is a name that a user chose, not one derived from the uid.
bool has_real_place(const Record& artifact);

}  // namespace lamin::lake
