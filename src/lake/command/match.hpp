// match.hpp -- which artifacts the files that a command read are: by their place, and by their content.
#pragma once
#include <string>
#include <vector>
#include "lamin/artifact.hpp"
#include "process/witness.hpp"

namespace lamin::lake {

/// One file, and what it turned out to be.
struct Seen {
  process::FileUse use;
  std::string hash = {};                ///< LaminDB's; "" = not needed
  std::optional<Record> artifact = {};  ///< that it was when it was read
  std::optional<Record> output = {};    ///< that it became
};

/// Folders whose files are data wherever they are: local storages and the cache.
std::vector<std::string> data_folders(Instance& instance);
/// Fills in the artifacts of files that were read. A file in a storage is what the storage holds there, if its content
/// is still that; any other is the artifact with the same content, of several the one of the same name, otherwise the
/// newest. Only files that have the size of an artifact are hashed.
void match_inputs(Instance& instance, std::vector<Seen>& files);

}  // namespace lamin::lake
