// database.hpp -- rows of any registry, by name, in one open database.
//
// A Database is a connection, a catalog and what new rows are stamped with (user, run, branch, space). One thread
// at a time. It reads; what writes are the verbs (save.hpp, remove.hpp, artifact.hpp, ...), because they know what rows
// mean. Every write is one transaction: it happens whole and durably, or not at all; inside `transaction` the writes
// join. Hooks that the lake installs see each record before and after it is written. `Instance::database()` is how a
// program comes by one.
//
// Any call throws unavailable if the database does not answer or the disk is full, no_access if it may not write, and
// those that take a Query not_found (registry), unknown_field (path) or invalid_argument (value), naming the nearest.
//
// Example: examples/cpp/database.cpp
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>
#include "lamin/catalog.hpp"
#include "lamin/query.hpp"
#include "lamin/record.hpp"

namespace lamin::db {
class Connection;
}
namespace lamin::registry {
class Writes;
}

namespace lamin {

/// Ids of what a new row is stamped with, 0 = none; 1 is the first user, the branch main and the space all. Setting
/// `branch` also chooses what queries see: rows of that branch and of main.
struct Stamp {
  std::int64_t user = 1, run = 0, branch = 1, space = 1;
};

/// Called around writes of one registry, in the same transaction: what they throw undoes the write. Installed by the
/// lake, in plain sight; a program that adds its own keeps those that are there.
struct Hooks {
  std::function<void(class Database&, Record&)> before_insert = {};
  std::function<void(class Database&, Record&)> after_insert = {};
  std::function<void(class Database&, const Record& old, Record& now)> before_update = {};
  /// Fields whose change `before_update` answers to; empty = of any. A change of others by `update` skips it.
  std::set<std::string, std::less<>> watched = {};
  std::function<void(class Database&, const Record&)> before_delete = {};
  /// For a comparison whose path begins with a name that is no field, and goes on with `rest`: what is meant instead,
  /// none if the name means nothing.
  std::function<std::optional<Expr>(class Database&, const Expr& comparison, std::string_view name,
                                    std::string_view rest)>
      unknown_name = {};
  /// The same for a name to order by, as Query::order_meant has it. Rows without a value are not found then.
  std::function<std::optional<Expr>(class Database&, std::string_view name)> unknown_order = {};
};

/// A row that was written: how it was, how it is (null: it is new, or gone), and by whom.
struct Change {
  const schema::Table& table;
  const Record* before = nullptr;
  const Record* after = nullptr;
  const Stamp& by;
};
/// Hears every change of a catalog's table, links and bulk included, in the transaction of the write: what it throws
/// undoes the write, and a transaction that is repeated is heard again.
using Journal = std::function<void(class Database&, const Change&)>;

class Database {
 public:
  /// For the library itself: a program opens an Instance.
  Database(std::unique_ptr<db::Connection> connection, schema::Catalog catalog);
  ~Database();
  Database(const Database&) = delete;

  const schema::Catalog& catalog() const { return *catalog_; }
  db::Connection& connection() { return *connection_; }  ///< SQL itself; its header is not public
  /// Whether this user may only read it: reading works, what writes throws no_access.
  bool read_only() const;
  Stamp& stamp() { return stamp_; }
  std::map<std::string, Hooks, std::less<>>& hooks() { return hooks_; }  ///< by Table::qualified

  /// One journal; an empty one takes it away, and costs nothing.
  void keep_journal(Journal journal) { journal_ = std::move(journal); }

  /// Grows with every write to that table made through this Database, and for all tables with every rollback.
  std::int64_t writes(const schema::Table& table) const;
  /// A named place where a layer above keeps what it derived, for as long as the database is open.
  std::shared_ptr<void>& attachment(std::string_view name);

  // -- reading ---------------------------------------------------------------------------------------------------
  /// The condition with what the registry's hook makes of names that are no fields; queries ask it by themselves.
  /// Throws unknown_field for any path that leads nowhere.
  Expr meant(const schema::Table& table, Expr where);
  /// Calls `row` with each row until it returns false. Memory does not grow with the number of rows.
  void each(const Query& query, const std::function<bool(Record&&)>& row);
  std::vector<Record> all(const Query& query);
  std::optional<Record> first(const Query& query);  ///< in the query's order
  Record one(const Query& query);                   ///< throws not_found, multiple_found
  std::int64_t count(const Query& query);
  bool exists(const Query& query);
  /// Values of paths, one vector a path, in the query's order: {"uid", "run.transform.key"}. Through a to-many
  /// relation a row comes once for each related row, with null where there is none.
  std::vector<std::vector<Value>> columns(const Query& query, std::span<const std::string> paths);

  /// By id or uid, on any branch and in the trash; nullopt if there is none.
  std::optional<Record> find(const schema::Table& table, std::int64_t id);
  /// The uid or its beginning; of a versioned registry the stem of all versions finds the latest. Throws
  /// multiple_found.
  std::optional<Record> find(const schema::Table& table, std::string_view uid);
  Record get(const schema::Table& table, std::string_view uid);  ///< throws not_found
  /// What a to_one relation points at; nullopt if the field is null. Throws invalid_argument for another relation.
  std::optional<Record> related_one(const Record& record, const schema::Relation& relation);
  /// A query for the rows that a relation of a saved record leads to, on all branches; narrow or order it at will.
  Query related(const Record& record, const schema::Relation& relation) const;

  // -- transactions ----------------------------------------------------------------------------------------------
  /// Runs `work` in one transaction (in an outer one: a savepoint). It is rolled back if `work` throws, and run
  /// again if the database asks for it (serialization failure, deadlock), so it must have no effect elsewhere.
  void transaction(const std::function<void()>& work);

 private:
  friend class registry::Writes;
  void save(Record& record);
  void insert(std::span<Record> records, bool ignore_conflicts, bool undoes);
  std::map<std::string, std::int64_t> remove(const Record& record);
  std::int64_t update(const Query& query, const std::map<std::string, Value>& values, bool hooked);
  std::int64_t link(const Record& record, const schema::Relation& relation, std::span<const std::int64_t> ids,
                    const std::map<std::string, Value>& extra);
  std::int64_t unlink(const Record& record, const schema::Relation& relation, std::span<const std::int64_t> ids);
  std::int64_t erase(const Query& query);
  std::int64_t add_pairs(const schema::Relation& relation,
                         std::span<const std::pair<std::int64_t, std::int64_t>> pairs);
  void note(const schema::Table& table, const Record* before, const Record* after) {
    if (journal_) journal_(*this, {.table = table, .before = before, .after = after, .by = stamp_});
  }

  struct Engine;
  std::unique_ptr<schema::Catalog> catalog_;
  std::unique_ptr<db::Connection> connection_;
  std::map<std::string, Hooks, std::less<>> hooks_;
  Stamp stamp_;
  Journal journal_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace lamin
