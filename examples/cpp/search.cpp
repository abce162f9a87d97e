// search.cpp -- one text in all registries, and one with a wrong letter.
#include "lamin/search.hpp"
#include <iostream>
#include "lamin/save.hpp"

int main() {
  const auto instance = lamin::init({.storage = "found"});
  auto& database = instance->database();
  const auto add = [&](const char* registry, const char* name) {
    lamin::Record record(database.catalog().table(registry));
    record.set("name", name);
    lamin::save(*instance, record);
  };
  add("ULabel", "left kidney");
  add("ULabel", "kidney");
  add("Project", "Kidney atlas");

  for (const auto& [record, score] : lamin::search_all(*instance, "kidney")) {
    std::cout << record.table().name.view() << " " << record.text("name") << ": " << score << "\n";
  }
  const auto nearly = lamin::search(*instance, "ULabel", "kidny", {.limit = 1, .fuzzy = true});
  std::cout << "kidny: " << nearly.front().record.text("name") << "\n";
}
// Prints:
//   ULabel kidney: 423
//   ULabel left kidney: 15
//   Project Kidney atlas: 15
//   kidny: kidney
