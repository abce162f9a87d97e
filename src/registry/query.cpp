// query.cpp -- reading: rows, counts, columns, one row by its id or uid.
#include "lamin/query.hpp"

#include "lamin/error.hpp"
#include "registry/engine.hpp"

namespace lamin {

using registry::Ready;
using registry::Verb;

void Database::each(const Query& query, const std::function<bool(Record&&)>& row) {
  const Ready ready = engine_->prepare(*this, query, Verb::rows);
  const auto types = ready.statement->types;  // a query that `row` makes may evict the statement
  auto rows = connection_->stream(ready.statement->sql, ready.parameters);
  while (rows->next())
    if (!row(registry::read(*rows, *ready.table, types))) break;
}

std::vector<Record> Database::all(const Query& query) {
  constexpr std::int64_t few = 20;
  const Ready ready = engine_->prepare(*this, query, Verb::rows);
  std::vector<Record> out;
  // Many rows are read while the server still produces others.
  auto rows = query.limit >= 0 && query.limit <= few ? connection_->query(ready.statement->sql, ready.parameters)
                                                     : connection_->stream(ready.statement->sql, ready.parameters);
  while (rows->next()) out.push_back(registry::read(*rows, *ready.table, ready.statement->types));
  return out;
}

std::optional<Record> Database::first(const Query& query) {
  Query limited = query;
  if (limited.limit < 0 || limited.limit > 1) limited.limit = 1;
  auto rows = all(limited);
  if (rows.empty()) return std::nullopt;
  return std::move(rows[0]);
}

Record Database::one(const Query& query) {
  Query limited = query;
  if (limited.limit < 0 || limited.limit > 2) limited.limit = 2;
  auto rows = all(limited);
  if (rows.size() == 1) return std::move(rows[0]);
  const std::string what = query.registry + " with " + to_string(query.where);
  if (rows.empty())
    throw Error(Code::not_found,
                "No " + what + (query.any_branch ? "." : ". Trash and other branches are not searched."));
  throw Error(Code::multiple_found, "More than one " + what + ": the first are " + to_string(rows[0]) + " and " +
                                        to_string(rows[1]) + ". Narrow the condition, or take the first.");
}

std::int64_t Database::count(const Query& query) {
  const Ready ready = engine_->prepare(*this, query, Verb::count);
  auto rows = connection_->query(ready.statement->sql, ready.parameters);
  return rows->next() ? rows->integer(0) : 0;
}

bool Database::exists(const Query& query) {
  const Ready ready = engine_->prepare(*this, query, Verb::exists);
  return connection_->query(ready.statement->sql, ready.parameters)->next();
}

std::vector<std::vector<Value>> Database::columns(const Query& query, std::span<const std::string> paths) {
  std::vector<std::vector<Value>> out(paths.size());
  if (paths.empty()) return out;
  const Ready ready = engine_->prepare(*this, query, Verb::columns, paths);
  auto rows = connection_->stream(ready.statement->sql, ready.parameters);
  while (rows->next())
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i].push_back(rows->value(static_cast<int>(i), ready.statement->types[i]));
  return out;
}

std::optional<Record> Database::find(const schema::Table& given, std::int64_t id) {
  const auto& table = engine_->own(given);
  const auto& facts = engine_->of(table);
  const Value parameter(id);
  auto rows = connection_->query(facts.by_id, {&parameter, 1});
  if (!rows->next()) return std::nullopt;
  return registry::read(*rows, table, facts.types);
}

namespace {

/// Which of a family's versions a stem means: on a visible branch, then marked as latest, then the newest.
int preference(const Record& record, std::int64_t current_branch) {
  int points = 0;
  const auto* branch = record.table().find_column("branch");
  const auto* latest = record.table().find_column("is_latest");
  if (branch != nullptr) {
    const auto id = record[branch->position].integer_or(1);
    points += id == current_branch ? 40 : id == 1 ? 20 : 0;
  }
  if (latest != nullptr && record[latest->position].boolean_or(false)) points += 10;
  return points;
}

}  // namespace

std::optional<Record> Database::find(const schema::Table& given, std::string_view uid) {
  const auto& table = engine_->own(given);
  const auto& facts = engine_->of(table);
  if (facts.uid == nullptr)
    throw Error(Code::invalid_argument, table.name.str() + " has no uid: find its rows by id or by a query.");
  if (uid.empty()) return std::nullopt;
  {
    const Value parameter(uid);
    auto rows = connection_->query(facts.by_uid, {&parameter, 1});
    if (rows->next()) return registry::read(*rows, table, facts.types);
  }
  const auto most = facts.uid->field != nullptr && facts.uid->field->size > 0 ? facts.uid->field->size : table.uid_size;
  if (most > 0 && uid.size() >= static_cast<std::size_t>(most)) return std::nullopt;
  Query query{.registry = table.table.str()};
  query.where = Expr::compare("uid", Op::startswith, Value(uid));
  query.order_by = {"uid"};
  query.any_branch = true;
  // A uid longer than a stem means one version, if it is unambiguous.
  const bool versioned = table.has(schema::Trait::versioned) && table.stem_size > 0 &&
                         uid.size() <= static_cast<std::size_t>(table.stem_size);
  if (!versioned) query.limit = 2;
  std::optional<Record> best;
  int points = -1;
  for (auto& record : all(query)) {
    if (best) {
      const auto stem = [&](const Record& r) {
        return r.uid().substr(0, versioned ? static_cast<std::size_t>(table.stem_size) : std::string_view::npos);
      };
      if (stem(*best) != stem(record))
        throw Error(Code::multiple_found, "More than one " + table.name.str() + " has a uid that begins with '" +
                                              std::string(uid) + "': " + std::string(best->uid()) + ", " +
                                              std::string(record.uid()) + ". Give more characters.");
    }
    const int p = versioned ? preference(record, session_.branch) : 0;
    if (p >= points) {
      points = p;
      best = std::move(record);
    }
  }
  return best;
}

Record Database::get(const schema::Table& table, std::string_view uid) {
  auto record = find(table, uid);
  if (!record)
    throw Error(Code::not_found,
                "No " + table.name.str() + " has the uid '" + std::string(uid) + "' or one that begins with it.");
  return std::move(*record);
}

std::optional<Record> Database::related_one(const Record& record, const schema::Relation& relation) {
  if (relation.shape != schema::Relation::Shape::to_one)
    throw Error(Code::invalid_argument, "'" + relation.name.str() + "' of " + record.table().name.str() +
                                            " may be several rows: ask for them with related().");
  const auto& id = record[relation.from_column->position];
  if (id.is_null()) return std::nullopt;
  return find(*relation.to, id.integer_or(0));
}

}  // namespace lamin
