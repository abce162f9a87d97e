// type_hooks.hpp -- rules for rows of typed registries (features, schemas, labels, records, projects).
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

/// Throws validation unless the type of a row is a type that may hold it, in the space that it prescribes; a row of no
/// space yet gets that one.
void check_type(Database& database, Record& record);
/// After this, on either database, in the transaction of the write:
///   - the type of a row is a type, and no row is its own type, directly or indirectly;
///   - a row is in the space that its type prescribes (single_space of label.hpp);
///   - a record that is a sheet (a type with a schema) has no types below it;
///   - a feature's dtype can be read;
///   - a renamed feature keeps its old name as a synonym and in `_aux.renamed` (on Postgres a trigger does that).
void install_type_hooks(Database& database);

}  // namespace lamin::lake
