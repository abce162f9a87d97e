// arguments.hpp -- the words of a command: addresses of artifacts in them, files that they name as outputs, the version
// of the program.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>
#include "lamin/lamin_uri.hpp"

namespace lamin::lake {

/// A command with paths in place of the addresses (lamin://...) among its words.
struct LocalWords {
  std::vector<std::string> words = {};
  std::vector<LocalArtifact> inputs = {};  ///< each address once
};
/// An address is a whole word, or the value of an option: --data=lamin://... Throws what local_artifact throws.
LocalWords with_paths(Instance& instance, const std::vector<std::string>& words, std::span<const Access> ways);
/// {"lamin://...": "/path"}
std::string input_paths_json(const std::vector<LocalArtifact>& inputs);

/// The files after --out and --output, as LaminDB reads them.
std::vector<std::string> outputs_named(const std::vector<std::string>& words);

/// The first line of what `PROGRAM --version` prints if it succeeds within a second; otherwise "". Only installed
/// programs are asked: others may do their work instead of answering.
std::string version_of(const std::filesystem::path& program);

}  // namespace lamin::lake
