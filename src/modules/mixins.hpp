// mixins.hpp -- what many registries have in common. A registry replaces a mixin's field by declaring one of the same
// name.
#pragma once
#include "modules/links.hpp"

namespace lamin::modules {

// clang-format off: one field, one line
constexpr std::vector<Registry> core_mixins() {
  return {
      {.name = "HasBranch", .mixin = true, .traits = {Trait::branched},
       .fields = {
           {.name = "branch", .kind = Kind::ref, .fill = Fill::constant, .initial = "1", .in_database = true,
            .to = "Branch", .doc = "The branch on which it lives; the bin (-1) and the archive (0) are branches too."},
           {.name = "created_on", .kind = Kind::ref, .hidden = true, .fill = Fill::constant, .initial = "1",
            .in_database = true, .to = "Branch", .doc = "The branch on which it was created."},
       }},
      {.name = "SQLRecord", .mixin = true, .mixins = {"HasBranch"},
       .fields = {
           {.name = "space", .kind = Kind::ref, .fill = Fill::constant, .initial = "1", .in_database = true,
            .to = "Space", .doc = "The space that decides who may see and change it."},
           {.name = "is_locked", .kind = Kind::boolean, .hidden = true, .fill = Fill::constant, .initial = "false",
            .in_database = true, .doc = "Whether it refuses changes."},
           {.name = "_aux", .kind = Kind::json, .optional = true, .hidden = true, .fill = Fill::constant,
            .initial = "null", .in_database = true, .doc = "Fields of the library's own that have no column yet."},
       }},
      {.name = "TracksCreation", .mixin = true,
       .fields = {
           {.name = "created_at", .kind = Kind::time, .index = true, .fill = Fill::now, .in_database = true,
            .doc = "When the row was written first."},
           {.name = "created_by", .kind = Kind::ref, .fill = Fill::user, .to = "User", .doc = "Who created it."},
       }},
      {.name = "TracksRun", .mixin = true, .mixins = {"TracksCreation"},
       .fields = {
           {.name = "run", .kind = Kind::ref, .optional = true, .fill = Fill::run, .to = "Run",
            .doc = "The run that created it."},
       }},
      {.name = "TracksUpdates", .mixin = true,
       .fields = {
           {.name = "updated_at", .kind = Kind::time, .index = true, .fill = Fill::now, .in_database = true,
            .doc = "When the row was last written."},
       }},
      {.name = "IsVersioned", .mixin = true, .traits = {Trait::versioned},
       .fields = {
           {.name = "version_tag", .size = 30, .optional = true, .index = true,
            .doc = "A version's name, such as 1.0, where one was given."},
           {.name = "is_latest", .kind = Kind::boolean, .index = true, .fill = Fill::constant, .initial = "true",
            .doc = "Whether it is the newest version of its family on its branch."},
       }},
      {.name = "HasType", .mixin = true, .traits = {Trait::typed},
       .fields = {
           {.name = "is_type", .kind = Kind::boolean, .index = true, .fill = Fill::constant, .initial = "false",
            .in_database = true, .doc = "Whether it is a type, which groups others, and not a value."},
       }},
      {.name = "HasParents", .mixin = true, .traits = {Trait::hierarchical},
       .fields = {
           {.name = "parents", .kind = Kind::link, .to = "self", .inverse = "children", .doc = "The broader terms."},
       }},
      {.name = "BaseBlock", .mixin = true, .mixins = {"TracksCreation"},
       .fields = {
           {.name = "uid", .size = 20, .unique = true, .fill = Fill::random_uid,
            .doc = "Identifier that is the same in every database."},
           {.name = "content", .doc = "The text, in Markdown."},
           {.name = "hash", .size = 22, .optional = true, .index = true, .doc = "Hash of the content."},
           {.name = "kind", .size = 22, .index = true, .fill = Fill::constant, .initial = "\"readme\"",
            .in_database = true, .doc = "readme or comment."},
           {.name = "_status_code", .kind = Kind::integer, .size = 16, .index = true, .hidden = true,
            .fill = Fill::constant, .initial = "0", .in_database = true, .doc = "State of a discussion."},
           {.name = "_aux", .kind = Kind::json, .optional = true, .hidden = true, .fill = Fill::constant,
            .initial = "null", .in_database = true, .doc = "Fields of the library's own that have no column yet."},
       }},
  };
}
// clang-format on

}  // namespace lamin::modules
