// ddl.cpp -- columns, tables, indexes and constraints as SQL; see ddl.hpp for the naming rule.
#include "schema/ddl.hpp"
#include <fmt/format.h>
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "schema/kind.hpp"
#include "schema/own_tables.hpp"

namespace lamin::schema {

namespace {

constexpr std::string_view sqlite_now = "(STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW'))";
constexpr std::string_view postgres_now = "STATEMENT_TIMESTAMP()";

std::string_view integer_type(int bits) { return bits == 16 ? "smallint" : bits == 64 ? "bigint" : "integer"; }

std::string literal(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

/// The type of a column that is not the primary key.
std::string sized_type(const Column& column, Dialect dialect) {
  if (column.kind == Kind::ref) return std::string(integer_type(column.to->registry->id_bits));
  const int size = column.field->size;
  if (column.kind == Kind::integer) return std::string(integer_type(size));
  if (column.kind == Kind::text && size == 0) return "text";
  const KindRow& kind = row(column.kind);
  std::string type(dialect == Dialect::sqlite ? kind.sqlite : kind.postgres);
  if (const auto at = type.find("{n}"); at != type.npos) type.replace(at, 3, std::to_string(size));
  return type;
}

/// The database cascades a deletion only where a plug-in asks for it: LaminDB does not know that table.
std::string_view when_deleted(const Column& column) {
  const Field* field = column.field;
  return field && field->in_database && field->on_delete == On::cascade ? " ON DELETE CASCADE" : "";
}

std::vector<std::string> sql_names(const Table& table, const std::vector<Text>& fields) {
  std::vector<std::string> names;
  for (Text field : fields) names.push_back(table.column(field).column.str());
  return names;
}

std::string identifiers(std::span<const std::string> names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + identifier(name);
  return out;
}

}  // namespace

std::string identifier(std::string_view name) {
  std::string out = "\"";
  for (char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string index_name(std::string_view table, std::span<const std::string> columns, std::string_view suffix,
                       Dialect dialect) {
  // SQLite has no limit; 200 is LaminDB's for a database without one.
  const std::size_t limit = dialect == Dialect::sqlite ? 200 : 63;
  std::string hashed(table);
  for (const std::string& column : columns) hashed += column;
  std::string end = base::hex(base::md5(hashed)).substr(0, 8) + std::string(suffix);
  const std::string joined = base::join(columns, "_");
  std::string name = fmt::format("{}_{}_{}", table, joined, end);
  if (name.size() <= limit) return name;
  if (end.size() > limit / 3) end.resize(limit / 3);
  const std::size_t rest = (limit - end.size()) / 2 - 1;
  return fmt::format("{}_{}_{}", table.substr(0, rest), joined.substr(0, rest), end);
}

std::string first_value(const Column& column, Dialect dialect) {
  const Field* field = column.field;
  const bool lite = dialect == Dialect::sqlite;
  if (!field) return "";
  if (field->fill == Fill::now) return std::string(lite ? sqlite_now : postgres_now);
  if (field->fill != Fill::constant) return "";
  const std::string_view json = field->initial;
  if (column.type == Type::json) return literal(json) + (lite ? "" : "::jsonb");
  if (column.type == Type::boolean && lite) return json == "true" ? "1" : json == "false" ? "0" : "";
  const boost::json::value value = base::parse_json(json);
  if (value.is_null()) return "";
  return value.is_string() ? literal(std::string_view(value.get_string())) : std::string(json);
}

std::string column_default(const Column& column, Dialect dialect) {
  return column.field && column.field->in_database ? first_value(column, dialect) : "";
}

std::string column_type(const Table& table, const Column& column, Dialect dialect) {
  if (column.position > 0) return sized_type(column, dialect);
  return std::string(integer_type(table.registry ? table.registry->id_bits : 64));
}

std::string column_definition(const Column& column, Dialect dialect, std::string_view first) {
  const bool lite = dialect == Dialect::sqlite;
  const Field* field = column.field;
  const bool optional = field && field->optional;
  std::string sql = identifier(column.column) + " " + sized_type(column, dialect);
  if (const std::string value = first.empty() ? column_default(column, dialect) : std::string(first); !value.empty()) {
    sql += " DEFAULT " + value;
  }
  sql += optional ? " NULL" : " NOT NULL";
  if (field && field->unique) sql += " UNIQUE";
  if (lite && column.type == Type::json)
    sql += fmt::format(" CHECK ((JSON_VALID({0}) OR {0} IS NULL))", identifier(column.column));
  if (lite && column.to) {
    sql += fmt::format(" REFERENCES {} (\"id\"){} DEFERRABLE INITIALLY DEFERRED", identifier(column.to->table),
                       when_deleted(column));
  }
  return sql;
}

std::string rule_constraint(const Table& table, const Rule& rule, Dialect dialect) {
  if (rule.postgres && dialect == Dialect::sqlite) return "";
  if (!rule.check.empty()) return fmt::format("CONSTRAINT {} CHECK ({})", identifier(rule.name), rule.check.view());
  if (rule.unique.empty() || !rule.where.empty()) return "";
  // SQLite keeps unnamed ones as indexes.
  if (rule.name.empty() && dialect == Dialect::sqlite) return "";
  const std::vector<std::string> columns = sql_names(table, rule.unique);
  const std::string name = rule.name.empty() ? index_name(table.table, columns, "_uniq", dialect) : rule.name.str();
  return fmt::format("CONSTRAINT {} UNIQUE ({})", identifier(name), identifiers(columns));
}

std::string rule_index(const Table& table, const Rule& rule, Dialect dialect) {
  if (!rule.check.empty() || !rule_constraint(table, rule, dialect).empty()) return "";
  const bool unique = rule.index.empty();
  const std::vector<std::string> columns = sql_names(table, unique ? rule.unique : rule.index);
  const std::string name =
      rule.name.empty() ? index_name(table.table, columns, unique ? "_uniq" : "", dialect) : rule.name.str();
  const std::string what = rule.expression.empty() ? identifiers(columns) : fmt::format("({})", rule.expression.view());
  std::string sql = fmt::format("CREATE {}INDEX {} ON {} ({})", unique ? "UNIQUE " : "", identifier(name),
                                identifier(table.table), what);
  if (!rule.where.empty()) sql += fmt::format(" WHERE {}", rule.where.view());
  return sql;
}

std::string create_table(const Table& table, Dialect dialect, std::string_view name) {
  const bool lite = dialect == Dialect::sqlite;
  std::string sql = fmt::format(
      "CREATE TABLE {} (\"id\" {}", identifier(name.empty() ? table.table.view() : name),
      lite ? "integer NOT NULL PRIMARY KEY AUTOINCREMENT"
           : column_type(table, table.columns[0], dialect) + " NOT NULL GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY");
  for (const Column& column : table.columns) {
    if (column.position > 0) sql += ", " + column_definition(column, dialect);
  }
  for (const Rule& rule : table.rules) {
    if (const std::string constraint = rule_constraint(table, rule, dialect); !constraint.empty()) {
      sql += ", " + constraint;
    }
  }
  return sql + ")";
}

std::string foreign_key(const Table& table, const Column& column) {
  const std::vector<std::string> columns = {column.column.str()};
  const std::string suffix = fmt::format("_fk_{}_id", column.to->table.view());
  return fmt::format("ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} (\"id\"){} DEFERRABLE INITIALLY DEFERRED",
                     identifier(index_name(table.table, columns, suffix, Dialect::postgres)), identifier(column.column),
                     identifier(column.to->table), when_deleted(column));
}

std::vector<std::string> column_indexes(const Table& table, const Column& column, Dialect dialect) {
  std::vector<std::string> out;
  const Field* field = column.field;
  const bool unique = field && field->unique;
  const bool wanted = (field && field->index) || column.kind == Kind::ref;
  const std::vector<std::string> columns = {column.column.str()};
  const auto create = [&](std::string_view suffix, std::string_view operators) {
    out.push_back(fmt::format("CREATE INDEX {} ON {} ({}{})",
                              identifier(index_name(table.table, columns, suffix, dialect)), identifier(table.table),
                              identifier(column.column), operators));
  };
  if (wanted && !unique) create("", "");
  if (dialect == Dialect::postgres && column.kind == Kind::text && (wanted || unique)) {
    create("_like", field->size > 0 ? " varchar_pattern_ops" : " text_pattern_ops");
  }
  return out;
}

std::vector<std::string> create_functions(const Module& module) {
  std::vector<std::string> out;
  for (const Function& f : module.functions) {
    out.push_back(fmt::format("CREATE OR REPLACE FUNCTION {} LANGUAGE plpgsql AS $lamin$\n{}\n$lamin$",
                              f.signature.view(), f.body.view()));
  }
  return out;
}

std::vector<std::string> create_triggers(const Catalog& catalog, const Module& module) {
  std::vector<std::string> out;
  for (const Trigger& t : module.triggers) {
    const std::string table = identifier(catalog.table(t.on).table);
    out.push_back(fmt::format("CREATE TRIGGER {0} {1} ON {2} FOR EACH ROW WHEN ({3}) EXECUTE FUNCTION {0}()",
                              t.name.view(), t.event.view(), table, t.when.view()));
    if (!t.comment.empty()) {
      out.push_back(fmt::format("COMMENT ON TRIGGER {} ON {} IS {}", t.name.view(), table, literal(t.comment)));
    }
  }
  return out;
}

namespace {

/// (...) of CREATE TABLE, and what follows it.
std::string own_table_body(const OwnTable& table, Dialect dialect) {
  const bool lite = dialect == Dialect::sqlite;
  std::string columns(table.columns);
  if (const auto at = columns.find("{id}"); at != columns.npos) {
    columns.replace(at, 4, lite ? "id integer PRIMARY KEY" : "id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY");
  }
  return fmt::format("({}){}", columns, lite && table.keyed_by_columns ? " WITHOUT ROWID" : "");
}

}  // namespace

std::vector<std::string> create_own_tables(Dialect dialect) {
  std::vector<std::string> out;
  for (const OwnTable& table : own_tables) {
    out.push_back(fmt::format("CREATE TABLE IF NOT EXISTS {} {}", table.name, own_table_body(table, dialect)));
    if (!table.index.empty()) {
      out.push_back(fmt::format("CREATE INDEX IF NOT EXISTS {0}_index ON {0} ({1})", table.name, table.index));
    }
  }
  return out;
}

std::string create_stand_in(const OwnTable& table, Dialect dialect) {
  return fmt::format("CREATE TEMPORARY TABLE IF NOT EXISTS {} {}", table.name, own_table_body(table, dialect));
}

std::vector<std::string> create_statements(const Catalog& catalog, Dialect dialect) {
  std::vector<std::string> out;
  const auto append = [&](std::vector<std::string> more) {
    out.insert(out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  const bool postgres = dialect == Dialect::postgres;
  if (postgres) {
    for (const Module& module : catalog.modules()) append(create_functions(module));
  }
  for (const Table& table : catalog.tables()) out.push_back(create_table(table, dialect));
  for (const Table& table : catalog.tables()) {
    std::string keys;
    for (const Column& column : table.columns) {
      if (postgres && column.to) keys += (keys.empty() ? "" : ", ") + foreign_key(table, column);
    }
    if (!keys.empty()) out.push_back("ALTER TABLE " + identifier(table.table) + " " + keys);
    for (const Column& column : table.columns) append(column_indexes(table, column, dialect));
    for (const Rule& rule : table.rules) {
      if (std::string index = rule_index(table, rule, dialect); !index.empty()) out.push_back(std::move(index));
    }
  }
  if (postgres) {
    for (const Module& module : catalog.modules()) append(create_triggers(catalog, module));
  }
  return out;
}

}  // namespace lamin::schema
