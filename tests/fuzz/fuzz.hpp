// fuzz.hpp -- what the targets share: an Error is a right answer, any other exception is a finding.
#pragma once
#include <unistd.h>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>
#include "lamin/error.hpp"

namespace lamin::fuzz {

template <class F>
bool accepts(F parse) {
  try {
    parse();
    return true;
  } catch (const Error&) { return false; }
}

inline void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// This process's folder, for readers that want a path.
inline std::filesystem::path folder() {
  auto folder = std::filesystem::temp_directory_path() / ("lamin-fuzz-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  return folder;
}

inline void write(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace lamin::fuzz

#define LAMIN_FUZZ_TARGET(text)                                                       \
  static void target(std::string_view text);                                          \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    target({reinterpret_cast<const char*>(data), size});                              \
    return 0;                                                                         \
  }                                                                                   \
  static void target(std::string_view text)
