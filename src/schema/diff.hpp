// diff.hpp -- from the catalog that a database was made for to the one in force: the statements between them.
//
// What loses nothing is done: new tables, columns, indexes, rules; wider types; columns that may now be null; renames
// that a field declares by `was`. What loses data, or could fail on it, is refused: fields and registries that
// vanished, narrower types, null no longer allowed. A database with more than the program knows was made by a newer one
// and is refused for the same reason.
#pragma once
#include <string>
#include <vector>
#include "lamin/catalog.hpp"
#include "schema/ddl.hpp"

namespace lamin::schema {

struct Diff {
  std::vector<std::string> statements;  ///< to be executed in this order, in one transaction
  std::vector<std::string> notes;       ///< what they do, for a person: "adds bionty.Gene.biotype"
};

/// Modules that are in `stored` alone are left in peace: their program is not here. Throws conflict that lists
/// everything that would be lost, unsupported for what SQLite cannot change in a table.
Diff diff(const Catalog& stored, const Catalog& now, Dialect dialect);

}  // namespace lamin::schema
