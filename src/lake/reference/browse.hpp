// browse.hpp -- where terms of a registry may be found: the registry itself, and releases beside it.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lake/ontology/stated.hpp"
#include "lamin/instance.hpp"

namespace lamin::lake {

/// A registry whose rows may be terms of an ontology. Throws invalid_argument for another one.
const schema::Table& term_table(Instance& instance, std::string_view registry);

/// A database with terms of a release: the user's own or a reference.
struct Shelf {
  Instance* instance = nullptr;
  std::shared_ptr<Instance> kept = {};  ///< of a reference: it stays open as long as the shelf
  std::int64_t source = 0;              ///< 0: none
  explicit operator bool() const { return instance != nullptr; }
};
/// The reference of a release; with `download`, its file is fetched if need be. Empty if it cannot be had.
Shelf shelf_of(Instance& instance, const Record& release, bool download);
/// The same for the release in use; empty also without one.
Shelf shelf_in_use(Instance& instance, const schema::Table& table, bool download);
/// The row of bionty.Source of a row; nullopt if it has none.
std::optional<Record> source_row(Instance& instance, const Record& row);

}  // namespace lamin::lake
