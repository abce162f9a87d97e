#include "registry/search_index.hpp"
#include "db/sql.hpp"
#include "registry/scan.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/progress.hpp"
#include "db/connection.hpp"
#include "registry/compile.hpp"

namespace lamin::registry {
namespace {

constexpr std::int64_t waiting_rows = 1000;    // that may be read in addition to the index
constexpr std::int64_t rows_at_once = 20'000;  // per transaction: others can write in between

/// What is known of a table's index, so that a search need not check again.
struct Known {
  std::int64_t schema_version = -1;  // SQLite: changes whenever anybody changes a table or trigger
  std::int64_t number = 0;           // 0 = there is no valid one
  bool refused = false;              // it cannot be made here
};
struct AllKnown {
  std::map<const schema::Table*, Known> tables;
};

Known& known(Database& database, const schema::Table& table) {
  auto& slot = database.attachment("registry.search");
  if (!slot) slot = std::make_shared<AllKnown>();
  return static_cast<AllKnown*>(slot.get())->tables[&table];
}

std::string name_of(const schema::Table& table) { return "lamin_search_" + table.table.str(); }

class Upkeep {
 public:
  Upkeep(Database& database, const schema::Table& table)
      : c_(database.connection()), table_(table), name_(name_of(table)), columns_(searched_columns(table)) {}

  /// The number of a valid index, or 0.
  std::int64_t number() {
    if (!c_.table_exists("lamin_search")) return 0;
    const std::array<Value, 2> row{Value(table_.table.view()), Value(columns())};
    const auto number =
        db::integer_of(c_, R"(SELECT "number" FROM "lamin_search" WHERE "registry" = ? AND "columns" = ?)", row);
    if (number == 0) return 0;
    const std::array<Value, 4> parts{Value(table_.table.view()), Value(name_ + "_insert"), Value(name_ + "_update"),
                                     Value(name_)};
    const auto there = db::integer_of(c_,
                                      "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? AND "
                                      "name IN (?, ?) OR type = 'table' AND name IN (?, 'lamin_search_change')",
                                      parts);
    return there == 4 ? number : 0;
  }

  /// False if somebody else is writing.
  bool make() {
    if (!c_.try_begin()) return false;
    try {
      if (number() == 0) {
        c_.script(statements());
        const std::array<std::string_view, 3> names{"registry", "columns", "last_id"};
        const std::array<Value, 3> row{Value(table_.table.view()), Value(columns()), Value(std::int64_t{0})};
        c_.insert("lamin_search", names, row);
        const Value registry(table_.table.view());
        c_.script(triggers(db::integer_of(c_, "SELECT number FROM lamin_search WHERE registry = ?", {&registry, 1})));
      }
      c_.commit();
    } catch (...) {
      c_.rollback();
      throw;
    }
    return true;
  }

  std::int64_t waiting(std::int64_t number, std::int64_t size) {
    const std::array<Value, 2> row{Value(number), Value(waiting_rows + 1)};
    return std::max<std::int64_t>(0, size - last_id(number)) +
           db::integer_of(
               c_, R"(SELECT count(*) FROM (SELECT 1 FROM "lamin_search_change" WHERE "registry" = ? LIMIT ?))", row);
  }

  /// Indexes waiting rows, until none are left or somebody else is writing.
  void catch_up(std::int64_t number, base::Progress& progress) {
    for (std::int64_t done = 0; c_.try_begin(); done += rows_at_once) {
      progress.at(done);
      bool more = false;
      try {
        more = take_in(number);
        c_.commit();
      } catch (...) {
        c_.rollback();
        throw;
      }
      if (!more) return;
    }
  }

 private:
  std::string columns() const {
    std::string names;
    for (const auto* column : columns_) names += (names.empty() ? "" : ",") + column->column.str();
    return names;
  }

  std::string statements() const {
    const std::string index = db::quote(name_);
    std::string sql =
        "CREATE TABLE IF NOT EXISTS lamin_search (number integer NOT NULL PRIMARY KEY AUTOINCREMENT, registry text NOT "
        "NULL UNIQUE, columns text NOT NULL, last_id bigint NOT NULL);"
        "CREATE TABLE IF NOT EXISTS lamin_search_change (registry integer NOT NULL, id integer NOT NULL, PRIMARY KEY "
        "(registry, id)) WITHOUT ROWID;"
        "DROP TRIGGER IF EXISTS " +
        db::quote(name_ + "_insert") + ";DROP TRIGGER IF EXISTS " + db::quote(name_ + "_update") +
        ";DROP TABLE IF EXISTS " + index +
        ";DELETE FROM lamin_search_change WHERE registry IN (SELECT number FROM lamin_search WHERE registry = '" +
        table_.table.str() + "');DELETE FROM lamin_search WHERE registry = '" + table_.table.str() +
        "';CREATE VIRTUAL TABLE " + index + " USING fts5(";
    for (const auto* column : columns_) sql += "c" + std::to_string(column->position) + ", ";
    sql += "content='', columnsize=0, detail=column, tokenize='trigram case_sensitive 1');";
    // How many bytes are collected in memory before they are written: fewer and larger pieces to merge.
    return sql + "INSERT INTO " + index + " (" + index + ", rank) VALUES ('hashsize', 16000000);";
  }

