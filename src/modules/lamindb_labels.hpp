// lamindb_labels.hpp -- universal labels and what they are attached to.
#pragma once
#include "modules/links.hpp"

namespace lamin::modules {

// clang-format off: one field, one line
constexpr std::vector<Registry> label_registries() {
  return {
      {.name = "ULabel", .doc = "A universal label, for anything that has no registry of its own.",
       .mixins = {"SQLRecord", "HasType", "TracksRun", "TracksUpdates", "HasParents"}, .traits = {Trait::curatable},
       .fields = {
           {.name = "uid", .size = 8, .unique = true, .fill = Fill::random_uid,
            .doc = "Identifier that is the same in every database."},
           {.name = "name", .size = 150, .index = true, .doc = "Name of the label."},
           {.name = "type", .kind = Kind::ref, .optional = true, .to = "self", .inverse = "ulabels",
            .doc = "The type that it belongs to."},
           {.name = "description", .optional = true, .doc = "What it is, in a sentence or more."},
           {.name = "reference", .size = 255, .optional = true, .index = true,
            .doc = "Where it is described outside: a URL, an accession, a page."},
           {.name = "reference_type", .size = 25, .optional = true, .index = true,
            .doc = "What kind of reference that is, such as url."},
           {.name = "artifacts", .kind = Kind::link, .to = "Artifact", .inverse = "ulabels",
            .through = "ArtifactULabel", .doc = "The artifacts that are labelled with it."},
           {.name = "linked_in_records", .kind = Kind::link, .to = "Record", .inverse = "linked_ulabels",
            .through = "RecordULabel", .doc = "The records that have it as the value of a feature."},
       },
       .rules = {{.name = "ulabel_type_is_valid_fk", .check = "is_valid_ulabel_type(type_id)", .postgres = true}},
       .name_field = "name"},
      annotation<"Artifact", "ULabel">(once_a_feature<"Artifact", "ULabel">()),
      pair<"Transform", "ULabel">(),
      pair<"Run", "ULabel">({"TracksCreation"}),
      pair<"Branch", "ULabel">({}),
      annotation<"Collection", "ULabel">({{.unique = {"collection", "ulabel"}}}),
  };
}
// clang-format on

}  // namespace lamin::modules
