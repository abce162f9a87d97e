// bulk.cpp -- many rows at once, and one change to many rows.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/time.hpp"
#include "lamin/error.hpp"
#include "registry/engine.hpp"
#include "registry/given_ids.hpp"
#include "registry/statistics.hpp"
#include "registry/values.hpp"

namespace lamin {
namespace {

using schema::Table;

constexpr std::size_t chunk = 10'000;  // rows passed on at once: bounds the memory besides the records themselves
constexpr std::size_t many = 1'000;    // rows after which the database refreshes its statistics

/// Lends the values of records, side by side, to the database, and returns them to their records afterwards.
class BorrowedValues {
 public:
  BorrowedValues(std::span<Record* const> records, std::size_t first) : records_(records), first_(first) {
    const std::size_t width = records.empty() ? 0 : records[0]->values().size() - first;
    flat_.reserve(records.size() * width);
    for (auto* record : records) {
      auto& values = record->values();
      std::move(values.begin() + static_cast<std::ptrdiff_t>(first), values.end(), std::back_inserter(flat_));
    }
  }
  ~BorrowedValues() {
    auto from = flat_.begin();
    for (auto* record : records_) {
      auto& values = record->values();
      const auto n = static_cast<std::ptrdiff_t>(values.size() - first_);
      std::move(from, from + n, values.begin() + static_cast<std::ptrdiff_t>(first_));
      from += n;
    }
  }
  BorrowedValues(const BorrowedValues&) = delete;
  std::span<const Value> values() const { return flat_; }