  std::string triggers(std::int64_t number) const {
    const std::string n = std::to_string(number);
    const std::string note = " BEGIN INSERT OR IGNORE INTO lamin_search_change VALUES (" + n + ", NEW.id); END;";
    const std::string on = " ON " + db::quote(table_.table);
    return "CREATE TRIGGER " + db::quote(name_ + "_insert") + " AFTER INSERT" + on +
           " WHEN NEW.id <= (SELECT last_id FROM lamin_search WHERE number = " + n + ")" + note + "CREATE TRIGGER " +
           db::quote(name_ + "_update") + " AFTER UPDATE" + on +
           " WHEN NEW.id <= (SELECT last_id FROM lamin_search WHERE number = " + n + ")" + note;
  }

  std::int64_t last_id(std::int64_t number) {
    const Value row(number);
    return db::integer_of(c_, R"(SELECT "last_id" FROM "lamin_search" WHERE "number" = ?)", {&row, 1});
  }

  std::string put_rows(std::string_view from) const {
    std::string names, texts;
    for (const auto* column : columns_) {
      names += ", c" + std::to_string(column->position);
      texts += ", lamin_document(t." + db::quote(column->column) + ")";
    }
    return "INSERT INTO " + db::quote(name_) + " (rowid" + names + ") SELECT t.id" + texts + " FROM " +
           std::string(from);
  }

  bool take_in(std::int64_t number) {
    if (this->number() != number) return false;  // somebody rebuilt the index
    const std::array<Value, 2> some{Value(number), Value(rows_at_once)};
    const auto last_change = db::integer_of(
        c_, "SELECT max(id) FROM (SELECT id FROM lamin_search_change WHERE registry = ? ORDER BY id LIMIT ?)", some);
    if (last_change != 0) {
      const std::array<Value, 2> changes{Value(number), Value(last_change)};
      c_.execute(put_rows("lamin_search_change n CROSS JOIN " + db::quote(table_.table) +
                          " t ON t.id = n.id WHERE n.registry = ? AND n.id <= ? ORDER BY n.id"),
                 changes);
      c_.execute("DELETE FROM lamin_search_change WHERE registry = ? AND id <= ?", changes);
    }
    const std::array<Value, 2> next{Value(last_id(number)), Value(rows_at_once)};
    const auto last = db::integer_of(
        c_, "SELECT max(id) FROM (SELECT id FROM " + db::quote(table_.table) + " WHERE id > ? ORDER BY id LIMIT ?)",
        next);
    if (last != 0) {
      const std::array<Value, 2> range{next[0], Value(last)};
      c_.execute(put_rows(db::quote(table_.table) + " t WHERE t.id > ? AND t.id <= ? ORDER BY t.id"), range);
      const std::array<Value, 2> state{Value(last), Value(number)};
      c_.execute("UPDATE lamin_search SET last_id = ? WHERE number = ?", state);
    }
    return last != 0 || last_change != 0;
  }

  db::Connection& c_;
  const schema::Table& table_;
  const std::string name_;
  const std::vector<const schema::Column*> columns_;
};

}  // namespace

std::vector<const schema::Column*> searched_columns(const schema::Table& table) {
  std::vector<const schema::Column*> columns;
  for (const auto& column : table.columns) {
    if (column.type == Type::text && column.kind == schema::Kind::text) columns.push_back(&column);
  }
  return columns;
}

void warn_of_no_index(Database& database, const schema::Table& table, const Error& error) {
  database.say(Level::warning, "Searching " + table.qualified.str() +
                                   " reads all of its rows, because no index can be made: " + error.what());
}

std::optional<SearchIndex> search_index(Database& database, const schema::Table& table, std::int64_t most) {
  auto& c = database.connection();
  const auto size = last_id(database, table);
  if (size <= small_registry || searched_columns(table).empty()) return std::nullopt;
  Known& k = known(database, table);
  Upkeep upkeep(database, table);
  const auto look = [&] {
    const auto version = db::integer_of(c, "PRAGMA schema_version");
    if (version == k.schema_version) return;
    k.number = upkeep.number();
    k.schema_version = version;
  };
  try {
    look();
    const bool may_write = !c.in_transaction() && !k.refused;
    if (k.number == 0) {
      if (!may_write || (most >= 0 && size > most)) return std::nullopt;
      if (!upkeep.make()) return std::nullopt;
      look();
    }
    const auto waiting = upkeep.waiting(k.number, size);
    if (waiting > waiting_rows && may_write && (most < 0 || waiting <= most)) {
      base::Progress progress(
          [&](Level level, const Words& words) { database.say(level, words); },
          "indexing " + std::to_string(waiting) + " rows of " + table.qualified.str() + " for search, once", waiting);
      upkeep.catch_up(k.number, progress);
    } else if (most >= 0 && waiting > std::max(most, waiting_rows)) {
      return std::nullopt;
    }
  } catch (const Error& error) {
    if (c.in_transaction()) throw;
    if (!k.refused) warn_of_no_index(database, table, error);
    k.refused = true;
    if (k.number == 0) return std::nullopt;
  }
  return SearchIndex{k.number, size, name_of(table)};
}

}  // namespace lamin::registry
