// xlsx.cpp -- a spreadsheet.
#include "format/xlsx.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace lamin;

LAMIN_FUZZ_TARGET(bytes) {
  static const auto file = fuzz::folder() / "t.xlsx";
  fuzz::write(file, bytes);
  fuzz::accepts([&] {
    const auto [table, rows, letters] = format::read_worksheet(file);
    fuzz::require(rows.size() == static_cast<std::size_t>(table.rows()) && letters.size() == table.size());
    for (std::size_t i = 0; i < table.size(); ++i) fuzz::require(table.at(i).size() == table.rows());
  });
}
