// plugin.cpp -- your own registry in an instance, and its next version.
#include "lamin/plugin.hpp"
#include <iostream>
#include <vector>
#include "lamin/save.hpp"

namespace {

// The contents of a plug-in's JSON file.
std::vector<lamin::schema::Module> lab(const char* more) {
  return {lamin::plugin_from_json(std::string(R"({"name": "lab", "registries": [
    {"name": "Sample", "doc": "A sample.", "labels": ["Artifact"], "name_field": "name",
     "fields": [{"name": "name", "size": 20, "unique": true, "doc": "What is written on the tube."})") +
                                  more + "]}]}")};
}

}  // namespace

int main() {
  const auto settings = lamin::init({.storage = "cells"}, lab(""))->settings();
  const auto next = lab(R"(, {"name": "volume", "kind": "real", "optional": true, "doc": "In ml."})");
  for (const auto& note : lamin::plan_migration(settings, next).notes) std::cout << note << "\n";
  const auto done = lamin::apply_migration(settings, next);
  std::cout << (done.backup.empty() ? "no backup" : "the file was copied first") << "\n";

  const auto instance = lamin::connect("cells");  // the database knows the registry
  lamin::Record sample(instance->catalog().table("lab.Sample"));
  sample.set("name", "S1").set("volume", 0.5);
  lamin::save(*instance, sample);
  std::cout << instance->database().count({.registry = "lab.Sample"}) << " sample\n";
  for (const auto& refusal : lamin::plan_migration(settings, lab("")).refusals) {
    std::cout << refusal.substr(0, refusal.find(';')) << "\n";
  }
}
// Prints:
//   records what lab says now
//   adds lab.Sample.volume
//   the file was copied first
//   1 sample
//   lab.Sample.volume is not declared any more
