// pages.cpp -- many rows, page by page, and their related rows.
#include "lamin/pages.hpp"
#include <iostream>
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  lamin::Database& database = instance->database();
  const auto& registry = database.catalog().table("ULabel");
  const auto& parents = *registry.find_relation("parents");

  std::vector<lamin::Record> plates;
  for (int i = 0; i < 1000; ++i) plates.emplace_back(registry).set("name", "plate " + std::to_string(i));
  lamin::Record batch(registry);
  batch.set("name", "batch 1");
  std::vector<lamin::SaveItem> items{{.record = &batch}};
  for (auto& plate : plates) items.push_back({.record = &plate});
  for (std::size_t i = 1; i <= 10; ++i) items[i].links["parents"] = {&batch};
  lamin::save_all(*instance, items);

  std::size_t linked = 0;
  lamin::Pages pages(database, {.registry = "ULabel", .where = lamin::Expr::parse("name startswith 'plate'")}, 400);
  for (auto page = pages.next(); !page.empty(); page = pages.next()) {
    std::cout << "a page of " << page.size() << "\n";
    std::vector<std::int64_t> ids;
    for (const auto& plate : page) ids.push_back(plate.id());
    const auto found = lamin::related_rows(database, parents, ids);  // two statements for the whole page
    for (const auto plate : ids) linked += found.of.at(plate).size();
  }
  std::cout << linked << " belong to a batch\n";
}
// Prints:
//   a page of 400
//   a page of 400
//   a page of 200
//   10 belong to a batch
