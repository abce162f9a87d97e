// lamindb_access.hpp -- who works with an instance: people, spaces, branches.
#pragma once
#include "modules/links.hpp"

namespace lamin::modules {

// clang-format off: one field, one line
constexpr std::vector<Registry> access_registries() {
  return {
      {.name = "Space", .doc = "Who may see and change what: each row belongs to one space.",
       .mixins = {"TracksCreation"}, .id_bits = 16,
       .fields = {
           {.name = "name", .size = 100, .index = true, .doc = "Name, such as the name of a team."},
           {.name = "uid", .size = 12, .unique = true, .fill = Fill::random_uid,
            .doc = "Identifier that is the same in every database."},
           {.name = "description", .optional = true, .doc = "What it is, in a sentence or more."},
           {.name = "created_by", .kind = Kind::ref, .optional = true, .to = "User", .on_delete = On::cascade,
            .doc = "Who created it; nobody for the space that always exists."},
       },
       .rules = {{.name = "unique_space_name_lower", .expression = "lower(name)"}},
       .name_field = "name"},
      {.name = "Branch", .doc = "A line of work: rows can be prepared on a branch and merged into main.",
       .mixins = {"TracksCreation"},
       .fields = {
           {.name = "name", .size = 100, .index = true, .doc = "Name, unique whatever its case."},
           {.name = "uid", .size = 12, .unique = true, .fill = Fill::random_uid,
            .doc = "Identifier that is the same in every database."},
           {.name = "space", .kind = Kind::ref, .fill = Fill::constant, .initial = "1", .in_database = true,
            .to = "Space", .doc = "The space that decides who may see it."},
           {.name = "created_by", .kind = Kind::ref, .fill = Fill::user, .to = "User", .doc = "Who created it."},
           {.name = "description", .optional = true, .doc = "What it is, in a sentence or more."},
           {.name = "_status_code", .kind = Kind::integer, .size = 16, .index = true, .hidden = true,
            .fill = Fill::constant, .initial = "0", .in_database = true,
            .codes = {"closed", "merged", "standalone", "draft", "review"}, .first_code = -2,
            .doc = "How far the work on it is."},
           {.name = "_aux", .kind = Kind::json, .optional = true, .hidden = true, .fill = Fill::constant,
            .initial = "null", .in_database = true, .doc = "Fields of the library's own that have no column yet."},
           {.name = "users", .kind = Kind::link, .to = "User", .inverse = "branches", .through = "BranchUser",
            .doc = "The people who work on it."},
           {.name = "ulabels", .kind = Kind::link, .to = "ULabel", .inverse = "branches", .through = "BranchULabel",
            .doc = "Labels of the branch."},
           {.name = "projects", .kind = Kind::link, .to = "Project", .inverse = "branches", .through = "BranchProject",
            .doc = "The projects that it serves."},
       },
       .rules = {{.name = "unique_branch_name_lower", .expression = "lower(name)"}},
       .name_field = "name"},
      {.name = "BranchUser", .doc = "Who works on which branch.", .traits = {Trait::link}, .id_bits = 64,
       .fields = {
           {.name = "branch", .kind = Kind::ref, .to = "Branch", .inverse = "links_user", .on_delete = On::cascade,
            .doc = "The branch."},
           {.name = "user", .kind = Kind::ref, .to = "User", .inverse = "links_branch", .doc = "The person."},
           {.name = "role", .size = 32, .index = true, .doc = "What the person does there, such as reviewer."},
       },
       .rules = {{.unique = {"branch", "user", "role"}}}},
      {.name = "User", .doc = "A person, or a service that acts like one.", .mixins = {"TracksUpdates"},
       .traits = {Trait::curatable},
       .fields = {
           {.name = "uid", .size = 8, .unique = true, .doc = "Identifier that is the same in every database."},
           {.name = "handle", .size = 30, .unique = true, .doc = "Short unique name."},
           {.name = "name", .size = 150, .optional = true, .index = true, .doc = "Full name."},
           {.name = "created_at", .kind = Kind::time, .index = true, .fill = Fill::now, .in_database = true,
            .doc = "When the user was seen first."},
           {.name = "linked_in_records", .kind = Kind::link, .to = "Record", .inverse = "linked_users",
            .through = "RecordUser", .doc = "The records that have it as the value of a feature."},
           {.name = "artifacts", .kind = Kind::link, .to = "Artifact", .inverse = "users", .through = "ArtifactUser",
            .doc = "The artifacts that are annotated with this person."},
       },
       .name_field = "handle"},
      {.name = "Migration", .doc = "The changes of the tables that were applied, as LaminDB keeps them.",
       .id_bits = 64,
       .fields = {
           {.name = "app", .size = 255, .doc = "The module whose tables changed."},
           {.name = "name", .size = 255, .doc = "Name of the change."},
           {.name = "applied", .kind = Kind::time, .doc = "When it was applied."},
       },
       .name_field = "name", .table = "django_migrations"},
  };
}
// clang-format on

}  // namespace lamin::modules
