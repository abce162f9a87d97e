// pages.hpp: rows some at a time, and what they are related to.
#include "lamin/pages.hpp"

#include <cassert>
#include <vector>

#include "lamin/instance.hpp"

using namespace lamin;

int main() {
  const auto instance = Instance::init({.storage = "pages-storage"});
  Database& db = instance->database();
  const auto& registry = instance->catalog().table("ULabel");

  Record parent(registry);
  parent.set("name", "batch");
  db.save(parent);
  std::vector<Record> labels(1000, Record(registry));
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i].set("name", "plate " + std::to_string(i));
  db.insert(labels);
  const std::int64_t id = parent.id();
  const auto& parents = *registry.find_relation("parents");
  for (std::size_t i = 0; i < 10; ++i) db.link(labels[i], parents, {&id, 1});

  std::size_t seen = 0, linked = 0;
  Pages pages(db, {.registry = "ULabel", .where = Expr::parse("name startswith 'plate'")}, 300);
  for (auto page = pages.next(); !page.empty(); page = pages.next()) {
    seen += page.size();
    std::vector<std::int64_t> ids;
    for (const Record& label : page) ids.push_back(label.id());
    const RelatedRows found = related_rows(db, parents, ids);  // two statements for the whole page
    for (const auto one : ids) linked += found.of.at(one).size();
  }
  assert(seen == 1000 && linked == 10);
}
