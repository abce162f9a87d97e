// migrate.cpp -- making an instance's tables, and bringing older ones up to date.
//
// lamin_module holds one row a module, and the row "#catalog" with a fingerprint of the catalog that was in force when
// the database was last brought up to date. As long as it is the program's own there is nothing to compare.
#include "registry/migrate.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "db/connection.hpp"
#include "lamin/error.hpp"
#include "modules/initial_rows.hpp"
#include "registry/scope.hpp"
#include "schema/ddl.hpp"
#include "schema/diff.hpp"
#include "schema/json.hpp"

namespace lamin::registry {
namespace {

constexpr std::string_view fingerprint_row = "#catalog";
constexpr std::string_view core_table = "lamindb_artifact";

schema::Dialect dialect_of(Database& db) {
  return db.connection().dialect() == db::Dialect::sqlite ? schema::Dialect::sqlite : schema::Dialect::postgres;
}

/// FNV-1a over everything that decides the tables.
class Fingerprint {
 public:
  void add(std::string_view text) {
    for (const char c : text) step(static_cast<unsigned char>(c));
    step(0);
  }
  void add(std::int64_t number) { add(std::string_view(std::to_string(number))); }
  std::string text() const { return std::to_string(hash_); }

 private:
  void step(std::uint64_t byte) { hash_ = (hash_ ^ byte) * 1099511628211ULL; }
  std::uint64_t hash_ = 14695981039346656037ULL;
};

std::string fingerprint(const schema::Catalog& catalog) {
  Fingerprint f;
  for (const auto& table : catalog.tables()) {
    f.add(table.table);
    for (const auto& column : table.columns) {
      f.add(column.column);
      f.add(static_cast<std::int64_t>(column.kind));
      if (column.to != nullptr) f.add(column.to->table);
      if (column.field == nullptr) continue;
      const auto& field = *column.field;
      f.add(field.size * 8 + (field.optional ? 4 : 0) + (field.unique ? 2 : 0) + (field.index ? 1 : 0));
      if (field.in_database) f.add(field.initial);
    }
    for (const auto& rule : table.rules) {
      for (const auto& name : rule.unique) f.add(name);
      for (const auto& name : rule.index) f.add(name);
      f.add(rule.expression);
      f.add(rule.check);
      f.add(rule.where);
    }
  }
  return f.text();
}

void run(db::Connection& c, const std::vector<std::string>& statements) {
  for (const auto& statement : statements) c.script(statement);
}

void put_row(db::Connection& c, std::string_view table, std::span<const std::pair<std::string_view, Value>> values) {
  std::string sql = "INSERT INTO " + quoted(table) + " (", places;
  std::vector<Value> row;
  for (const auto& [name, value] : values) {
    if (!row.empty()) {
      sql += ", ";
      places += ", ";
    }
    sql += quoted(name);
    places += '?';
    row.push_back(value);
  }
  c.execute(sql + ") VALUES (" + places + ")", row);
}

/// The next ids come after the fixed ones.
void after_fixed_ids(db::Connection& c, std::string_view table) {
  if (c.dialect() != db::Dialect::postgres) return;
  const std::vector<Value> name = {Value(quoted(table))};
  c.query("SELECT setval(pg_get_serial_sequence(?, 'id'), GREATEST((SELECT max(id) FROM " + quoted(table) + "), 1))",
          name)
      ->next();
}

void store_modules(Database& db) {
  auto& c = db.connection();
  const std::string now = base::sql_text(base::now());
  auto put = [&](std::string_view name, const std::string& json) {
    const std::vector<Value> row = {Value(name), Value(json), Value(now)};
    c.execute(
        "INSERT INTO lamin_module (name, json, applied_at) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET json = excluded.json, applied_at = excluded.applied_at",
        row);
  };
  for (const auto& module : db.catalog().modules()) put(module.name, schema::to_json(module));
  put(fingerprint_row, fingerprint(db.catalog()));
}

/// The last migration of LaminDB's core that this program knows.
std::string_view known_migration(Database& db) {
  std::string_view last;
  const std::vector<std::string> none;
  for (const auto& row : modules::migration_rows(none, db.connection().dialect() == db::Dialect::sqlite))
    if (row.app == "lamindb") last = std::max(last, row.name);
  return last;
}

/// Migrations are numbered; several may share the last number.
std::string_view number(std::string_view migration) { return migration.substr(0, migration.find('_')); }

void check_migrations(Database& db, std::string_view stored) {
  const auto known = known_migration(db);
  if (number(stored) > number(known))
    throw Error(Code::conflict, "The database " + db.connection().describe() + " was migrated by a newer LaminDB (" +
                                    std::string(stored) + ") than this program knows (" + std::string(known) +
                                    "). Install a newer version of this program.");
  if (number(stored) < number(known))
    throw Error(Code::conflict, "The database " + db.connection().describe() + " was made by an older LaminDB (" +
                                    (stored.empty() ? "no migrations" : std::string(stored)) + "; this program needs " +
                                    std::string(known) +
                                    "). Bring it up to date with LaminDB's `lamin migrate deploy` first.");
}

struct Stored {
  std::string fingerprint, migration;
  bool has_modules = false;
};

std::string text_of(db::Connection& c, std::string_view sql, std::span<const Value> parameters = {}) {
  auto rows = c.query(sql, parameters);
  return rows->next() && !rows->is_null(0) ? std::string(rows->text(0)) : std::string();
}

Stored stored(Database& db) {
  auto& c = db.connection();
  Stored out;
  out.has_modules = c.table_exists("lamin_module");
  const Value row(fingerprint_row);
  if (out.has_modules) out.fingerprint = text_of(c, "SELECT json FROM lamin_module WHERE name = ?", {&row, 1});
  out.migration = text_of(c, "SELECT max(name) FROM django_migrations WHERE app = 'lamindb'");
  return out;
}

/// What the database was made for. Modules come after those they need.
schema::Catalog stored_catalog(Database& db) {
  const Value row(fingerprint_row);
  std::vector<schema::Module> waiting;
  {
    auto rows = db.connection().query("SELECT json FROM lamin_module WHERE name <> ? ORDER BY name", {&row, 1});
    while (rows->next()) waiting.push_back(schema::module_from_json(rows->text(0)));
  }
  schema::Catalog out;
  auto is_there = [&](const Text& need) {
    return std::any_of(out.modules().begin(), out.modules().end(), [&](const auto& m) { return m.name == need; });
  };
  while (!waiting.empty()) {
    const auto ready = std::find_if(waiting.begin(), waiting.end(), [&](const schema::Module& m) {
      return std::all_of(m.needs.begin(), m.needs.end(), is_there);
    });
    if (ready == waiting.end())
      throw Error(Code::corrupt, "lamin_module lists '" + waiting[0].name.str() + "' without a module that it needs.");
    out.add(*ready);
    waiting.erase(ready);
  }
  return out;
}

}  // namespace

bool is_instance(Database& db) { return db.connection().table_exists(core_table); }

void create(Database& db, std::span<const std::string> modules, const std::function<void()>& then) {
  auto& c = db.connection();
  db.transaction([&] {
    if (is_instance(db))
      throw Error(Code::conflict,
                  "The database " + c.describe() + " holds an instance already. Connect to it instead.");
    run(c, schema::create_statements(db.catalog(), dialect_of(db)));
    run(c, schema::create_own_tables(dialect_of(db)));
    for (const auto& row : modules::initial_rows(modules)) put_row(c, row.table, row.values);
    after_fixed_ids(c, "lamindb_branch");
    after_fixed_ids(c, "lamindb_space");
    const Value now(base::now());
    for (const auto& row : modules::migration_rows(modules, c.dialect() == db::Dialect::sqlite)) {
      const std::pair<std::string_view, Value> values[] = {{"app", row.app}, {"name", row.name}, {"applied", now}};
      put_row(c, "django_migrations", values);
    }
    store_modules(db);
    if (then) then();
  });
}

std::vector<std::string> migrate(Database& db) {
  auto& c = db.connection();
  Stored there;
  try {
    there = stored(db);
  } catch (const Error&) {
    if (is_instance(db)) throw;
    throw Error(Code::not_found, "The database " + c.describe() + " holds no instance. Make one with `lamin init`.");
  }
  check_migrations(db, there.migration);
  if (there.fingerprint == fingerprint(db.catalog())) return {};
  std::vector<std::string> notes;
  db.transaction([&] {
    notes = {"adds what only this program needs"};
    run(c, schema::create_own_tables(dialect_of(db)));
    if (there.has_modules) {
      const schema::Catalog before = stored_catalog(db);
      const auto diff = schema::diff(before, db.catalog(), dialect_of(db));
      run(c, diff.statements);
      notes = diff.notes;
    } else {
      for (const auto& table : db.catalog().tables())
        if (!c.table_exists(table.table))
          throw Error(Code::conflict, "The database " + c.describe() + " has no table " + table.table.str() +
                                          ". Connect without the module '" + table.module.str() +
                                          "', or let LaminDB add it.");
    }
    store_modules(db);
    // Statistics, which SQLite does not keep by itself: see bulk.cpp.
    if (!there.has_modules && dialect_of(db) == schema::Dialect::sqlite)
      c.script("PRAGMA analysis_limit = 400; ANALYZE");
  });
  return notes;
}

}  // namespace lamin::registry
