// cli.hpp -- what a command of the shell looks like, as values.
//
// A Command is data: its name, its arguments, one line of help, and the function that runs it. `lamin --help`, the
// parser and the reference page of the docs are made from the same table (apps/cli/table.cpp). To add a command, add an
// entry there and a function in apps/cli/commands/.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::faces {

struct Argument {
  enum class Form { positional, option, flag, repeated };
  std::string name;  ///< "PATH" for a positional, "--key" or "-k,--key" for the others
  std::string help;
  Form form = Form::option;
  bool required = false;
  std::string fallback = {};
};

/// The arguments of one call, by name without dashes, lower case: "path", "key".
class Given {
 public:
  void add(const std::string& name, std::string value) { values_[name].push_back(std::move(value)); }
  bool has(const std::string& name) const { return values_.contains(name); }
  std::string text(const std::string& name, std::string fallback = {}) const {
    const auto found = values_.find(name);
    return found == values_.end() ? fallback : found->second.front();
  }
  std::vector<std::string> all(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>{} : found->second;
  }

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

struct Command {
  std::string name;     ///< "save", or "settings cache-dir get" for a nested one
  std::string section;  ///< heading in `lamin --help`; empty = hidden there
  std::string help;
  std::vector<Argument> arguments;
  int (*run)(const Given& given) = nullptr;  ///< returns the exit status, throws Error; null = known, but not available
                                             ///< here
  std::string example = {};                  ///< a line that people can type, at the end of `lamin COMMAND --help`
};

/// `lamin --help`: the commands by section.
std::string overview(const std::vector<Command>& commands, std::string_view group = {});
/// `lamin save --help`.
std::string usage(const Command& command);
/// `lamin --reference`, for the manual: every command with its arguments and example, as Markdown.
std::string reference(const std::vector<Command>& commands);

}  // namespace lamin::faces
