#include "format/xlsx.hpp"
#include "base/module.hpp"
#include "base/source_file.hpp"

namespace lamin::format {
namespace {

const XlsxFiles& files() {
  using Function = const XlsxFiles* (*)();
  return *reinterpret_cast<Function>(base::module_symbol("xlsx", "lamin_xlsx"))();
}

// Before the library is loaded: a missing file does not need it.
void check_file(const std::filesystem::path& path) { const base::SourceFile file(path); }

}  // namespace

std::vector<std::string> worksheets(const std::filesystem::path& path) {
  check_file(path);
  return files().names(path);
}

Worksheet read_worksheet(const std::filesystem::path& path, std::string_view worksheet) {
  check_file(path);
  return files().read(path, worksheet);
}

Frame read_xlsx(const std::filesystem::path& path) { return read_worksheet(path).table; }

void write_xlsx(const Frame& frame, const std::filesystem::path& path) { write_worksheet(frame, {}, path); }

void write_worksheet(const Frame& frame, std::string_view worksheet, const std::filesystem::path& path) {
  files().write(frame, worksheet, path);
}

}  // namespace lamin::format
