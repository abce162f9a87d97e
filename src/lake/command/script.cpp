#include "lake/command/script.hpp"
#include <unistd.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <fstream>
#include "base/json.hpp"
#include "base/redact.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "base/visible.hpp"
#include "lamin/error.hpp"
#include "process/command.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

/// Programs that run a script, which is their first argument that is not an option.
struct Interpreter {
  std::string_view name;       ///< versions may follow: python3.11
  std::string_view take_next;  ///< options whose value is the next argument, between blanks
  std::string_view no_script;  ///< options after which no script follows: the program is on the command line
};
constexpr Interpreter interpreters[] = {
    {"python", " -W -X --check-hash-based-pycs ", " -c -m "},
    {"pypy", " -W -X ", " -c -m "},
    {"Rscript", "", " -e "},
    {"bash", " -o -O +o +O --rcfile --init-file ", " -c "},
    {"sh", " -o +o ", " -c "},
    {"dash", " -o +o ", " -c "},
    {"zsh", " -o +o ", " -c "},
    {"ksh", " -o +o ", " -c "},
    {"fish", " -C --init-command ", " -c --command "},
    {"perl", " -I -C ", " -e -E "},
    {"ruby", " -r -I ", " -e "},
    {"node", " -r --require --import ", " -e --eval -p --print "},
    {"julia", " -L --load -J -t -p --project ", " -e --eval -E "},
    {"lua", " -l ", " -e "},
    {"php", " -c -d ", " -r "},
    {"groovy", " -cp --classpath ", " -e "},
    {"awk", "", " "},  // -f FILE, below
    {"octave", "", " --eval "},
};

const Interpreter* interpreter_called(std::string_view name) {
  for (const auto& one : interpreters) {
    if (!name.starts_with(one.name)) continue;
    const auto rest = name.substr(one.name.size());
    if (rest.find_first_not_of("0123456789.-") == rest.npos) return &one;
  }
  return nullptr;
}

bool listed(std::string_view options, std::string_view option) {
  return options.find(" " + std::string(option) + " ") != options.npos;
}

bool is_file(const fs::path& path) {
  std::error_code failed;
  return fs::is_regular_file(path, failed);
}

/// It names its interpreter in its first line.
bool has_shebang(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  char two[2] = {};
  in.read(two, 2);
  return in && two[0] == '#' && two[1] == '!';
}

bool is_installed_program(const std::string& name) {
  try {
    return !process::find_program(name).empty();
  } catch (const Error&) { return false; }
}

std::string quoted(const std::string& word) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=@%+,").find(c) != std::string_view::npos || (c & 0x80) != 0;
  };
  if (!word.empty() && std::ranges::all_of(word, plain)) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

}  // namespace

bool is_installed(const fs::path& program) {
  const auto path = program.string();
  return path.starts_with("/usr/") || path.starts_with("/bin/") || path.starts_with("/opt/") ||
         path.find("/bin/") != path.npos;
}

std::vector<std::string> with_interpreter(std::vector<std::string> words, const fs::path& folder) {
  constexpr std::pair<std::string_view, std::string_view> programs[] = {
      {".py", "python"}, {".py", "python3"}, {".R", "Rscript"}, {".r", "Rscript"}, {".sh", "bash"}, {".bash", "bash"},
      {".pl", "perl"},   {".jl", "julia"},   {".js", "node"},   {".rb", "ruby"},   {".lua", "lua"}};
  if (words.empty()) return words;
  const auto file = folder / words[0];
  if (!is_file(file) || (::access(file.c_str(), X_OK) == 0 && words[0].find('/') != std::string::npos)) return words;
  std::string chosen;
  for (const auto& [suffix, program] : programs) {
    if (file.extension() != suffix) continue;
    chosen = program;
    if (is_installed_program(chosen)) break;
  }
  if (!chosen.empty()) words.insert(words.begin(), chosen);
  return words;
}

std::optional<Script> script_of(const std::vector<std::string>& words, const fs::path& program,
                                const fs::path& folder) {
  const auto* interpreter = interpreter_called(program.filename().string());
  if (interpreter == nullptr) {
    if (is_installed(program) || !has_shebang(program)) return std::nullopt;
    return Script{program, 0};
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto& word = words[i];
    if (interpreter->name == "awk" && word == "-f" && i + 1 < words.size() && is_file(folder / words[i + 1]))
      return Script{folder / words[i + 1], i + 1};
    if (listed(interpreter->no_script, word)) return std::nullopt;
    if (listed(interpreter->take_next, word)) ++i;
    else if (interpreter->name != "awk" && !word.starts_with('-') && !word.starts_with('+'))
      return is_file(folder / word) ? std::optional(Script{folder / word, i}) : std::nullopt;
  }
  return std::nullopt;
}

std::string as_text(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();)
    if (!base::next_code_point(bytes, at)) return base::visible_line(bytes);
  return std::string(bytes);
}

std::string shell_line(const std::vector<std::string>& words) {
  boost::json::array all;
  for (const auto& word : words) all.emplace_back(as_text(word));
  std::string line;
  const auto kept = base::parse_json(base::redact_json(base::write_json(all)));
  for (const auto& word : kept.as_array()) {
    if (!line.empty()) line += ' ';
    line += quoted(std::string(word.as_string().c_str()));
  }
  return line;
}

}  // namespace lamin::lake
