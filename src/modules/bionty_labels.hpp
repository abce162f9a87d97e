// bionty_labels.hpp -- one call declares a registry of terms together with the links that make its terms labels.
#pragma once
#include "modules/links.hpp"

namespace lamin::modules {

/// Adds the link to artifacts, and the field `artifacts` that uses it.
template <Name term>
constexpr void label_artifacts(Module& module, Registry& registry, std::vector<Rule> rules) {
  registry.fields.push_back({.name = "artifacts",
                             .kind = Kind::link,
                             .to = "Artifact",
                             .inverse = text<plural<term>>(),
                             .through = text<"Artifact" + term>(),
                             .doc = "The artifacts that are labelled with it."});
  module.registries.push_back(annotation<"Artifact", term>(std::move(rules)));
}

/// A registry whose rows label artifacts and records: CellType brings ArtifactCellType and RecordCellType.
template <Name term>
constexpr void label(Module& module, Registry registry) {
  registry.name = text<term>();
  label_artifacts<term>(module, registry, {{.unique = {"artifact", text<lower<term>>(), "feature"}}});
  registry.fields.push_back({.name = "records",
                             .kind = Kind::link,
                             .to = "Record",
                             .inverse = text<plural<term>>(),
                             .through = text<"Record" + term>(),
                             .doc = "The records that have it as a value."});
  module.registries.push_back(term_of_record(ends<"Record", term>()));
  module.registries.push_back(std::move(registry));
}

/// A registry of an ontology's terms, without links. `prefix` is that of the identifiers; `parents` are relations that
/// lead to a parent besides is_a.
template <Name term>
constexpr void ontology(Module& module, Text prefix, Text doc, std::vector<Text> parents = {}) {
  label<term>(module, {.doc = doc,
                       .mixins = {"HasOntologyId", "BioRecord", "HasParents"},
                       .rules = {{.unique = {"name", "ontology_id"}}},
                       .name_field = "name",
                       .id_field = "ontology_id",
                       .ontology = {.prefix = prefix, .parents = std::move(parents)}});
}

}  // namespace lamin::modules
