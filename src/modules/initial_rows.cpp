// initial_rows.cpp -- the space, the branches and the public sources of a new database.
#include "modules/initial_rows.hpp"
#include <algorithm>
#include "base/uid.hpp"

namespace lamin::modules {

namespace {

InitialRow branch(int id, std::string_view name, std::string_view uid, std::string_view description) {
  return {"lamindb_branch",
          {{"id", id}, {"name", name}, {"uid", uid}, {"description", description}, {"created_by_id", 1}, {"_aux", {}}}};
}

InitialRow source(const PublicSource& s) {
  std::string identity;
  for (std::string_view part : {s.entity, s.name, s.organism, s.version}) identity += part;
  return {"bionty_source",
          {{"uid", base::derived_uid(identity, 8)},
           {"entity", s.entity},
           {"organism", s.organism},
           {"name", s.name},
           {"version", s.version},
           {"in_db", false},
           {"currently_used", s.used},
           {"description", s.description},
           {"url", s.url},
           {"source_website", s.website},
           {"created_by_id", 1},
           {"_aux", {}}}};
}

}  // namespace

std::vector<InitialRow> initial_rows(std::span<const std::string> modules) {
  std::vector<InitialRow> rows;
  rows.push_back({"lamindb_space",
                  {{"id", 1},
                   {"name", "all"},
                   {"uid", "aaaaaaaaaaaa"},
                   {"description", "Every team & user with access to the instance has access."}}});
  rows.push_back(branch(-1, "trash", "tttttttttttt", "The trash."));
  rows.push_back(branch(0, "archive", "aaaaaaaaaaaa", "The archive."));
  rows.push_back(branch(1, "main", "mmmmmmmmmmmm", "The main & default branch of the instance."));
  if (std::ranges::find(modules, "bionty") != modules.end()) {
    for (const PublicSource& s : public_sources()) rows.push_back(source(s));
  }
  return rows;
}

}  // namespace lamin::modules
