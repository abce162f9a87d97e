// database.hpp -- rows of any registry, by name, in one open database.
//
// A Database is a connection, a catalog and the session of its caller (session.hpp). It is used by one thread
// at a time. It only reads; writing is done by the verbs (save.hpp, remove.hpp, artifact.hpp, ...), which know what
// rows mean. Every write is one transaction: it happens completely and durably, or not at all; writes inside
// `transaction` join it. Hooks that the lake installs see each record before and after it is written. A program gets
// its Database from `Instance::database()`.
//
// Any call throws unavailable if the database does not respond or the disk is full, and no_access if it may not write.
// Calls that take a Query also throw not_found (registry), unknown_field (path) or invalid_argument (value), naming the
// nearest.
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
#include "lamin/session.hpp"

namespace lamin::db {
class Connection;
}
namespace lamin::registry {
class Writes;
}

namespace lamin {

/// Called around writes to one registry, in the same transaction: if one throws, the write is undone. The lake installs
/// its own; a program that adds hooks keeps the existing ones.
struct Hooks {
  std::function<void(class Database&, Record&)> before_insert = {};
  std::function<void(class Database&, Record&)> after_insert = {};
  std::function<void(class Database&, const Record& old, Record& now)> before_update = {};
  /// Fields that trigger `before_update`; empty = all. An `update` of other fields only skips it.
  std::set<std::string, std::less<>> watched = {};
  std::function<void(class Database&, const Record&)> before_delete = {};
  /// Resolves a comparison whose path starts with a name that is not a field and continues with `rest`; nullopt if the
  /// name is unknown.
  std::function<std::optional<Expr>(class Database&, const Expr& comparison, std::string_view name,
                                    std::string_view rest)>
      resolve_name = {};
  /// The same for a name to order by, in the form of Query::resolved_order. Rows without a value are then not found.
  std::function<std::optional<Expr>(class Database&, std::string_view name)> resolve_order = {};
};

/// A written row: before (null: new), after (null: deleted), and by whom.
struct Change {
  const schema::Table& table;
  const Record* before = nullptr;
  const Record* after = nullptr;
  const Session& by;
};
/// Called for every change to a catalog table, including links and bulk writes, in the transaction of the write: if it
/// throws, the write is undone; if the transaction is repeated, it is called again.
using Journal = std::function<void(class Database&, const Change&)>;

class Database {
 public:
  /// Internal: a program opens an Instance.
  Database(std::unique_ptr<db::Connection> connection, schema::Catalog catalog);
  ~Database();
  Database(const Database&) = delete;

  const schema::Catalog& catalog() const { return *catalog_; }
  db::Connection& connection() { return *connection_; }  ///< for SQL; its header is not public
  /// Whether this user may only read: writes then throw no_access.
  bool read_only() const;
  Session& session() { return session_; }
  /// Tells the caller something: where its session says.
  void say(Level level, const Words& words) const;
  std::map<std::string, Hooks, std::less<>>& hooks() { return hooks_; }  ///< by Table::qualified

  /// Sets the only journal; an empty one removes it and costs nothing.
  void keep_journal(Journal journal) { journal_ = std::move(journal); }

  /// Grows with every write to that table through this Database and, for all tables, with every rollback.
  std::int64_t writes(const schema::Table& table) const;
  /// A named slot where a layer above caches derived data while the database is open.
  std::shared_ptr<void>& attachment(std::string_view name);

  // -- reading ---------------------------------------------------------------------------------------------------
  /// The condition with names that are not fields resolved by the registry's hook; queries do this automatically.
  /// Throws unknown_field for a path that does not exist.
  Expr meant(const schema::Table& table, Expr where);
  /// Calls `row` with each row until it returns false. Memory does not grow with the number of rows.
  void each(const Query& query, const std::function<bool(Record&&)>& row);
  std::vector<Record> all(const Query& query);
  std::optional<Record> first(const Query& query);  ///< in the query's order
  Record one(const Query& query);                   ///< throws not_found, multiple_found
  std::int64_t count(const Query& query);
  bool exists(const Query& query);
  /// Values of paths such as {"uid", "run.transform.key"}: one vector per path, in the query's order. Through a to-many
  /// relation a row appears once per related row, with null if there is none.
  std::vector<std::vector<Value>> columns(const Query& query, std::span<const std::string> paths);

  /// By id or uid, on any branch and in the trash; nullopt if not found.
  std::optional<Record> find(const schema::Table& table, std::int64_t id);
  /// By uid or a prefix of it; in a versioned registry, the stem of all versions finds the latest. Throws
  /// multiple_found.
  std::optional<Record> find(const schema::Table& table, std::string_view uid);
  Record get(const schema::Table& table, std::string_view uid);  ///< throws not_found
  /// The target of a to_one relation; nullopt if the field is null. Throws invalid_argument for other relations.
  std::optional<Record> related_one(const Record& record, const schema::Relation& relation);
  /// A query for the rows that a relation of a saved record leads to, on all branches, to be narrowed or ordered.
  Query related(const Record& record, const schema::Relation& relation) const;

  // -- transactions ----------------------------------------------------------------------------------------------
  /// Runs `work` in one transaction (in an outer one: a savepoint). It is rolled back if `work` throws and repeated on
  /// a serialization failure or deadlock, so `work` must have no other side effects.
  void transaction(const std::function<void()>& work);

 private:
  friend class registry::Writes;
  void save(Record& record);
  void insert(std::span<Record* const> records, bool ignore_conflicts, bool undoes);
  std::map<std::string, std::int64_t> remove(const Record& record);
  std::int64_t update(const Query& query, const std::map<std::string, Value>& values, bool hooked);
  std::int64_t link(const Record& record, const schema::Relation& relation, std::span<const std::int64_t> ids,
                    const std::map<std::string, Value>& extra);
  std::int64_t unlink(const Record& record, const schema::Relation& relation, std::span<const std::int64_t> ids);
  std::int64_t erase(const Query& query);
  std::int64_t add_pairs(const schema::Relation& relation,
                         std::span<const std::pair<std::int64_t, std::int64_t>> pairs);
  void note(const schema::Table& table, const Record* before, const Record* after) {
    if (journal_) journal_(*this, {.table = table, .before = before, .after = after, .by = session_});
  }

  struct Engine;
  std::unique_ptr<schema::Catalog> catalog_;
  std::unique_ptr<db::Connection> connection_;
  std::map<std::string, Hooks, std::less<>> hooks_;
  Session session_;
  Journal journal_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace lamin
