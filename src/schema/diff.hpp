// diff.hpp -- the statements that lead from the catalog a database was made for to the current one.
//
// A migrated database equals one made for the new catalog. Lossless changes are made: new tables, columns, indexes,
// rules; wider types; null allowed, or no longer allowed where a first value is declared; renames declared by `was`. A
// change that could fail on the rows or would lose something becomes a guard or a loss, which the caller checks before
// it runs the statements. A database that has more than the program knows was made by a newer one, and is refused for
// the same reason.
//
// SQLite can alter little of a table in place. Such a table is rebuilt and filled from the old one, which needs foreign
// keys to be off meanwhile, since dropping the old one would delete its rows.
#pragma once
#include <string>
#include <vector>
#include "lamin/catalog.hpp"
#include "schema/ddl.hpp"

namespace lamin::schema {

/// Rows that prevent a change: it is refused unless the query counts none.
struct Guard {
  std::string count;    ///< SELECT count(*) ..., in terms of the stored tables; empty = refused anyway
  std::string refusal;  ///< what is wrong and what to do
};

/// Something that the new catalog no longer has: refused unless it has been dropped by hand.
struct Loss {
  std::string table, column;  ///< in SQL; an empty column means the table
  std::string refusal;
};

struct Diff {
  std::vector<std::string> statements;  ///< to be executed in this order, in one transaction
  std::vector<std::string> notes;       ///< what they do, for a person: "adds bionty.Gene.biotype"
  std::vector<Guard> guards;
  std::vector<Loss> losses;
  std::vector<std::string> rebuilt;  ///< SQLite: tables that are rebuilt, by their old names
};

/// Modules that are only in `stored` are left alone: this program does not have them.
Diff diff(const Catalog& stored, const Catalog& now, Dialect dialect);

/// Throws a conflict that lists all refusals.
[[noreturn]] void refuse(const std::vector<std::string>& refusals);

}  // namespace lamin::schema
