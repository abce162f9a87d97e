// facts.hpp -- what is kept of a command beside the columns of its run: run.extra_data["command"].
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>
#include "lake/command/script.hpp"
#include "lamin/lamin_uri.hpp"
#include "process/command.hpp"

namespace lamin::lake {

struct CommandFacts {
  const std::vector<std::string>& words;  ///< as they were started
  const std::vector<LocalArtifact>& inputs;
  const std::filesystem::path& folder;
  const std::string& program;
  const std::optional<Script>& script;
};
/// JSON, without secrets.
std::string facts_of(const process::Result& result, const CommandFacts& told);

}  // namespace lamin::lake
