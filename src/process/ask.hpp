// ask.hpp -- what a program answers to a short question, such as --version.
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lamin::process {

struct Answer {
  int exit_status = 0;  ///< 128 + n if signal n ended it
  std::string output = {}, errors = {};
};
/// Nothing is passed on: it reads nothing, and what it prints is the answer, of each stream up to 1 MiB. `words[0]` is
/// a path. nullopt if it cannot be started or has not ended in time: it is killed then, with its children.
std::optional<Answer> ask(const std::vector<std::string>& words, std::chrono::milliseconds most,
                          const std::filesystem::path& folder = {});

}  // namespace lamin::process
