// find.hpp -- one record, and the versions it belongs to.
//
// A query may find several versions of one thing; who asks for one record means the latest of them.
//
// Example: examples/cpp/find.cpp
#pragma once
#include <cstdint>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

/// Exactly one row. Of several in a versioned registry the one that is the latest, of several families without a latest
/// one the newest. Throws not_found and multiple_found.
Record get(Instance& instance, const Query& query);
/// What `get` chooses from: none, the one that is meant, or two where nobody can tell.
std::vector<Record> meant_rows(Database& database, const Query& query);

/// All versions of the family that queries see, newest first. Throws invalid_argument for a registry without versions.
std::vector<Record> versions(Instance& instance, const Record& record);
/// The same as a query, to be narrowed.
Query versions_of(const Record& record);

/// Ids of all rows whose type is this one or a type below it, down to `depth` steps; -1 = all. On every branch that
/// queries see.
std::vector<std::int64_t> members_of_type(Instance& instance, const Record& type, int depth = -1);
/// What a list shows of what a query finds: not the artifacts that the library keeps for itself (reports,
/// environments), unless the query speaks of kinds.
Query listed(const schema::Catalog& catalog, Query query);

}  // namespace lamin
