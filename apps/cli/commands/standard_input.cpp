#include "standard_input.hpp"
#include <fmt/format.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>
#include "lamin/error.hpp"

namespace lamin::cli {

namespace fs = std::filesystem;

StandardInput::StandardInput(const std::string& name) {
  if (isatty(STDIN_FILENO) != 0) {
    throw Error(Code::invalid_argument, "nothing is piped into standard input: pass the path of a file instead of '-'");
  }
  std::string made = (fs::temp_directory_path() / "lamin-XXXXXX").string();
  if (mkdtemp(made.data()) == nullptr) {
    throw Error(Code::unavailable, fmt::format("no temporary folder '{}': {}", made, std::strerror(errno)));
  }
  folder_ = made;
  file_ = folder_ / name;
  try {
    read();
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw;
  }
}

StandardInput::~StandardInput() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void StandardInput::read() const {
  constexpr std::size_t at_once = 1 << 20;
  const auto refuse = [&] {
    throw Error(Code::unavailable,
                fmt::format("standard input cannot be kept in '{}': {}", file_.string(), std::strerror(errno)));
  };
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> out(std::fopen(file_.c_str(), "wb"), close);
  if (!out) refuse();
  std::vector<char> buffer(at_once);
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), stdin)) > 0;) {
    if (std::fwrite(buffer.data(), 1, n, out.get()) != n) refuse();
  }
  if (std::ferror(stdin) != 0 || std::fflush(out.get()) != 0) refuse();
}

}  // namespace lamin::cli
