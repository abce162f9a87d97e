// script.hpp -- which program a command runs, as a transform.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::lake {

/// The script that a command runs: `python -u x.py 3` runs x.py, `./x.sh` itself.
struct Script {
  std::filesystem::path file;
  std::size_t word = 0;  ///< which word of the command names it
};
/// A command whose first word is a script that cannot be executed itself, with the program that runs it in front:
/// "train.py" is "python train.py".
std::vector<std::string> with_interpreter(std::vector<std::string> words, const std::filesystem::path& folder);
/// nullopt if the command runs a program that is no script. `program`: the executable of its first word.
std::optional<Script> script_of(const std::vector<std::string>& words, const std::filesystem::path& program,
                                const std::filesystem::path& folder);

/// Scripts of what is installed stand for a program: /usr/bin/ldd.
bool is_installed(const std::filesystem::path& program);

/// What the system knows as bytes, as a text that databases and JSON take: bytes that are not UTF-8 are escaped.
std::string as_text(std::string_view bytes);
/// The command line as one types it in a shell, without secrets.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace lamin::lake
