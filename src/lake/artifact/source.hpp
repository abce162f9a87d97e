// source.hpp -- a source as something local: the one place that decides what is copied whole before it is read.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include "lake/artifact/place.hpp"
#include "lamin/source.hpp"

namespace lamin::lake {

struct LocalSource {
  std::filesystem::path path;       ///< absolute
  std::optional<InStorage> inside;  ///< the storage of the instance that it is in, and the key there
  std::shared_ptr<void> copy;       ///< removes `path` with the last one who holds it; null if it is the user's own
  bool is_remote = false;           ///< `path` only has the name: the bytes stay where they are
};
/// What is to be registered where it is, in a bucket of the instance: nothing is read. nullopt for anything else, and
/// if another storage is wanted. A bucket that no storage covers is registered as one that can only be read; one that
/// we could write to must be registered by the caller: throws invalid_argument.
std::optional<LocalSource> remote_source(Instance& instance, const Source& source,
                                         std::optional<std::int64_t> wanted_storage);
/// A path as it is. Bytes and objects of a store are copied to a temporary file or folder of the same name. Throws
/// not_found, no_access, unavailable (disk full, network), unsupported (a scheme that is not built in).
LocalSource local_source(Instance& instance, const Source& source);
/// prepare_artifact, of a source that is local already.
Draft prepare(Instance& instance, const ArtifactOptions& options, LocalSource source, Telling telling);

}  // namespace lamin::lake
