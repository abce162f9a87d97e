// database.cpp -- linking and reading rows, and a transaction of several steps.
#include "lamin/database.hpp"
#include <iostream>
#include "lamin/remove.hpp"
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  lamin::Database& database = instance->database();
  const auto& labels = database.catalog().table("ULabel");

  std::vector<lamin::Record> plates;
  for (const char* name : {"plate 1", "plate 2", "plate 3"}) plates.emplace_back(labels).set("name", name);
  lamin::Record experiment(labels);
  experiment.set("name", "experiment A");
  std::vector<lamin::SaveItem> items{{.record = &experiment, .links = {{"children", {}}}}};
  for (auto& plate : plates) {
    items.push_back({.record = &plate});
    items.front().links["children"].push_back(&plate);
  }
  lamin::save_all(*instance, items);

  auto query = database.related(experiment, *labels.find_relation("children"));
  query.order_by = {"-name"};
  for (const auto& plate : database.all(query)) std::cout << plate.text("name") << "\n";
  const std::string paths[] = {"name", "parents.name"};
  const auto columns = database.columns({.registry = "ULabel", .order_by = {"name"}, .limit = 2}, paths);
  for (std::size_t row = 0; row < columns[0].size(); ++row)
    std::cout << to_string(columns[0][row]) << " in " << to_string(columns[1][row]) << "\n";

  lamin::remove(*instance, plates[2]);
  std::cout << database.count({.registry = "ULabel"}) << " labels\n";
  try {
    database.transaction([&] {
      lamin::remove(*instance, plates[1]);
      throw std::runtime_error("the robot stopped");
    });
  } catch (const std::runtime_error& error) {
    std::cout << error.what() << ": still " << database.count({.registry = "ULabel"}) << " labels\n";
  }
}
// Prints:
//   plate 3
//   plate 2
//   plate 1
//   'experiment A' in None
//   'plate 1' in 'experiment A'
//   3 labels
//   the robot stopped: still 3 labels
