// linked.hpp -- linked rows in the order in which they were linked.
#pragma once
#include <vector>

#include "lamin/database.hpp"

namespace lamin::lake {

/// The rows of a many_to_many relation by the ids of their links, on any branch.
std::vector<Record> linked_in_order(Database& database, const Record& record, const schema::Relation& relation);

}  // namespace lamin::lake
