// links.hpp -- the registries whose rows are links, which all look alike: one function per shape.
//
// Each returns a whole registry from the names of its two ends; the names of fields and of their inverses follow from
// these (names.hpp). A link of another shape is written out where it belongs.
#pragma once
#include <utility>
#include "lamin/schema.hpp"
#include "modules/names.hpp"

namespace lamin::modules {

using schema::Field;
using schema::Fill;
using schema::Kind;
using schema::Module;
using schema::On;
using schema::Registry;
using schema::Rule;
using schema::Trait;

/// The names in a link between a host and what describes it. A plug-in's are made at run time (plugin.cpp).
struct Ends {
  Text link;          ///< "ArtifactCellType"
  Text host, label;   ///< "Artifact", "CellType"
  Text a, b;          ///< "artifact", "celltype": the fields
  Text from_host;     ///< "links_cell_type": the links seen from the host
  Text from_label;    ///< "links_artifact"
  Text from_feature;  ///< "links_artifactcelltype"
  Text value_of;      ///< "values_cell_type": seen from a record that has them as values
};

template <Name host, Name label>
constexpr Ends ends() {
  return {.link = text<host + label>(),
          .host = text<host>(),
          .label = text<label>(),
          .a = text<lower<host>>(),
          .b = text<lower<label>>(),
          .from_host = text<"links_" + snake<label>>(),
          .from_label = text<"links_" + snake<host>>(),
          .from_feature = text<"links_" + lower<host + label>>(),
          .value_of = text<"values_" + snake<label>>()};
}

/// A label that describes a host, either plainly or as the value of a feature: ArtifactULabel, ArtifactTissue.
constexpr Registry annotation(const Ends& e, std::vector<Rule> rules) {
  return {
      .name = e.link,
      .doc = "A label of a dataset or another object, and the feature whose value it is.",
      .mixins = {"TracksRun"},
      .traits = {Trait::link},
      .id_bits = 64,
      .fields = {{.name = e.a,
                  .kind = Kind::ref,
                  .to = e.host,
                  .inverse = e.from_host,
                  .on_delete = On::cascade,
                  .doc = "What is described."},
                 {.name = e.b, .kind = Kind::ref, .to = e.label, .inverse = e.from_label, .doc = "What describes it."},
                 {.name = "feature",
                  .kind = Kind::ref,
                  .optional = true,
                  .to = "Feature",
                  .inverse = e.from_feature,
                  .doc = "The feature whose value the label is; none for a plain label."}},
      .rules = std::move(rules),
  };
}
template <Name host, Name label>
constexpr Registry annotation(std::vector<Rule> rules) {
  return annotation(ends<host, label>(), std::move(rules));
}

/// A record's value for a feature, where the value is a term: RecordTissue.
constexpr Registry term_of_record(const Ends& e) {
  return {
      .name = e.link,
      .doc = "The terms that a record has as values of features.",
      .mixins = {"TracksRun"},
      .traits = {Trait::link},
      .id_bits = 64,
      .fields = {{.name = "record",
                  .kind = Kind::ref,
                  .to = "Record",
                  .inverse = e.value_of,
                  .on_delete = On::cascade,
                  .doc = "The record that has the value."},
                 {.name = "value", .kind = Kind::ref, .to = e.label, .inverse = "links_record", .doc = "The term."},
                 {.name = "feature",
                  .kind = Kind::ref,
                  .optional = true,
                  .to = "Feature",
                  .inverse = e.from_feature,
                  .doc = "The feature whose value it is; none for a plain label."}},
      .rules = {{.unique = {"record", "value", "feature"}}},
  };
}

/// A label occurs once per feature, and once without any.
template <Name host, Name label>
constexpr std::vector<Rule> once_a_feature() {
  constexpr auto name = "unique_" + lower<host + label>;
  const Text a = text<lower<host>>();
  const Text b = text<lower<label>>();
  return {{.name = text<name>(), .unique = {a, b, "feature"}, .where = "feature_id IS NOT NULL"},
          {.name = text<name + "_null_feature">(), .unique = {a, b}, .where = "feature_id IS NULL"}};
}

/// Just two ends, each pair once: TransformULabel, SchemaFeature.
constexpr Registry pair(Text link, Text host, Text a, Text from_host, Text other, Text b, Text from_other,
                        std::vector<Text> mixins) {
  return {
      .name = link,
      .doc = "Pairs of the two registries that make its name.",
      .mixins = std::move(mixins),
      .traits = {Trait::link},
      .id_bits = 64,
      .fields = {{.name = a,
                  .kind = Kind::ref,
                  .to = host,
                  .inverse = from_host,
                  .on_delete = On::cascade,
                  .doc = "One end: when it is deleted, the link goes too."},
                 {.name = b,
                  .kind = Kind::ref,
                  .to = other,
                  .inverse = from_other,
                  .doc = "The other end, which cannot be deleted while it is linked."}},
      .rules = {{.unique = {a, b}}},
  };
}
template <Name host, Name other>
constexpr Registry pair(std::vector<Text> mixins = {"TracksRun"}) {
  return pair(text<host + other>(), text<host>(), text<lower<host>>(), text<"links_" + lower<other>>(), text<other>(),
              text<lower<other>>(), text<"links_" + lower<host>>(), std::move(mixins));
}

/// A cell of a sheet that holds a row of another registry: RecordArtifact.
template <Name target>
constexpr Registry record_value(Text seen_from_value = "links_in_record") {
  constexpr auto link = "Record" + target;
  return {
      .name = text<link>(),
      .doc = "The value that a record has for a feature, where the value is a row of another registry.",
      .traits = {Trait::link},
      .id_bits = 64,
      .fields =
          {{.name = "record",
            .kind = Kind::ref,
            .to = "Record",
            .inverse = text<"values_" + snake<target>>(),
            .on_delete = On::cascade,
            .doc = "The record that has the value."},
           {.name = "feature",
            .kind = Kind::ref,
            .to = "Feature",
            .inverse = text<"links_" + lower<link>>(),
            .doc = "The feature, like the column of a sheet."},
           {.name = "value", .kind = Kind::ref, .to = text<target>(), .inverse = seen_from_value, .doc = "The value."}},
      .rules = {{.unique = {"record", "feature", "value"}}},
  };
}

/// Text and comments attached to a host: ArtifactBlock.
template <Name host>
constexpr Registry block() {
  return {
      .name = text<host + "Block">(),
      .doc = "Text attached to an object: its readme, or a comment.",
      .mixins = {"IsVersioned", "HasBranch", "BaseBlock"},
      .id_bits = 64,
      .fields = {{.name = text<lower<host>>(),
                  .kind = Kind::ref,
                  .to = text<host>(),
                  .inverse = "ablocks",
                  .on_delete = On::cascade,
                  .doc = "What the text is attached to."}},
  };
}

}  // namespace lamin::modules
