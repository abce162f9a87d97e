// linked.hpp -- linked rows in the order they were linked.
#pragma once
#include <vector>

#include "lamin/database.hpp"

namespace lamin::lake {

/// The rows of a many_to_many relation ordered by link id, on any branch.
std::vector<Record> linked_in_order(Database& database, const Record& record, const schema::Relation& relation);

}  // namespace lamin::lake
