// lamindb_records.hpp -- records, which are rows of sheets, and their values.
#pragma once
#include "modules/links.hpp"

namespace lamin::modules {

// clang-format off: one field, one line
constexpr std::vector<Registry> record_registries() {
  return {
      {.name = "Record", .doc = "A row of a sheet whose columns are features: a sample, a donor, a cell line.",
       .mixins = {"SQLRecord", "HasType", "TracksRun", "TracksUpdates", "HasParents"}, .traits = {Trait::curatable},
       .fields = {
           {.name = "uid", .size = 16, .unique = true, .fill = Fill::random_uid,
            .doc = "Identifier that is the same in every database."},
           {.name = "name", .size = 150, .optional = true, .index = true, .doc = "Name; may be empty in a sheet."},
           {.name = "type", .kind = Kind::ref, .optional = true, .to = "self", .inverse = "records",
            .doc = "The type that it belongs to."},
           {.name = "description", .optional = true, .doc = "What it is, in a sentence or more."},
           {.name = "reference", .size = 255, .optional = true, .index = true,
            .doc = "Where it is described outside: a URL, an accession, a page."},
           {.name = "reference_type", .size = 25, .optional = true, .index = true,
            .doc = "What kind of reference that is, such as url."},
           {.name = "extra_data", .kind = Kind::json, .optional = true, .doc = "Anything else, as a JSON object."},
           {.name = "schema", .kind = Kind::ref, .optional = true, .to = "Schema", .inverse = "records",
            .on_delete = On::cascade, .doc = "The schema that its values meet; of a type: the columns of the sheet."},
           {.name = "run", .kind = Kind::ref, .optional = true, .fill = Fill::run, .to = "Run",
            .inverse = "output_records", .doc = "The run that created it."},
           {.name = "linked_records", .kind = Kind::link, .to = "self", .inverse = "linked_in_records",
            .through = "RecordRecord", .pair = {"record", "value"}, .doc = "Records that are values of its features."},
           {.name = "input_of_runs", .kind = Kind::link, .to = "Run", .inverse = "input_records",
            .doc = "The runs that read it."},
           {.name = "artifacts", .kind = Kind::link, .to = "Artifact", .inverse = "records",
            .through = "ArtifactRecord", .doc = "The artifacts that are labelled with it."},
           {.name = "runs", .kind = Kind::link, .to = "Run", .inverse = "records", .through = "RunRecord",
            .doc = "The runs that are described by it."},
           {.name = "transforms", .kind = Kind::link, .to = "Transform", .inverse = "records",
            .through = "TransformRecord", .doc = "The transforms that are described by it."},
           {.name = "collections", .kind = Kind::link, .to = "Collection", .inverse = "records",
            .through = "CollectionRecord", .doc = "The collections that are described by it."},
       },
       .rules = {
           {.name = "record_type_is_valid_fk", .check = "is_valid_record_type(type_id, is_type)", .postgres = true},
       },
       .name_field = "name"},
      {.name = "RecordJson",
       .doc = "The value that a record has for a feature, where the value is no row of a registry.",
       .traits = {Trait::link}, .id_bits = 64,
       .fields = {
           {.name = "record", .kind = Kind::ref, .to = "Record", .inverse = "values_json", .on_delete = On::cascade,
            .doc = "The record that has the value."},
           {.name = "feature", .kind = Kind::ref, .to = "Feature", .inverse = "links_recordjson",
            .doc = "The feature, like the column of a sheet."},
           {.name = "value", .kind = Kind::json, .fill = Fill::constant, .initial = "null", .in_database = true,
            .doc = "The value, as JSON."},
       },
       .rules = {{.unique = {"record", "feature"}}}},
      record_value<"Record">("links_record"),
      record_value<"ULabel">("links_record"),
      record_value<"User">("links_record"),
      record_value<"Run">(),
      {.name = "RunRecord", .doc = "Records that describe a run.", .mixins = {"TracksCreation"},
       .traits = {Trait::link}, .id_bits = 64,
       .fields = {
           {.name = "run", .kind = Kind::ref, .to = "Run", .inverse = "links_record", .on_delete = On::cascade,
            .doc = "The run that is described."},
           {.name = "record", .kind = Kind::ref, .to = "Record", .inverse = "links_run",
            .doc = "The record that describes it."},
           {.name = "feature", .kind = Kind::ref, .optional = true, .to = "Feature", .inverse = "links_runrecord",
            .doc = "The feature whose value it is; none for a plain link."},
       },
       .rules = {
           {.name = "unique_runrecord", .unique = {"run", "record", "feature"}, .where = "feature_id IS NOT NULL"},
           {.name = "unique_runrecord_null_feature", .unique = {"run", "record"}, .where = "feature_id IS NULL"},
       }},
      record_value<"Artifact">(),
      annotation<"Artifact", "Record">(once_a_feature<"Artifact", "Record">()),
      record_value<"Collection">(),
      annotation<"Collection", "Record">(once_a_feature<"Collection", "Record">()),
      record_value<"Transform">(),
      {.name = "TransformRecord", .doc = "Records that describe a transform.", .mixins = {"TracksRun"},
       .traits = {Trait::link}, .id_bits = 64,
       .fields = {
           {.name = "transform", .kind = Kind::ref, .to = "Transform", .inverse = "links_record",
            .on_delete = On::cascade, .doc = "The transform that is described."},
           {.name = "record", .kind = Kind::ref, .to = "Record", .inverse = "links_transform",
            .doc = "The record that describes it."},
           {.name = "feature", .kind = Kind::ref, .optional = true, .to = "Feature", .inverse = "links_transformrecord",
            .doc = "The feature whose value it is; none for a plain link."},
           {.name = "created_at", .kind = Kind::time, .fill = Fill::now, .in_database = true,
            .doc = "When the row was written first."},
       },
       .rules = {
           {.name = "unique_transformrecord", .unique = {"transform", "record", "feature"},
            .where = "feature_id IS NOT NULL"},
           {.name = "unique_transformrecord_null_feature", .unique = {"transform", "record"},
            .where = "feature_id IS NULL"},
       }},
      record_value<"Reference">(),
      record_value<"Project">(),
  };
}
// clang-format on

}  // namespace lamin::modules
