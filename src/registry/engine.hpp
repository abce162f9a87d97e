// engine.hpp -- what a Database keeps between calls: SQL by shape, facts about tables, counters.
#pragma once
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "db/connection.hpp"
#include "lamin/database.hpp"
#include "registry/compile.hpp"
#include "registry/statistics.hpp"

namespace lamin::registry {

/// What is known of a column before its row is written.
struct ColumnRule {
  const schema::Column* column = nullptr;
  std::size_t position = 0;
  schema::Fill fill = schema::Fill::nobody;
  bool stamp_branch = false, stamp_space = false;
  int same_as = -1;  ///< a copy of the row's branch: the position of `branch`; otherwise -1
  bool required = false;
};

/// A column of another table that points to this one.
struct Referrer {
  const schema::Table* table = nullptr;
  const schema::Column* column = nullptr;
  bool cascade = false;
};

/// Made at the first use of a table, then kept.
struct TableFacts {
  std::vector<Type> types;
  std::string by_id, by_uid;
  std::vector<ColumnRule> rules;          ///< all columns but the id
  std::vector<std::string_view> columns;  ///< SQL names, without the id
  std::vector<std::string_view> with_id;  ///< SQL names, all
  const schema::Column* uid = nullptr;
  const schema::Column* updated_at = nullptr;
  std::int64_t writes = 0;
};

/// A statement with its parameters, ready to run.
struct Ready {
  const Statement* statement = nullptr;
  std::vector<Value> parameters;
  const schema::Table* table = nullptr;
};

enum class Verb : char { rows = 'r', count = 'c', exists = 'e', columns = 'v', update = 'u' };

Record read(db::Rows& rows, const schema::Table& table, const std::vector<Type>& types);

/// Checks type, length, options. Converts in place where nothing is lost; throws validation. The value is not null.
void check_value(const schema::Table& table, const schema::Column& column, Value& value);

}  // namespace lamin::registry

namespace lamin {

struct Database::Engine {
  std::unordered_set<const schema::Table*> own_tables;
  std::unordered_map<std::string, registry::Statement> statements;
  std::unordered_map<const schema::Table*, registry::TableFacts> facts;
  std::unordered_map<const schema::Table*, std::vector<registry::Referrer>> referrers;
  std::map<std::string, std::shared_ptr<void>, std::less<>> attachments;
  registry::Shape shape;  ///< scratch
  registry::Statistics statistics;
  std::int64_t rollbacks = 0;
  int depth = 0;  ///< of nested transactions
  int fold_by_icu = -1;

  explicit Engine(const schema::Catalog& catalog);
  const schema::Catalog& catalog;

  /// The same table in this database's catalog: records and tables may come from another catalog, which may not live as
  /// long.
  const schema::Table& own(const schema::Table& table) const;
  const schema::Relation& own(const schema::Relation& relation) const;
  void adopt(Record& record) const;

  registry::TableFacts& of(const schema::Table& table);
  registry::Ready prepare(Database& db, const Query& query, registry::Verb verb,
                          std::span<const std::string> paths = {}, std::span<const schema::Column* const> fields = {},
                          const std::vector<Value>& assigned = {});
  const std::vector<registry::Referrer>& pointing_at(const schema::Table& table);

  // remove.cpp
  std::int64_t erase_ids(Database& db, const schema::Table& table, std::span<const std::int64_t> ids);

  // save.cpp
  void fill(Database& db, Record& record);
  void check(const Record& record);
  void insert_one(Database& db, Record& record, const Hooks* hooks);
  void update_one(Database& db, Record& record, const Hooks* hooks);
  /// Rethrows a conflict with the conflicting row, if it can be found.
  [[noreturn]] void explain(Database& db, const Record& record, const Error& error);
  std::optional<Record> in_the_way(Database& db, const Record& record, std::string& fields);
  /// Throws conflict if a pair that was not inserted clashes with one of other rows.
  void refuse_other(Database& db, const Record& pair, const schema::Relation& relation);
  const Hooks* hooks(Database& db, const schema::Table& table);
};

}  // namespace lamin
