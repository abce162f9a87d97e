// builtin.cpp -- the built-in modules by name.
#include <algorithm>
#include "lamin/error.hpp"
#include "modules/modules.hpp"

namespace lamin::modules {

std::span<const std::string_view> builtin_names() {
  static constexpr std::string_view names[] = {"lamindb", "bionty", "pertdb"};
  return names;
}

std::vector<const schema::Module*> builtin(std::span<const std::string> names) {
  const std::vector<const schema::Module*> all = {&lamindb(), &bionty(), &pertdb()};
  std::vector<std::string_view> wanted = {"lamindb"};
  for (std::size_t i = 0; i < names.size(); ++i) wanted.push_back(names[i]);
  std::vector<const schema::Module*> found;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto at = std::ranges::find(all, wanted[i], [](const schema::Module* m) { return m->name.view(); });
    if (at == all.end()) {
      throw Error(Code::not_found, "there is no module '" + std::string(wanted[i]) +
                                       "'; those that come with the library are lamindb, bionty and pertdb");
    }
    for (Text need : (*at)->needs) wanted.push_back(need);
    if (std::ranges::find(found, *at) == found.end()) found.push_back(*at);
  }
  // `all` is ordered by needs.
  std::ranges::sort(found, {}, [&](const schema::Module* m) { return std::ranges::find(all, m); });
  return found;
}

std::vector<std::string> stored(std::span<const std::string> names, bool sqlite) {
  std::vector<std::string> all(names.begin(), names.end());
  if (sqlite && std::ranges::find(all, "bionty") == all.end()) all.emplace_back("bionty");
  return all;
}

schema::Catalog catalog_of(std::span<const std::string> names) {
  schema::Catalog catalog;
  for (const schema::Module* module : builtin(names)) catalog.add(*module);
  return catalog;
}

schema::Catalog builtin_catalog() { return catalog_of(std::vector<std::string>{"bionty", "pertdb"}); }

}  // namespace lamin::modules
