// diff_column.hpp -- what changed in a column that was there before.
#pragma once
#include <string>
#include <vector>
#include "schema/diff.hpp"

namespace lamin::schema {

/// A column before and after; `same_target`: for a ref, it points at what it pointed at.
struct ColumnChange {
  const Table& old;
  const Table& now;
  const Column& was;
  const Column& is;
  bool same_target = true;
};

bool becomes_required(const ColumnChange& c);
bool becomes_optional(const ColumnChange& c);
/// "optional", "unique", the type, the default or what happens on deletion: anything that its definition says.
bool is_redefined(const ColumnChange& c, Dialect dialect);

/// Guards for what may fail on the rows: a narrower type, null, values that occur twice.
void guard_column(const ColumnChange& c, Dialect dialect, std::vector<Guard>& guards);
/// A line for each thing that changes, for a person.
void note_column(const ColumnChange& c, Dialect dialect, std::vector<std::string>& notes);

/// PostgreSQL: ALTER TABLE ... for all of it, in order.
std::vector<std::string> alter_column(const ColumnChange& c);

/// As Postgres makes up the name of a constraint or a sequence: <table>_<column>_<label>, cut to 63.
std::string postgres_name(std::string_view table, std::string_view column, std::string_view label);
/// Postgres: the name of a reference's constraint.
std::string key_name(const Table& table, const Column& column);
/// "lab.Sample.weight"
std::string label(const Table& table, const Column& column);

}  // namespace lamin::schema
