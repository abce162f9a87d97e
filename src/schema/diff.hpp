// diff.hpp -- from the catalog that a database was made for to the one in force: the statements between them.
//
// A database that was brought up is the same as one made for the new catalog. What loses nothing is done: new tables,
// columns, indexes, rules; wider types; null allowed, or no longer allowed where a first value is declared; renames
// that are declared by `was`. What could fail on the rows or would give something up is not: it becomes a guard or a
// loss, which the caller asks about before it runs the statements. A database with more than the program knows was made
// by a newer one, and is refused for the same reason.
//
// SQLite changes little of a table in place. Such a table is made anew and filled from the old one, which needs foreign
// keys to be off meanwhile, since dropping the old one would delete its rows.
#pragma once
#include <string>
#include <vector>
#include "lamin/catalog.hpp"
#include "schema/ddl.hpp"

namespace lamin::schema {

/// Rows that stand in the way of a change: it is refused unless the query counts none.
struct Guard {
  std::string count;    ///< SELECT count(*) ..., in terms of the stored tables; empty = refused anyway
  std::string refusal;  ///< what is wrong and what to do
};

/// Something that the new catalog no longer has: refused unless somebody has dropped it by hand.
struct Loss {
  std::string table, column;  ///< in SQL; without a column it is the table
  std::string refusal;
};

struct Diff {
  std::vector<std::string> statements;  ///< to be executed in this order, in one transaction
  std::vector<std::string> notes;       ///< what they do, for a person: "adds bionty.Gene.biotype"
  std::vector<Guard> guards;
  std::vector<Loss> losses;
  std::vector<std::string> rebuilt;  ///< SQLite: tables that are made anew, by their names before
};

/// Modules that are in `stored` alone are left in peace: their program is not here.
Diff diff(const Catalog& stored, const Catalog& now, Dialect dialect);

/// The refusal of all that stands in the way, as a conflict.
[[noreturn]] void refuse(const std::vector<std::string>& refusals);

}  // namespace lamin::schema
