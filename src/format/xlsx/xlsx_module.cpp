// xlsx_module.cpp -- what the rest of the library calls.
#include "format/xlsx/workbook.hpp"
#include "format/xlsx/worksheet.hpp"
#include "format/xlsx/write.hpp"

namespace lamin::format {
namespace {

class Module final : public XlsxFiles {
 public:
  std::vector<std::string> names(const std::filesystem::path& path) const override {
    std::vector<std::string> names;
    const Workbook book(path);
    for (const auto& sheet : book.sheets()) {
      if (!sheet.part.empty()) names.push_back(sheet.name);
    }
    return names;
  }

  Worksheet read(const std::filesystem::path& path, std::string_view worksheet) const override {
    Workbook book(path);
    const auto sheet = book.sheet(worksheet);
    book.read_shared();
    return read_table(book, sheet);
  }

  void write(const Frame& frame, std::string_view worksheet, const std::filesystem::path& path) const override {
    write_workbook(frame, worksheet, path);
  }
};

}  // namespace
}  // namespace lamin::format

extern "C" __attribute__((visibility("default"))) const lamin::format::XlsxFiles* lamin_xlsx() {
  static const lamin::format::Module module;
  return &module;
}
