// writes.hpp -- the writes of a database, which enforce the rules for one row, its registry's hooks and the journal.
//
// Which row a record is, what becomes of its bytes, and what a deletion takes along is decided by the verbs
// (lamin/save.hpp, lamin/remove.hpp), which alone are public. They write through here.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>
#include "lamin/database.hpp"

namespace lamin::registry {

struct InsertOptions {
  bool ignore_conflicts = false;  ///< a row that breaks a unique rule is skipped and keeps no id
  /// Inside `transaction` a failure undoes only these rows; without it the caller must roll back, which makes many rows
  /// faster.
  bool undoes = true;
};

struct UpdateOptions {
  bool run_hooks = true;  ///< without them the caller enforces the rules that hooks enforce
};

/// A row as it is and as it was.
struct PutBack {
  std::int64_t id = 0;
  std::optional<Record> now = {}, row = {};  ///< nullopt: there is, or was, none
};

/// Calls a function with rows, some at a time; each time it is called with the same rows.
using RowSource = std::function<void(const std::function<void(std::span<Record>)>&)>;
struct Taken {
  std::int64_t written = 0, deleted = 0;
};

/// Runs `work` in the current transaction, or in a new one if none is open. After a failure in the current one, whoever
/// began it must roll back. Many rows are written faster than in a savepoint, whose pages each statement walks through.
void in_one_transaction(Database& database, const std::function<void()>& work);

class Writes {
 public:
  explicit Writes(Database& database) : database_(database) {}

  /// Inserts, or updates the row of this id. Fills id, uid, times, user, run; checks types, lengths, options and nulls
  /// before SQL does. Throws validation (which field and value), conflict (duplicate of which row), not_found (the row
  /// was deleted); `record` is then unchanged.
  void save(Record& record) { database_.save(record); }
  /// New rows of any registries, all in one transaction, by bulk statements; ids are filled in. Throws what save
  /// throws.
  void insert(std::span<Record* const> records, const InsertOptions& options = {}) {
    database_.insert(records, options.ignore_conflicts, options.undoes);
  }
  void insert(std::span<Record> records, const InsertOptions& options = {}) {
    std::vector<Record*> pointers;
    for (Record& record : records) pointers.push_back(&record);
    insert(pointers, options);
  }
  /// Deletes the row and its references with On::cascade. Throws protected_row, naming what still refers to it. Returns
  /// the number of rows deleted per SQL table. Deletes no bytes of an artifact.
  std::map<std::string, std::int64_t> remove(const Record& record) { return database_.remove(record); }
  /// Sets columns of every row that the query finds; returns how many.
  std::int64_t update(const Query& query, const std::map<std::string, Value>& values,
                      const UpdateOptions& options = {}) {
    return database_.update(query, values, options.run_hooks);
  }
  /// Adds pairs (ids of `to`) to a many_to_many relation, silently skipping existing ones; `extra` are further columns
  /// of the pair, such as {"feature", 3}. Returns how many are new.
  std::int64_t link(const Record& record, const schema::Relation& relation, std::span<const std::int64_t> ids,
                    const std::map<std::string, Value>& extra = {}) {
    return database_.link(record, relation, ids, extra);
  }
  /// Removes the pairs with these ids, whatever their further columns. Returns how many there were.
  std::int64_t unlink(const Record& record, const schema::Relation& relation, std::span<const std::int64_t> ids) {
    return database_.unlink(record, relation, ids);
  }
  /// Deletes every row that a query finds, in tables that nothing refers to, such as links; returns how many.
  std::int64_t erase(const Query& query) { return database_.erase(query); }
  /// Many pairs (ids of `from` and `to`) of a relation whose table holds nothing else; existing ones are skipped.
  /// Returns how many are new. Joins a transaction, as `in_one_transaction` does.
  std::int64_t add_pairs(const schema::Relation& relation,
                         std::span<const std::pair<std::int64_t, std::int64_t>> pairs) {
    return database_.add_pairs(relation, pairs);
  }

  /// Makes rows of a table what they were, all of them: without hooks, checks and new times. For undoing what was
  /// written through here; the journal hears of it. Each row is named once. Throws protected_row if what goes is
  /// referred to.
  void put_back(const schema::Table& table, std::span<const PutBack> rows);
  /// Makes a table hold rows that were in an instance before, under their ids; the others go, unless `keep_others`.
  /// Values are checked as those of any new row, but no hook sees them, no times are new, and constraints count at the
  /// end of the transaction, which the caller has begun. Throws validation, conflict (an id or a unique value twice).
  Taken take(const schema::Table& table, const RowSource& rows, bool keep_others);

  /// Sets the only journal and returns the one before, for whoever hears of changes for a while.
  Journal exchange_journal(Journal journal) { return std::exchange(database_.journal_, std::move(journal)); }

 private:
  Database& database_;
};

}  // namespace lamin::registry
