// sheet.cpp -- a table becomes a sheet and its rows, and a spreadsheet.
#include "lamin/sheet.hpp"
#include <iostream>
#include "lamin/label.hpp"
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  for (const auto& [name, dtype] : {std::pair("dose", "float"), std::pair("well", "str")}) {
    auto feature =
        lamin::make_record(*instance, instance->catalog().table("Feature"), {{"name", name}, {"_dtype_str", dtype}});
    lamin::save(*instance, feature);
  }
  lamin::Frame plate;
  plate.add("well", lamin::Column::texts(std::vector<std::string>{"A1", "A2"}));
  plate.add("dose", lamin::Column::reals({0.5, 1.0}));
  plate.add("remark", lamin::Column::texts(std::vector<std::string>{"", ""}));

  // Sheet and rows, or neither; a column that is no feature is named and left out.
  const auto imported = lamin::import_rows(*instance, "plate 7", {.frame = plate});
  for (const auto& row : imported.rows) {
    const auto values = lamin::feature_values(*instance, row);
    std::cout << to_string(values.at("well").front()) << ": " << to_string(values.at("dose").front()) << "\n";
  }

  // A spreadsheet goes out, is edited, and comes back; each cell that does not fit is told, and nothing is saved.
  lamin::export_rows(*instance, imported.sheet, "plate.xlsx");
  auto edited = lamin::read_sheet("plate.xlsx");
  std::cout << edited.frame.rows() << " rows of " << edited.frame.names()[0] << "\n";
  lamin::Frame wrong;
  wrong.add("dose", lamin::Column::texts(std::vector<std::string>{"0,5", "2"}));
  wrong.add("well", lamin::Column::texts(std::vector<std::string>{"B1", "B2"}));
  const lamin::SheetTable typed_by_hand{.frame = wrong, .typed = false};
  for (const auto& error : lamin::check_table(*instance, imported.sheet, typed_by_hand).errors)
    std::cout << "row " << error.row << ", " << error.column << ": " << error.value << ", perhaps "
              << error.candidates.front().value << "\n";
}
// Prints:
//   'A1': 0.5
//   'A2': 1
//   2 rows of well
//   row 0, dose: 0,5, perhaps 0.5