 private:
  std::span<Record* const> records_;
  std::size_t first_;
  std::vector<Value> flat_;
};

/// The second of two new rows with the same uid: for a message that no database gives about rows not yet stored.
const Record* twin(std::span<Record* const> records, const schema::Column& column) {
  std::unordered_set<std::string_view> seen;
  for (const auto* record : records) {
    const auto* text = (*record)[column.position].text();
    if (text != nullptr && !seen.insert(*text).second) return record;
  }
  return nullptr;
}

}  // namespace

void Database::insert(std::span<Record* const> records, bool ignore_conflicts, bool undoes) {
  if (records.empty()) return;
  Engine& engine = *engine_;
  const bool nested = connection_->in_transaction();
  std::vector<Record> before;  // only with hooks: a repeated run starts afresh
  std::unordered_map<const Table*, std::vector<Record*>> groups;
  std::vector<const Table*> order;
  for (auto* record : records) {
    engine.adopt(*record);
    auto& group = groups[&record->table()];
    if (group.empty()) order.push_back(&record->table());
    group.push_back(record);
  }
  std::vector<bool> had_id;
  for (const auto* record : records) had_id.push_back(record->saved());
  bool hooked = false;
  for (const auto* table : order) {
    const Hooks* hooks = engine.hooks(*this, *table);
    hooked = hooked || (hooks != nullptr && (hooks->before_insert || hooks->after_insert));
  }
  for (const auto* record : records)
    if (hooked && !nested) before.push_back(*record);  // only the outermost repeats

  auto write = [&, again = false]() mutable {
    if (std::exchange(again, true))
      for (std::size_t i = 0; i < before.size(); ++i) *records[i] = before[i];
    for (std::size_t i = 0; i < records.size(); ++i)
      if (!had_id[i]) records[i]->set(0, Value());
    for (const auto* table : order) {
      const Hooks* hooks = engine.hooks(*this, *table);
      auto& group = groups.at(table);
      for (auto* record : group) {
        if (hooks && hooks->before_insert) hooks->before_insert(*this, *record);
        engine.fill(*this, *record);
        engine.check(*record);
      }
      auto& facts = engine.of(*table);
      const auto with_id = static_cast<std::size_t>(
          std::count_if(group.begin(), group.end(), [](const Record* r) { return r->saved(); }));
      if (with_id != 0 && with_id != group.size())
        throw Error(Code::invalid_argument, "Some of the new " + table->name.str() +
                                                " records have an id and some have none: insert them separately.");
      for (std::size_t at = 0; at < group.size(); at += chunk) {
        const std::span<Record* const> part(group.data() + at, std::min(chunk, group.size() - at));
        std::vector<std::int64_t> ids;
        {
          const BorrowedValues lent(part, with_id ? 0 : 1);
          ids = connection_->bulk_insert(table->table, with_id ? facts.with_id : facts.columns, lent.values(),
                                         ignore_conflicts);
        }
        for (std::size_t i = 0; i < part.size(); ++i) {
          part[i]->set(0, ids[i] == 0 && !with_id ? Value() : with_id ? (*part[i])[0] : Value(ids[i]));
          if (ids[i] == 0 && !with_id) continue;
          ++facts.writes;
          note(*table, nullptr, part[i]);
        }
      }
      if (with_id) registry::continue_ids(*connection_, table->table);
      if (group.size() >= many) registry::refresh_statistics(*connection_, *table);
      if (hooks && hooks->after_insert)
        for (auto* record : group)
          if (record->saved()) hooks->after_insert(*this, *record);
    }
  };
  const bool joins = !undoes && nested;
  try {
    if (joins) write();
    else transaction(write);
  } catch (const Error& error) {
    for (std::size_t i = 0; i < records.size(); ++i)
      if (!had_id[i]) records[i]->set(0, Value());
    if (error.code() != Code::conflict || joins) throw;
    for (const auto* table : order) {
      for (const auto& column : table->columns) {
        if (column.field == nullptr || !column.field->unique) continue;
        if (const auto* record = twin(groups.at(table), column))
          throw Error(Code::conflict, "Two of the new " + table->name.str() + " records have " + column.name.str() +
                                          "=" + to_string((*record)[column.position]) + ".");
      }
    }
    for (auto* record : records) {
      std::string fields;
      if (engine.in_the_way(*this, *record, fields)) engine.explain(*this, *record, error);
    }
    throw;
  }
}

std::int64_t Database::update(const Query& query, const std::map<std::string, Value>& values, bool hooked) {
  if (values.empty()) return 0;
  Engine& engine = *engine_;
  const Table& table = catalog_->table(query.registry);
  std::vector<const schema::Column*> fields;
  std::vector<Value> assigned;
  auto& facts = engine.of(table);
  for (const auto& [name, value] : values) {
    const auto& column = table.column(name);
    if (column.position == 0) throw Error(Code::invalid_argument, "The id of a row cannot be changed.");
    const bool optional = column.field != nullptr && column.field->optional;
    if (value.is_null() && !optional)
      throw Error(Code::validation, table.name.str() + "." + column.name.str() + " is required and cannot be null.");
    assigned.push_back(value);
    if (!value.is_null()) registry::check_value(table, column, assigned.back());
    fields.push_back(&column);
  }
  if (facts.updated_at != nullptr && std::find(fields.begin(), fields.end(), facts.updated_at) == fields.end()) {
    fields.push_back(facts.updated_at);
    assigned.emplace_back(base::now());
  }
  const auto ready = engine.prepare(*this, query, registry::Verb::update, {}, fields, assigned);
  std::int64_t n = 0;
  // Hooks see rows one by one; if they watch a column that changes, the update goes row by row.
  const Hooks* hooks = hooked ? engine.hooks(*this, table) : nullptr;
  const auto sees = [&](const schema::Column* column) { return hooks->watched.contains(column->name.view()); };
  const bool watched =
      hooks && hooks->before_update && (hooks->watched.empty() || std::any_of(fields.begin(), fields.end(), sees));
  if (watched) {
    transaction([&] {
      n = 0;
      for (auto& record : all(query)) {
        for (const auto& [name, value] : values) record.set(name, value);
        engine.update_one(*this, record, hooks);
        ++n;
      }
    });
    return n;
  }
  if (journal_) {
    transaction([&] {
      const auto before = all(query);
      n = connection_->execute(ready.statement->sql, ready.parameters);
      facts.writes += n;
      for (const auto& old : before) {
        Record now = old;
        for (std::size_t i = 0; i < fields.size(); ++i) now.set(fields[i]->position, assigned[i]);
        note(table, &old, &now);
      }
    });
    return n;
  }
  n = connection_->execute(ready.statement->sql, ready.parameters);
  facts.writes += n;
  return n;
}

}  // namespace lamin
