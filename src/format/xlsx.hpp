// xlsx.hpp -- spreadsheets of Excel (.xlsx), as the module library `xlsx` reads and writes them.
//
// A worksheet is one table: its first row with a value names the columns, rows without any value are left out. Of a
// formula the value counts that the spreadsheet program stored with it. Days and times are what the cell's number
// format says they are.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/frame.hpp"

namespace lamin::format {

struct Worksheet {
  Frame table;
  std::vector<std::int64_t> rows;    ///< of each row of the table its number in the sheet, from 1
  std::vector<std::string> letters;  ///< of each column its letters there: "C"
};

class XlsxFiles {
 public:
  virtual std::vector<std::string> names(const std::filesystem::path& path) const = 0;
  virtual Worksheet read(const std::filesystem::path& path, std::string_view worksheet) const = 0;
  virtual void write(const Frame& frame, std::string_view worksheet, const std::filesystem::path& path) const = 0;

 protected:
  ~XlsxFiles() = default;
};

/// The worksheets, in order. Throws corrupt (no .xlsx file, cut short), not_found, no_access.
std::vector<std::string> worksheets(const std::filesystem::path& path);
/// One worksheet; "" = the first. Throws as above; not_found, naming those that it has; corrupt (merged cells, columns
/// without a name or with the same one); unsupported (encrypted, an old .xls file).
Worksheet read_worksheet(const std::filesystem::path& path, std::string_view worksheet = {});
Frame read_xlsx(const std::filesystem::path& path);  ///< its first worksheet
/// Throws unsupported for more than a worksheet holds, no_access.
void write_xlsx(const Frame& frame, const std::filesystem::path& path);
void write_worksheet(const Frame& frame, std::string_view worksheet, const std::filesystem::path& path);

}  // namespace lamin::format
