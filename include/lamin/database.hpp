// database.hpp -- rows of any registry, by name, in one open database.
//
// A Database is a connection, a catalog and what new rows are stamped with (user, run, branch, space). One thread
// at a time. Every write is one transaction: it happens whole and durably, or not at all; inside `transaction` the
// writes join. Hooks that the lake installs see each record before and after it is written.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>
#include "lamin/catalog.hpp"
#include "lamin/query.hpp"
#include "lamin/record.hpp"

namespace lamin::db {
class Connection;
}

namespace lamin {

/// What a new row is stamped with. 0 = none.
struct Stamp {
  std::int64_t user = 1, run = 0, branch = 1, space = 1;
};

/// Called around writes of one registry, in the same transaction. Installed by the lake, in plain sight.
struct Hooks {
  std::function<void(class Database&, Record&)> before_insert = {};
  std::function<void(class Database&, Record&)> after_insert = {};
  std::function<void(class Database&, const Record& old, Record& now)> before_update = {};
  /// Fields whose change `before_update` answers to; empty = of any. A change of others by `update` skips it.
  std::set<std::string, std::less<>> watched = {};
  std::function<void(class Database&, const Record&)> before_delete = {};
};

class Database {
 public:
  Database(std::unique_ptr<db::Connection> connection, schema::Catalog catalog);
  ~Database();
  Database(const Database&) = delete;

  const schema::Catalog& catalog() const { return *catalog_; }
  db::Connection& connection() { return *connection_; }
  Stamp& stamp() { return stamp_; }
  std::map<std::string, Hooks, std::less<>>& hooks() { return hooks_; }

  /// Grows with every write to that table made through this Database, and for all tables with every rollback.
  std::int64_t writes(const schema::Table& table) const;
  /// A named place where a layer above keeps what it derived, for as long as the database is open.
  std::shared_ptr<void>& attachment(std::string_view name);

  // -- reading ---------------------------------------------------------------------------------------------------
  /// Calls `row` with each row until it returns false.
  void each(const Query& query, const std::function<bool(Record&&)>& row);
  std::vector<Record> all(const Query& query);
  std::optional<Record> first(const Query& query);
  Record one(const Query& query);  ///< throws not_found, multiple_found
  std::int64_t count(const Query& query);
  bool exists(const Query& query);
  /// Values of paths, one vector a path, in the query's order: {"uid", "run.transform.key"}.
  std::vector<std::vector<Value>> columns(const Query& query, std::span<const std::string> paths);

  std::optional<Record> find(const schema::Table& table, std::int64_t id);
  /// By uid or its beginning; of a versioned registry a stem finds the latest. Throws multiple_found.
  std::optional<Record> find(const schema::Table& table, std::string_view uid);
  Record get(const schema::Table& table, std::string_view uid);  ///< throws not_found
  /// What a to_one relation points at.
  std::optional<Record> related_one(const Record& record, const schema::Relation& relation);
  /// A query for the rows of a to_many or many_to_many relation of a saved record.
  Query related(const Record& record, const schema::Relation& relation) const;

  // -- writing ---------------------------------------------------------------------------------------------------
  /// Inserts or updates. Fills id, uid, times, user, run; checks types, lengths, options and nulls before SQL does.
  /// Throws validation (which field and value), conflict (duplicate of which row).
  void save(Record& record);
  /// All of them in one transaction, by bulk statements; ids are filled in. With `ignore_conflicts` a row that
  /// breaks a unique rule is skipped and keeps no id.
  void insert(std::span<Record> records, bool ignore_conflicts = false);
  /// Deletes the row; references with On::cascade go too. Throws protected_row, naming who still refers to it.
  /// Returns rows deleted by SQL table.
  std::map<std::string, std::int64_t> remove(const Record& record);
  /// Sets columns of every row that the query finds; returns how many. Without `hooked` the caller keeps the rules
  /// that hooks keep.
  std::int64_t update(const Query& query, const std::map<std::string, Value>& values, bool hooked = true);

  /// Adds pairs (ids of `to`) to a many_to_many relation, silently skipping those there; `extra` are further
  /// columns of the pair, such as {"feature", 3}. Returns how many are new.
  std::int64_t link(const Record& record, const schema::Relation& relation, std::span<const std::int64_t> ids,
                    const std::map<std::string, Value>& extra = {});
  std::int64_t unlink(const Record& record, const schema::Relation& relation, std::span<const std::int64_t> ids);

  /// Runs `work` in one transaction (in an outer one: a savepoint). It is rolled back if `work` throws, and run
  /// again if the database asks for it (serialization failure, deadlock), so it must have no effect elsewhere.
  void transaction(const std::function<void()>& work);

 private:
  struct Engine;
  std::unique_ptr<schema::Catalog> catalog_;
  std::unique_ptr<db::Connection> connection_;
  std::map<std::string, Hooks, std::less<>> hooks_;
  Stamp stamp_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace lamin
