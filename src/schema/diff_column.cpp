// diff_column.cpp -- see diff_column.hpp.
#include "schema/diff_column.hpp"
#include <fmt/format.h>
#include "schema/kind.hpp"

namespace lamin::schema {

namespace {

bool is_optional(const Column& c) { return c.field && c.field->optional; }
bool is_unique(const Column& c) { return c.field && c.field->unique; }
bool cascades(const Column& c) { return c.field && c.field->in_database && c.field->on_delete == On::cascade; }
int bits(const Column& c) { return c.field && c.field->size ? c.field->size : 32; }

enum class Way { same, wider, narrower, other };

Way way(const ColumnChange& c) {
  if (c.was.kind != c.is.kind || !c.same_target) return Way::other;
  const auto compare = [](int a, int b) { return a == b ? Way::same : a < b ? Way::wider : Way::narrower; };
  if (c.is.position == 0) {
    return c.old.registry && c.now.registry ? compare(c.old.registry->id_bits, c.now.registry->id_bits) : Way::same;
  }
  // A reference is as wide as the registry that it points at, and guarded there.
  if (c.is.kind == Kind::integer) return compare(bits(c.was), bits(c.is));
  if (c.is.kind != Kind::text) return Way::same;
  constexpr int unlimited = 1 << 30;
  return compare(c.was.field->size ? c.was.field->size : unlimited, c.is.field->size ? c.is.field->size : unlimited);
}

std::string narrow_condition(const ColumnChange& c, const std::string& column) {
  if (c.is.kind == Kind::text) return fmt::format("length({}) > {}", column, c.is.field->size);
  const int wide = c.is.position == 0 ? c.now.registry->id_bits : bits(c.is);
  const std::int64_t most = wide == 16 ? 32767 : 2147483647;
  return fmt::format("{} NOT BETWEEN {} AND {}", column, -most - 1, most);
}

bool same_type(const ColumnChange& c, Dialect dialect) {
  return column_type(c.old, c.was, dialect) == column_type(c.now, c.is, dialect);
}

}  // namespace

std::string label(const Table& table, const Column& column) { return table.qualified.str() + "." + column.name.str(); }

std::string postgres_name(std::string_view table, std::string_view column, std::string_view label) {
  std::size_t a = table.size(), b = column.size();
  const std::size_t room = 63 - label.size() - 1 - (b > 0 ? 1 : 0);
  while (a + b > room) --(a > b ? a : b);
  std::string name(table.substr(0, a));
  if (b > 0) name += "_" + std::string(column.substr(0, b));
  return name + "_" + std::string(label);
}

std::string key_name(const Table& table, const Column& column) {
  const std::vector<std::string> columns = {column.column.str()};
  return index_name(table.table, columns, fmt::format("_fk_{}_id", column.to->table.view()), Dialect::postgres);
}

bool becomes_required(const ColumnChange& c) { return is_optional(c.was) && !is_optional(c.is); }
bool becomes_optional(const ColumnChange& c) { return !is_optional(c.was) && is_optional(c.is); }

bool is_redefined(const ColumnChange& c, Dialect dialect) {
  return is_optional(c.was) != is_optional(c.is) || is_unique(c.was) != is_unique(c.is) || !same_type(c, dialect) ||
         column_default(c.was, dialect) != column_default(c.is, dialect) || cascades(c.was) != cascades(c.is);
}

void guard_column(const ColumnChange& c, Dialect dialect, std::vector<Guard>& guards) {
  const std::string table = identifier(c.old.table), column = identifier(c.was.column), name = label(c.now, c.is);
  if (way(c) == Way::other) {
    guards.push_back({"", fmt::format("{} would become another kind of field; declare a new field, copy what "
                                      "can be copied with UPDATE {} SET ..., and keep or drop the old one",
                                      name, table)});
    return;
  }
  if (way(c) == Way::narrower) {
    const std::string where = narrow_condition(c, column);
    guards.push_back({fmt::format("SELECT count(*) FROM {} WHERE {}", table, where),
                      fmt::format("{} would become narrower than values that it has; shorten or drop them by hand: "
                                  "UPDATE {} SET {} = ... WHERE {}",
                                  name, table, column, where)});
  }
  if (becomes_required(c) && first_value(c.is, dialect).empty()) {
    guards.push_back({fmt::format("SELECT count(*) FROM {} WHERE {} IS NULL", table, column),
                      fmt::format("{} has rows without a value, where null would no longer be allowed; declare a first "
                                  "value (`fill` constant, `initial`), or give them one by hand: UPDATE {} SET {} = "
                                  "... WHERE {} IS NULL",
                                  name, table, column, column)});
  }
  if (!is_unique(c.was) && is_unique(c.is)) {
    const std::string twice =
        fmt::format("SELECT {0} FROM {1} WHERE {0} IS NOT NULL GROUP BY {0} HAVING count(*) > 1", column, table);
    guards.push_back({fmt::format("SELECT count(*) FROM ({}) AS twice", twice),
                      fmt::format("{} would become unique, and has values that occur more than once; make them differ "
                                  "by hand: {} shows them",
                                  name, twice)});
  }
}

void note_column(const ColumnChange& c, Dialect dialect, std::vector<std::string>& notes) {
  const std::string name = label(c.now, c.is);
  if (!same_type(c, dialect)) {
    notes.push_back((way(c) == Way::narrower ? "narrows " : "widens ") + name + " to " +
                    column_type(c.now, c.is, dialect));
  }
  if (becomes_optional(c)) notes.push_back("lets " + name + " be null");
  if (becomes_required(c)) {
    const std::string first = first_value(c.is, dialect);
    notes.push_back("requires " + name + (first.empty() ? "" : ", " + first + " where there is none"));
  }
  if (is_unique(c.was) != is_unique(c.is)) {
    notes.push_back((is_unique(c.is) ? "makes " : "no longer makes ") + name + " unique");
  }
  if (column_default(c.was, dialect) != column_default(c.is, dialect)) notes.push_back("changes what fills " + name);
  if (cascades(c.was) != cascades(c.is)) notes.push_back("changes what happens to " + name + " on deletion");
}

std::vector<std::string> alter_column(const ColumnChange& c) {
  constexpr Dialect dialect = Dialect::postgres;
  std::vector<std::string> out;
  const std::string table = "ALTER TABLE " + identifier(c.now.table) + " ", column = identifier(c.is.column);
  const auto alter = [&](const std::string& what) { out.push_back(table + "ALTER COLUMN " + column + " " + what); };
  if (!same_type(c, dialect)) alter("TYPE " + column_type(c.now, c.is, dialect));
  if (const std::string value = column_default(c.is, dialect); column_default(c.was, dialect) != value) {
    alter(value.empty() ? "DROP DEFAULT" : "SET DEFAULT " + value);
  }
  if (becomes_optional(c)) alter("DROP NOT NULL");
  if (becomes_required(c)) {
    if (const std::string first = first_value(c.is, dialect); !first.empty()) {
      out.push_back(
          fmt::format("UPDATE {} SET {} = {} WHERE {} IS NULL", identifier(c.now.table), column, first, column));
      out.emplace_back("SET CONSTRAINTS ALL IMMEDIATE");  // a table with pending checks cannot be altered
    }
    alter("SET NOT NULL");
  }
  const std::string unique = identifier(postgres_name(c.old.table, c.was.column, "key"));
  if (is_unique(c.was) && !is_unique(c.is)) out.push_back(table + "DROP CONSTRAINT IF EXISTS " + unique);
  if (!is_unique(c.was) && is_unique(c.is)) {
    out.push_back(fmt::format("{}ADD CONSTRAINT {} UNIQUE ({})", table,
                              identifier(postgres_name(c.now.table, c.is.column, "key")), column));
  } else if (is_unique(c.is) && (c.old.table != c.now.table || c.was.column != c.is.column)) {
    out.push_back(fmt::format("{}RENAME CONSTRAINT {} TO {}", table, unique,
                              identifier(postgres_name(c.now.table, c.is.column, "key"))));
  }
  if (c.is.to && cascades(c.was) != cascades(c.is)) {
    out.push_back(table + "DROP CONSTRAINT " + identifier(key_name(c.old, c.was)));
    out.push_back(table + foreign_key(c.now, c.is));
  } else if (c.is.to && key_name(c.old, c.was) != key_name(c.now, c.is)) {
    out.push_back(fmt::format("{}RENAME CONSTRAINT {} TO {}", table, identifier(key_name(c.old, c.was)),
                              identifier(key_name(c.now, c.is))));
  }
  return out;
}

}  // namespace lamin::schema
