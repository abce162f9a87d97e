// testing.hpp -- a small module to test with: samples, their donors and labels.
#pragma once
#include "lamin/catalog.hpp"

namespace lamin::schema::test {

inline Module lab() {
  return {
      .name = "lab",
      .registries = {
          {.name = "Tracked",
           .mixin = true,
           .traits = {Trait::branched},
           .fields = {{.name = "uid", .size = 12, .unique = true, .fill = Fill::random_uid, .doc = "Identifier."},
                      {.name = "created_at",
                       .kind = Kind::time,
                       .index = true,
                       .fill = Fill::now,
                       .in_database = true,
                       .doc = "When."}}},
          {.name = "Donor", .doc = "Who gave a sample.", .mixins = {"Tracked"}, .name_field = "uid"},
          {.name = "Label",
           .doc = "A label.",
           .id_bits = 64,
           .fields = {{.name = "name", .size = 20, .index = true, .doc = "Name."},
                      {.name = "parents", .kind = Kind::link, .to = "self", .inverse = "children", .doc = "Broader."}},
           .rules = {{.name = "unique_label_lower", .expression = "lower(name)"}},
           .name_field = "name"},
          {.name = "Sample",
           .doc = "A sample.",
           .mixins = {"Tracked"},
           .fields = {{.name = "name", .optional = true, .doc = "Name."},
                      {.name = "donor", .kind = Kind::ref, .to = "Donor", .inverse = "samples", .doc = "From whom."},
                      {.name = "weight", .kind = Kind::real, .optional = true, .doc = "In gram."},
                      {.name = "count",
                       .kind = Kind::integer,
                       .size = 16,
                       .fill = Fill::constant,
                       .initial = "3",
                       .in_database = true,
                       .doc = "How many."},
                      {.name = "labels",
                       .kind = Kind::link,
                       .to = "Label",
                       .inverse = "samples",
                       .through = "SampleLabel",
                       .doc = "Labels."}},
           .rules = {{.unique = {"donor", "name"}}}},
          {.name = "SampleLabel",
           .doc = "Labels of samples.",
           .traits = {Trait::link},
           .fields = {{.name = "sample", .kind = Kind::ref, .to = "Sample", .on_delete = On::cascade, .doc = "Sample."},
                      {.name = "label", .kind = Kind::ref, .to = "Label", .doc = "Label."}}}}};
}

inline Registry& registry_of(Module& module, std::string_view name) {
  for (Registry& r : module.registries) {
    if (r.name == name) return r;
  }
  throw std::out_of_range(std::string(name));
}

inline Field& field_of(Module& module, std::string_view registry, std::string_view name) {
  for (Field& f : registry_of(module, registry).fields) {
    if (f.name == name) return f;
  }
  throw std::out_of_range(std::string(name));
}

inline Catalog catalog_of(const Module& module) {
  Catalog catalog;
  catalog.add(module);
  return catalog;
}

}  // namespace lamin::schema::test
