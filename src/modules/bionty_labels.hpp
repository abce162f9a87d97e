// bionty_labels.hpp -- one call declares a registry of terms together with the links that make its terms labels.
#pragma once
#include <utility>
#include "modules/links.hpp"

namespace lamin::modules {

/// The value that a record has for a feature, where the value is a term: RecordTissue.
template <Name term>
constexpr Registry term_of_record() {
  constexpr auto link = "Record" + term;
  return {
      .name = text<link>(),
      .doc = "The terms that a record has as values of features.",
      .mixins = {"TracksRun"},
      .traits = {Trait::link},
      .id_bits = 64,
      .fields =
          {{.name = "record",
            .kind = Kind::ref,
            .to = "Record",
            .inverse = text<"values_" + snake<term>>(),
            .on_delete = On::cascade,
            .doc = "The record that has the value."},
           {.name = "value", .kind = Kind::ref, .to = text<term>(), .inverse = "links_record", .doc = "The term."},
           {.name = "feature",
            .kind = Kind::ref,
            .optional = true,
            .to = "Feature",
            .inverse = text<"links_" + lower<link>>(),
            .doc = "The feature whose value it is; none for a plain label."}},
      .rules = {{.unique = {"record", "value", "feature"}}},
  };
}

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
  module.registries.push_back(term_of_record<term>());
  module.registries.push_back(std::move(registry));
}

/// A registry of the terms of an ontology, and nothing more. `prefix` is that of the identifiers.
template <Name term>
constexpr void ontology(Module& module, Text prefix, Text doc) {
  label<term>(module, {.doc = doc,
                       .mixins = {"HasOntologyId", "BioRecord", "HasParents"},
                       .rules = {{.unique = {"name", "ontology_id"}}},
                       .name_field = "name",
                       .id_field = "ontology_id",
                       .ontology = {prefix}});
}

}  // namespace lamin::modules
