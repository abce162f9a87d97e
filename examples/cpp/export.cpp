// export.cpp -- registries as tables, in memory and as files.
#include "lamin/export.hpp"
#include <iostream>
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  for (const char* name : {"treated", "control"}) {
    auto label = lamin::make_record(*instance, instance->catalog().table("ULabel"), {{"name", name}});
    lamin::save(*instance, label);
  }
  const std::string paths[] = {"name", "created_by.handle"};
  const auto frame = lamin::registry_frame(*instance, {.registry = "ULabel", .order_by = {"name"}}, paths);
  for (std::int64_t row = 0; row < frame.rows(); ++row)
    std::cout << frame.at("name").text(row) << " by " << frame.at("created_by.handle").text(row) << "\n";

  for (const auto& table : lamin::export_registries(*instance, {.folder = "tables"})) {
    if (table.name == "lamindb_ulabel") std::cout << table.rows << " rows in " << table.files[0] << "\n";
  }
}
// Prints:
//   control by anonymous
//   treated by anonymous
//   2 rows in lamindb_ulabel/0.parquet
