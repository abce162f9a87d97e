// links.hpp -- the registries whose rows are links, which all look alike: one function a shape.
//
// Each returns a whole registry from the names of its two ends; names of fields and of what they are called from the
// other side follow from them (names.hpp). A link that is shaped differently is written out where it belongs.
#pragma once
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

/// A label that describes a host, either plainly or as the value of a feature: ArtifactULabel, ArtifactTissue.
template <Name host, Name label>
constexpr Registry annotation(std::vector<Rule> rules) {
  constexpr auto link = host + label;
  return {
      .name = text<link>(),
      .doc = "A label of a dataset or another object, and the feature whose value it is.",
      .mixins = {"TracksRun"},
      .traits = {Trait::link},
      .id_bits = 64,
      .fields = {{.name = text<lower<host>>(),
                  .kind = Kind::ref,
                  .to = text<host>(),
                  .inverse = text<"links_" + snake<label>>(),
                  .on_delete = On::cascade,
                  .doc = "What is described."},
                 {.name = text<lower<label>>(),
                  .kind = Kind::ref,
                  .to = text<label>(),
                  .inverse = text<"links_" + snake<host>>(),
                  .doc = "What describes it."},
                 {.name = "feature",
                  .kind = Kind::ref,
                  .optional = true,
                  .to = "Feature",
                  .inverse = text<"links_" + lower<link>>(),
                  .doc = "The feature whose value the label is; none for a plain label."}},
      .rules = std::move(rules),
  };
}

/// A label occurs once for each feature, and once without any.
template <Name host, Name label>
constexpr std::vector<Rule> once_a_feature() {
  constexpr auto name = "unique_" + lower<host + label>;
  const Text a = text<lower<host>>();
  const Text b = text<lower<label>>();
  return {{.name = text<name>(), .unique = {a, b, "feature"}, .where = "feature_id IS NOT NULL"},
          {.name = text<name + "_null_feature">(), .unique = {a, b}, .where = "feature_id IS NULL"}};
}

/// Two ends and nothing more, each pair once: TransformULabel, SchemaFeature.
template <Name host, Name other>
constexpr Registry pair(std::vector<Text> mixins = {"TracksRun"}) {
  return {
      .name = text<host + other>(),
      .doc = "Pairs of the two registries that make its name.",
      .mixins = std::move(mixins),
      .traits = {Trait::link},
      .id_bits = 64,
      .fields = {{.name = text<lower<host>>(),
                  .kind = Kind::ref,
                  .to = text<host>(),
                  .inverse = text<"links_" + lower<other>>(),
                  .on_delete = On::cascade,
                  .doc = "One end: when it is deleted, the link goes too."},
                 {.name = text<lower<other>>(),
                  .kind = Kind::ref,
                  .to = text<other>(),
                  .inverse = text<"links_" + lower<host>>(),
                  .doc = "The other end, which cannot be deleted while it is linked."}},
      .rules = {{.unique = {text<lower<host>>(), text<lower<other>>()}}},
  };
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

/// Text and comments that are attached to a host: ArtifactBlock.
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
