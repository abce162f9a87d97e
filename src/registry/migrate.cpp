// migrate.cpp -- creates an instance's tables, and migrates older ones.
//
// As long as the fingerprint of the catalog equals the stored one and plug-ins are unchanged, there is nothing to
// compare.
#include "registry/migrate.hpp"
#include "db/sql.hpp"

#include <algorithm>
#include <set>

#include "base/log.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lamin/error.hpp"
#include "modules/initial_rows.hpp"
#include "modules/modules.hpp"
#include "registry/given_ids.hpp"
#include "registry/lost.hpp"
#include "registry/scope.hpp"
#include "schema/ddl.hpp"
#include "schema/diff.hpp"
#include "schema/json.hpp"
#include "schema/own_tables.hpp"

namespace lamin::registry {
namespace {

constexpr std::string_view core_table = "lamindb_artifact";

schema::Dialect dialect_of(Database& db) {
  return db.connection().dialect() == db::Dialect::sqlite ? schema::Dialect::sqlite : schema::Dialect::postgres;
}

void run(db::Connection& c, const std::vector<std::string>& statements) {
  for (const auto& statement : statements) c.script(statement);
}

void put_row(db::Connection& c, std::string_view table, std::span<const std::pair<std::string_view, Value>> values) {
  std::string sql = "INSERT INTO " + db::quote(table) + " (", places;
  std::vector<Value> row;
  for (const auto& [name, value] : values) {
    if (!row.empty()) {
      sql += ", ";
      places += ", ";
    }
    sql += db::quote(name);
    places += '?';
    row.push_back(value);
  }
  c.execute(sql + ") VALUES (" + places + ")", row);
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

std::string last_migration(db::Connection& c) {
  auto rows = c.query("SELECT max(name) FROM django_migrations WHERE app = 'lamindb'");
  return rows->next() && !rows->is_null(0) ? std::string(rows->text(0)) : std::string();
}

std::int64_t count(db::Connection& c, const std::string& sql) {
  auto rows = c.query(sql);
  return rows->next() ? rows->integer(0) : 0;
}

std::vector<std::string> columns_of(db::Connection& c, std::string_view table) {
  const Value name(table);
  auto rows = c.query(c.dialect() == db::Dialect::sqlite
                          ? "SELECT name FROM pragma_table_info(?)"
                          : "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
                            "AND table_name = ?",
                      {&name, 1});
  std::vector<std::string> names;
  while (rows->next()) names.emplace_back(rows->text(0));
  return names;
}

bool has_column(db::Connection& c, std::string_view table, std::string_view column) {
  const auto names = columns_of(c, table);
  return std::ranges::find(names, column) != names.end();
}

/// Whether the tables of a module exist that no module has recorded: LaminDB made them, or its plug-in. True if all
/// exist, false if none does; some of them is not a valid state.
bool has_tables(Database& db, const schema::Module& module, std::vector<std::string>& refusals) {
  auto& c = db.connection();
  bool all = true, any = false;
  std::string missing, there;
  for (const auto& table : db.catalog().tables()) {
    if (table.module != module.name) continue;
    const auto names = columns_of(c, table.table);
    for (const auto& column : table.columns) {
      if (std::ranges::find(names, column.column.view()) != names.end()) continue;
      all = false;
      missing = names.empty() ? table.table.str() : table.table.str() + "." + column.column.str();
      break;
    }
    if (!names.empty()) any = true, there = table.table.str();
  }
  if (any && !all) {
    refusals.push_back("the database has a table " + there + ", which no module has recorded, but no " + missing +
                       ": it is not the table of this version of '" + module.name.str() +
                       "'. Give the module another `table_prefix`, or let who made the table complete it");
  }
  return all;
}

/// What the database has, in terms of modules. Modules of LaminDB's that are not recorded exist if their tables do.
schema::Catalog before(Database& db, const StoredModules& there, Migration& out) {
  schema::Catalog stored;
  if (there.any) stored = stored_catalog(db.connection());
  for (const auto& module : db.catalog().modules()) {
    const bool known = std::ranges::any_of(stored.modules(), [&](const auto& m) { return m.name == module.name; });
    if (known || !has_tables(db, module, out.refusals)) continue;
    stored.add(module);
    if (there.any) out.notes.push_back("takes over the tables of " + module.name.str() + ", which are there");
  }
  return stored;
}

/// Only LaminDB may add the tables that make up a LaminDB instance.
void check_complete(Database& db, const schema::Catalog& stored) {
  for (const auto& module : db.catalog().modules()) {
    const bool builtin =
        std::ranges::find(modules::builtin_names(), module.name.view()) != modules::builtin_names().end();
    const bool known = std::ranges::any_of(stored.modules(), [&](const auto& m) { return m.name == module.name; });
    if (!builtin || known) continue;
    throw Error(Code::conflict, "The database " + db.connection().describe() + " has no tables of the module '" +
                                    module.name.str() + "'. Connect without it, or let LaminDB add it.");
  }
}

/// SQLite's foreign keys are off during its lifetime: see schema/diff.hpp.
class WithoutForeignKeys {
 public:
  explicit WithoutForeignKeys(db::Connection& c) : c_(c), off_(c.dialect() == db::Dialect::sqlite) {
    if (off_) c_.script("PRAGMA foreign_keys = OFF");
  }
  ~WithoutForeignKeys() {
    if (!off_) return;
    try {
      c_.script("PRAGMA foreign_keys = ON");
    } catch (const Error& error) { base::log(Level::error, error.what()); }
  }
  WithoutForeignKeys(const WithoutForeignKeys&) = delete;

 private:
  db::Connection& c_;
  bool off_;
};

/// Triggers of a table that is rebuilt go with it, but belong to others.
std::vector<std::string> triggers_of(db::Connection& c, const std::vector<std::string>& tables) {
  std::vector<std::string> out;
  for (const auto& table : tables) {
    const Value name(table);
    auto rows = c.query("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", {&name, 1});
    while (rows->next()) out.emplace_back(rows->text(0));
  }
  return out;
}

void check_references(Database& db, const std::vector<std::string>& tables) {
  for (const auto& table : tables) {
    const auto* now = db.catalog().find(table);
    const std::string name(now ? now->table.view() : std::string_view(table));
    auto rows = db.connection().query("PRAGMA foreign_key_check(" + db::quote(name) + ")");
    if (!rows->next()) continue;
    throw Error(Code::conflict, "row " + std::to_string(rows->integer(1)) + " of " + name +
                                    " would refer to a row of " + std::string(rows->text(2)) +
                                    " that does not exist: the first value of a new reference must be one that does");
  }
}

void apply(Database& db, const Migration& migration) {
  auto& c = db.connection();
  run(c, schema::create_own_tables(dialect_of(db)));
  const auto triggers = triggers_of(c, migration.rebuilt);
  run(c, migration.statements);
  run(c, triggers);
  check_references(db, migration.rebuilt);
}

}  // namespace

bool is_instance(Database& db) { return db.connection().table_exists(core_table); }

std::optional<FirstStorage> first_storage(db::Connection& connection) {
  if (!connection.table_exists("lamindb_storage")) return std::nullopt;
  auto rows = connection.query("SELECT root, instance_uid FROM lamindb_storage ORDER BY id LIMIT 1");
  if (!rows->next()) return std::nullopt;
  return FirstStorage{std::string(rows->text(0)), rows->is_null(1) ? std::string() : std::string(rows->text(1))};
}

void put_rows(Database& db, std::span<const modules::InitialRow> rows) {
  std::set<std::string_view> fixed;
  for (const auto& row : rows) {
    put_row(db.connection(), row.table, row.values);
    if (std::ranges::any_of(row.values, [](const auto& value) { return value.first == "id"; })) fixed.insert(row.table);
  }
  for (const auto table : fixed) continue_ids(db.connection(), table);
}

void create(Database& db, std::span<const std::string> modules, const std::function<void()>& then) {
  auto& c = db.connection();
  db.transaction([&] {
    if (is_instance(db))
      throw Error(Code::conflict,
                  "The database " + c.describe() + " holds an instance already. Connect to it instead.");
    run(c, schema::create_statements(db.catalog(), dialect_of(db)));
    run(c, schema::create_own_tables(dialect_of(db)));
    put_rows(db, modules::initial_rows(modules));
    const Value now(base::now());
    for (const auto& row : modules::migration_rows(modules, c.dialect() == db::Dialect::sqlite)) {
      const std::pair<std::string_view, Value> values[] = {{"app", row.app}, {"name", row.name}, {"applied", now}};
      put_row(c, "django_migrations", values);
    }
    carry(db);
    if (then) then();
  });
}

Migration plan(Database& db, const StoredModules& there) {
  auto& c = db.connection();
  std::string migration;
  try {
    migration = last_migration(c);
  } catch (const Error&) {
    if (is_instance(db)) throw;
    throw Error(Code::not_found,
                "The database " + c.describe() +
                    " holds no instance. If it held one, restore it from a copy; to make one there, run "
                    "`lamin init`, in a folder without a database file.");
  }
  check_migrations(db, migration);
  Migration out;
  bool same = there.any && there.fingerprint == fingerprint(db.catalog());
  for (const auto& module : db.catalog().modules()) {
    const auto at = there.plugins.find(module.name.str());
    const bool is_there = std::ranges::find(there.names, module.name.view()) != there.names.end();
    if (is_there && (at == there.plugins.end() || at->second == schema::to_json(module))) continue;
    same = false;
    if (is_there) out.notes.push_back("records what " + module.name.str() + " says now");
  }
  const auto look_for_lost = [&](const schema::Catalog& catalog) {
    const auto lost = lost_tables(db, catalog, there.any ? there.names : std::vector<std::string>());
    out.lost = advice(lost);
    if (!there.any) return;
    for (const auto& table : lost.own) out.notes.push_back("makes the table " + table + " again, which was lost");
  };
  if (same) {
    look_for_lost(db.catalog());
    return out;
  }
  if (!there.any) out.notes.emplace_back("adds what only this program needs");
  const schema::Catalog stored = before(db, there, out);
  look_for_lost(stored);  // what this program adds cannot have been lost
  if (!there.any) check_complete(db, stored);
  auto diff = schema::diff(stored, db.catalog(), dialect_of(db));
  for (const auto& guard : diff.guards) {
    const auto rows = guard.count.empty() ? 0 : count(c, guard.count);
    if (guard.count.empty()) out.refusals.push_back(guard.refusal);
    if (rows > 0) out.refusals.push_back(guard.refusal + " (rows: " + std::to_string(rows) + ")");
  }
  for (const auto& loss : diff.losses) {
    if (loss.column.empty() ? c.table_exists(loss.table) : has_column(c, loss.table, loss.column))
      out.refusals.push_back(loss.refusal);
  }
  out.notes.insert(out.notes.end(), diff.notes.begin(), diff.notes.end());
  out.statements = std::move(diff.statements);
  out.rebuilt = std::move(diff.rebuilt);
  return out;
}

std::vector<std::string> migrate(Database& db) { return migrate(db, carried(db.connection())); }

std::vector<std::string> migrate(Database& db, const StoredModules& there, const std::function<void()>& before) {
  auto& c = db.connection();
  Migration migration = plan(db, there);
  for (const auto& lost : migration.lost) db.say(Level::warning, lost);
  if (migration.statements.empty() && migration.notes.empty() && migration.refusals.empty()) return {};
  const WithoutForeignKeys off(c);
  db.transaction([&] {
    // Another program may have migrated meanwhile.
    const StoredModules now = carried(c);
    migration = plan(db, now);
    if (!migration.refusals.empty()) schema::refuse(migration.refusals);
    if (before) before();
    apply(db, migration);
    carry(db);
    // Statistics, which SQLite does not maintain itself: see bulk.cpp.
    if (!now.any && c.dialect() == db::Dialect::sqlite) c.script("PRAGMA analysis_limit = 400; ANALYZE");
  });
  return migration.notes;
}

}  // namespace lamin::registry
