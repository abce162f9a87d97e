// sheet.cpp -- a table becomes a sheet and its rows.
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
  const auto imported = lamin::import_rows(*instance, "plate 7", plate);
  for (const auto& row : imported.rows) {
    const auto values = lamin::feature_values(*instance, row);
    std::cout << to_string(values.at("well").front()) << ": " << to_string(values.at("dose").front()) << "\n";
  }
}
// Prints:
//   'A1': 0.5
//   'A2': 1
