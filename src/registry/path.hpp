// path.hpp -- "run.transform.key" followed through the catalog.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "lamin/catalog.hpp"

namespace lamin::registry {

struct Path {
  std::vector<const schema::Relation*> relations;
  const schema::Column* column = nullptr;  ///< where it ends, in the last table
  std::vector<std::string> keys;           ///< within a JSON column
  const schema::Table* table = nullptr;    ///< the last table

  /// Several rows may answer to it.
  bool to_many() const;
};

/// "." and "__" separate. Ends in a column, or in a relation, which then means the id of what it points at. `pk` is
/// the id. Throws unknown_field, listing what there is and what may have been meant.
Path follow(const schema::Table& from, std::string_view path);

/// The same table's error, for faces that meet a field of their own that is not there.
[[noreturn]] void unknown_field(const schema::Table& table, std::string_view field);

}  // namespace lamin::registry
