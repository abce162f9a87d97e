// standard_input.hpp -- what is piped into a command, as a file.
#pragma once
#include <filesystem>
#include <string>

namespace lamin::cli {

/// A temporary file with everything from standard input, removed at the end.
class StandardInput {
 public:
  /// `name` is that of the file. Throws invalid_argument (standard input is a terminal), unavailable (the disk is
  /// full).
  explicit StandardInput(const std::string& name);
  ~StandardInput();
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

  const std::filesystem::path& file() const { return file_; }

 private:
  void read() const;
  std::filesystem::path folder_, file_;
};

}  // namespace lamin::cli
