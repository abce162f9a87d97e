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
};
/// A path as it is. Bytes and objects of a store are copied to a temporary file or folder of the same name. Throws
/// not_found, no_access, unavailable (disk full, network), unsupported (a scheme that is not built in).
LocalSource local_source(Instance& instance, const Source& source);
/// prepare_artifact, of a source that is local already.
Draft prepare(Instance& instance, const ArtifactOptions& options, LocalSource source, bool quiet);

}  // namespace lamin::lake
