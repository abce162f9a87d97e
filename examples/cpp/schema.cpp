// schema.cpp -- your own registry as a value: samples of a lab, each from a tissue.
#include "lamin/schema.hpp"
#include <iostream>
#include "lamin/catalog.hpp"

int main() {
  using namespace lamin::schema;
  Catalog catalog;
  const Registry tissue = {.name = "Tissue",
                           .doc = "A part of the body.",
                           .fields = {{.name = "name", .size = 150, .unique = true, .doc = "As in Uberon."}},
                           .name_field = "name"};
  const Registry biosample = {
      .name = "Biosample",
      .doc = "A sample as it came from the clinic.",
      .fields = {{.name = "uid", .size = 12, .unique = true, .fill = Fill::random_uid, .doc = "Universal id."},
                 {.name = "name", .size = 150, .index = true, .doc = "What is written on the tube."},
                 {.name = "collected_on", .kind = Kind::date, .optional = true, .doc = "When it was taken."},
                 {.name = "tissue", .kind = Kind::ref, .to = "Tissue", .inverse = "biosamples", .doc = "From where."}},
      .name_field = "name"};
  catalog.add({.name = "mylab", .registries = {tissue, biosample}});
  for (const Column& column : catalog.table("Biosample").columns)
    std::cout << "mylab_biosample." << column.column << (column.to != nullptr ? " -> " : "")
              << (column.to != nullptr ? column.to->table : lamin::Text()) << "\n";
  for (const Relation& relation : catalog.table("Tissue").relations) std::cout << "Tissue." << relation.name << "\n";
}
// Prints:
//   mylab_biosample.id
//   mylab_biosample.uid
//   mylab_biosample.name
//   mylab_biosample.collected_on
//   mylab_biosample.tissue_id -> mylab_tissue
//   Tissue.biosamples
