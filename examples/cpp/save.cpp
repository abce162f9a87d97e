// save.cpp -- labels that refer to each other and a labelled file, saved together: all or none.
#include "lamin/save.hpp"
#include <fstream>
#include <iostream>

int main() {
  const auto instance = lamin::init({.storage = "cells"});
  const auto& labels = instance->catalog().table("ULabel");
  lamin::Record kind(labels), control(labels);
  kind.set("name", "Treatment").set("is_type", true);
  control.set("name", "control");
  std::ofstream("plate.csv") << "well,dose\nA1,0.5\n";
  auto plate = lamin::prepare_artifact(*instance, {.source = "plate.csv", .key = "plate.csv"});

  lamin::SaveItem items[] = {{.record = &control, .refers = {{"type", &kind}}},
                             {.record = &kind},
                             {.record = &plate.record, .draft = &plate, .links = {{"ulabels", {&control}}}}};
  lamin::save_all(*instance, items);
  auto& database = instance->database();
  std::cout << database.one({.registry = "Artifact", .where = lamin::Expr::parse("ulabels.type.name = 'Treatment'")})
                   .text("key")
            << "\n";

  // An existing row is found again.
  auto again = control;
  again.set(0, lamin::Value());
  std::cout << std::boolalpha << lamin::save(*instance, again) << " " << (again.id() == control.id()) << "\n";
}
// Prints:
//   plate.csv
//   true true
