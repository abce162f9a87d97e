// place.hpp -- where an artifact's bytes are, and where new ones go.
#pragma once
#include <string>
#include <string_view>
#include "lamin/artifact.hpp"

namespace lamin::lake {

inline constexpr std::string_view auto_prefix = ".lamindb/";

/// Key below the storage root: _real_key, else a real key, else .lamindb/<uid or stem><suffix>.
std::string place_of(const Record& artifact);
/// prepare_artifact; `quiet` keeps what a user would be told to itself.
Draft prepare(Instance& instance, const ArtifactOptions& options, bool quiet);

/// True where versions of the family share one place.
bool overwrites(const Record& artifact);
/// True where the place is a name that a user chose, not one made from the uid.
bool has_real_place(const Record& artifact);

}  // namespace lamin::lake
