// schema_order.hpp -- the members of a schema as they are linked, and as they are shown.
#pragma once
#include <vector>
#include "lamin/feature.hpp"

namespace lamin::lake {

/// Members of a saved schema as they are linked, which is the order that counts.
std::vector<Record> linked_members(Instance& instance, const Record& schema);
/// Members in the order that the schema's view says; those that it does not name follow as they are.
void put_in_order(const Record& schema, std::vector<Record>& members);
/// `_aux` of a schema without that order, which the members as linked replace.
Value without_order(const Value& aux);

}  // namespace lamin::lake
