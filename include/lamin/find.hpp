// find.hpp -- one record, and the versions it belongs to.
//
// A query may find several versions of one thing; a caller that asks for one record gets the latest of them.
//
// Example: examples/cpp/find.cpp
#pragma once
#include <cstdint>
#include <optional>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

/// Exactly one row. In a versioned registry, several rows are reduced to the one that is the latest version or, if none
/// is, to the newest. Throws not_found and multiple_found.
Record get(Instance& instance, const Query& query);
/// The candidates of `get`: none, the intended row, or two if it is ambiguous.
std::vector<Record> meant_rows(Database& database, const Query& query);

/// All versions of the family that queries see, newest first. Throws invalid_argument for a registry without versions.
std::vector<Record> versions(Instance& instance, const Record& record);
/// The same as a query, which can be narrowed.
Query versions_of(const Record& record);

/// The latest readme of a record, whose text is its field `content`; nullopt if it has none or its registry keeps none.
std::optional<Record> readme(Instance& instance, const Record& record);

/// Ids of all rows whose type is this one or a type below it, up to `depth` levels; -1 = all. On every branch that
/// queries see.
std::vector<std::int64_t> members_of_type(Instance& instance, const Record& type, int depth = -1);
/// Restricts a query to what lists show: no internal artifacts (reports, environments), unless the query mentions
/// kinds.
Query listed(const schema::Catalog& catalog, Query query);

}  // namespace lamin
