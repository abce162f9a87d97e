// lamindb_blocks.hpp -- texts attached to objects: readmes and comments.
#pragma once
#include "modules/links.hpp"

namespace lamin::modules {

// clang-format off: one field, one line
constexpr std::vector<Registry> block_registries() {
  return {
      {.name = "Block", .doc = "A text of its own, or the beginning of a thread.",
       .mixins = {"SQLRecord", "IsVersioned", "BaseBlock"}, .id_bits = 64,
       .fields = {
           {.name = "key", .size = 1024, .optional = true, .index = true, .doc = "Name in the style of a path."},
           {.name = "anchor", .kind = Kind::ref, .optional = true, .to = "self", .inverse = "children",
            .doc = "The text that this one answers or belongs to."},
       }},
      block<"Record">(),
      block<"Artifact">(),
      {.name = "TransformBlock", .doc = "Text attached to a transform or to a line of it.",
       .mixins = {"IsVersioned", "HasBranch", "BaseBlock"}, .id_bits = 64,
       .fields = {
           {.name = "transform", .kind = Kind::ref, .optional = true, .to = "Transform", .inverse = "ablocks",
            .on_delete = On::cascade, .doc = "What the text is attached to."},
           {.name = "line_number", .kind = Kind::integer, .optional = true,
            .doc = "The line of the source code that it is about."},
       }},
      block<"Run">(),
      {.name = "CollectionBlock", .doc = "Text attached to a collection.",
       .mixins = {"IsVersioned", "HasBranch", "BaseBlock"}, .id_bits = 64,
       .fields = {
           {.name = "collection", .kind = Kind::ref, .optional = true, .to = "Collection", .inverse = "ablocks",
            .on_delete = On::cascade, .doc = "What the text is attached to."},
       }},
      block<"Schema">(),
      block<"Feature">(),
      block<"Project">(),
      block<"Space">(),
      block<"ULabel">(),
      {.name = "BranchBlock", .doc = "Text attached to a branch.", .mixins = {"IsVersioned", "BaseBlock"},
       .id_bits = 64,
       .fields = {
           {.name = "branch", .kind = Kind::ref, .to = "Branch", .inverse = "ablocks", .on_delete = On::cascade,
            .doc = "What the text is attached to."},
       }},
  };
}
// clang-format on

}  // namespace lamin::modules
