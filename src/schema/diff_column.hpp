// diff_column.hpp -- what changed in an existing column.
#pragma once
#include <string>
#include <vector>
#include "schema/diff.hpp"

namespace lamin::schema {

/// A column before and after; `same_target`: a ref still points at the same registry.
struct ColumnChange {
  const Table& old;
  const Table& now;
  const Column& was;
  const Column& is;
  bool same_target = true;
};

bool becomes_required(const ColumnChange& c);
bool becomes_optional(const ColumnChange& c);
/// Whether anything in its definition changed: "optional", "unique", the type, the default, what happens on deletion.
bool is_redefined(const ColumnChange& c, Dialect dialect);

/// Guards for what may fail on the rows: a narrower type, null, duplicate values.
void guard_column(const ColumnChange& c, Dialect dialect, std::vector<Guard>& guards);
/// One line per change, for a person.
void note_column(const ColumnChange& c, Dialect dialect, std::vector<std::string>& notes);

/// PostgreSQL: ALTER TABLE ... for all changes, in order.
std::vector<std::string> alter_column(const ColumnChange& c);

/// The name that Postgres generates for a constraint or a sequence: <table>_<column>_<label>, cut to 63.
std::string postgres_name(std::string_view table, std::string_view column, std::string_view label);
/// Postgres: the name of a reference's constraint.
std::string key_name(const Table& table, const Column& column);
/// "lab.Sample.weight"
std::string label(const Table& table, const Column& column);

}  // namespace lamin::schema
