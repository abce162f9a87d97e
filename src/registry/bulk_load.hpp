// bulk_load.hpp -- many rows into a table that has few.
#pragma once
#include <functional>
#include <span>
#include <string_view>
#include "lamin/catalog.hpp"
#include "lamin/database.hpp"

namespace lamin::registry {

/// Runs `load` while the indexes of a table that enforce no rule are absent, and builds them after it, which takes a
/// fraction of keeping them up row by row. Joins the transaction that it is called in; a failure in `load` must roll it
/// back. On PostgreSQL, where that would lock the table against readers, it only runs `load`.
void without_indexes(Database& database, const schema::Table& table, const std::function<void()>& load);
/// Runs `load` in a transaction in which SQLite has more memory and does not look up what each new row refers to:
/// `load` may only insert rows, most of them into `table`, and those must refer to rows that it knows to be there.
/// Inside another transaction, and on PostgreSQL, references are checked as ever.
void load_in_bulk(Database& database, const schema::Table& table, const std::function<void()>& load);
/// For a database that is only read afterwards: of the indexes that enforce no rule, those of these columns stay.
void keep_indexes(Database& database, const schema::Table& table, std::span<const std::string_view> columns);

}  // namespace lamin::registry
