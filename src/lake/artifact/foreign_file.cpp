// foreign_file.cpp -- the check that a file's format asks for.
#include "lake/artifact/foreign_file.hpp"
#include <system_error>
#include "format/formats.hpp"

namespace lamin::lake {

void check_foreign_file(const std::filesystem::path& path) {
  std::error_code failure;
  const auto* format = format::format_of(path);
  if (format != nullptr && format->check != nullptr && !std::filesystem::is_directory(path, failure)) {
    format->check(path);
  }
}

}  // namespace lamin::lake
