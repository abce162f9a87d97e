// feature.cpp -- features and their values for a dataset; a schema that requires some of them.
#include "lamin/feature.hpp"
#include <iostream>
#include "lamin/artifact.hpp"
#include "lamin/label.hpp"
#include "lamin/ontology.hpp"
#include "lamin/save.hpp"

int main(int, char** argv) {
  const std::filesystem::path data = argv[1];  // examples/data
  const auto instance = lamin::init({.storage = "cells", .modules = {"bionty"}});
  const auto make_feature = [&](const char* name, const char* dtype) {
    const auto& features = instance->catalog().table("Feature");
    auto feature = lamin::make_record(*instance, features, {{"name", name}, {"_dtype_str", dtype}});
    lamin::save(*instance, feature);
    return feature;
  };
  const auto temperature = make_feature("temperature", "float");
  const auto organism = make_feature("organism", "cat[bionty.Organism]");
  auto draft = lamin::prepare_schema(*instance, {.name = "what we note", .members = {temperature, organism}});
  lamin::save_schema(*instance, draft);
  for (const auto& member : lamin::schema_members(*instance, draft.record)) std::cout << member.text("name") << "\n";

  auto dataset = lamin::prepare_artifact(*instance, {.source = data / "pbmc68k_reduced.h5ad", .key = "pbmc.h5ad"});
  lamin::save_artifact(*instance, dataset);
  lamin::organism(*instance, "human");
  lamin::add_feature_values(*instance, dataset.record, {{"temperature", {21.5}}, {"organism", {"human"}}});
  for (const auto& [feature, values] : lamin::feature_values(*instance, dataset.record))
    std::cout << feature << " = " << to_string(values.front()) << "\n";
  const auto warm = lamin::Expr::parse("temperature > 20 and organism.name = 'human'");
  std::cout << instance->database().count({.registry = "Artifact", .where = warm}) << " dataset is warm\n";
}
// Prints:
//   temperature
//   organism
//   organism = 'human'
//   temperature = 21.5
//   1 dataset is warm
