// parser.hpp -- matches argv with the table of commands.
#pragma once
#include <optional>
#include <string>
#include <vector>
#include "faces/cli.hpp"

namespace lamin::cli {

/// The result: a command with its arguments, or a text to print.
struct Call {
  const faces::Command* command = nullptr;
  faces::Given given;
  std::string print;                    ///< help, version, or what is wrong with argv
  int status = 0;                       ///< exit status if there is no command to run
  std::vector<std::string> notes = {};  ///< for the user, before the command runs
};

Call parse(int argc, const char* const* argv, const std::vector<faces::Command>& commands);

}  // namespace lamin::cli
