// save.cpp -- one row: filled in, checked, inserted or updated.
#include "base/json.hpp"
#include "base/time.hpp"
#include "base/uid.hpp"
#include "db/sql.hpp"
#include "lamin/error.hpp"
#include "registry/engine.hpp"
#include "registry/values.hpp"

namespace lamin {
namespace {

using registry::ColumnRule;
using schema::Fill;
using schema::Table;

/// Random for the family, "0000" for its first version.
std::string random_uid(const Table& table, const schema::Column& column) {
  const int size = table.uid_size;
  if (column.name != "uid")
    return base::random_uid(column.field->uid_size ? column.field->uid_size : column.field->size);
  if (table.stem_size <= 0) return base::random_uid(size);
  return base::random_uid(table.stem_size) + std::string(static_cast<std::size_t>(size - table.stem_size), '0');
}

/// Derived from what identifies the term everywhere: its public identifier, otherwise its name.
Value derived_uid(const Table& table, const Record& record) {
  std::string_view text;
  if (!table.id_field.empty()) text = record.at(table.id_field).text_or("");
  if (text.empty() && !table.name_field.empty()) text = record.at(table.name_field).text_or("");
  if (text.empty()) return {};
  return Value(base::derived_uid(text, table.uid_size));
}

[[noreturn]] void invalid(const Table& table, const schema::Column& column, const std::string& why) {
  throw Error(Code::validation, table.name.str() + "." + column.name.str() + " " + why);
}

void check_integer(const Table& table, const schema::Column& column, std::int64_t value) {
  const int bits = column.field == nullptr || column.field->size == 0 ? 32 : column.field->size;
  if (column.kind != schema::Kind::integer || bits >= 64) return;
  const std::int64_t most = (std::int64_t{1} << (bits - 1)) - 1;
  if (value > most || value < -most - 1)
    invalid(table, column,
            "is an integer of " + std::to_string(bits) + " bits and cannot hold " + std::to_string(value) + ".");
}

void check_text(const Table& table, const schema::Column& column, const std::string& text) {
  const auto& field = *column.field;
  if (field.size > 0 && text.size() > static_cast<std::size_t>(field.size)) {
    const auto n = registry::length(text);
    if (n > field.size)
      invalid(table, column,
              "takes at most " + std::to_string(field.size) + " characters, got " + std::to_string(n) + ": " +
                  to_string(Value(text.substr(0, 40))) + ". Shorten it.");
  }
  if (text.find('\0') != std::string::npos) invalid(table, column, "cannot hold a NUL character.");
  if (field.options.empty()) return;
  std::string known;
  for (const auto& option : field.options) {
    if (option == text) return;
    known += (known.empty() ? "'" : ", '") + option.str() + "'";
  }
  invalid(table, column, "must be one of " + known + ", got " + to_string(Value(text)) + ".");
}

/// Checks a new row's uid: as long as those made here, or as those of former versions, which fill the column. Those of
/// spaces, users and other rows that are on no branch may have been given elsewhere.
void check_uid(const Table& table, const schema::Column& column, const Value& value) {
  if (!table.has(schema::Trait::branched) && !table.has(schema::Trait::versioned)) return;
  const auto size = value.text_or("").size();
  if (size == static_cast<std::size_t>(table.uid_size) || size == static_cast<std::size_t>(column.field->size)) return;
  invalid(table, column,
          "is " + to_string(value) + ": `uid` must be exactly " + std::to_string(table.uid_size) + " characters long.");
}

}  // namespace

void registry::check_value(const Table& table, const schema::Column& column, Value& value) {
  auto fit = as_saved(value, column.type);
  if (!fit)
    invalid(table, column,
            "holds " + std::string(type_name(column.type)) + ", got the " + std::string(type_name(value)) + " " +
                to_string(value) + ".");
  if (fit->index() != value.index()) value = std::move(*fit);
  if (const auto* text = value.text(); text != nullptr && column.field != nullptr) check_text(table, column, *text);
  else if (const auto* integer = std::get_if<std::int64_t>(&value)) check_integer(table, column, *integer);
}

void Database::Engine::fill(Database& db, Record& record) {
  const Table& table = record.table();
  const Session& stamp = db.session();
  Value now;
  auto& values = record.values();
  for (const ColumnRule& rule : of(table).rules) {
    Value& value = values[rule.position];
    if (!value.is_null()) {
      if (rule.fill == Fill::random_uid && rule.column->name == "uid") check_uid(table, *rule.column, value);
      continue;
    }
    if (rule.stamp_branch) {
      value = Value(stamp.branch);  // also 0, the archive
    } else if (rule.same_as >= 0) {
      const Value& branch = values[static_cast<std::size_t>(rule.same_as)];
      value = branch.is_null() ? Value(stamp.branch) : branch;
    } else if (rule.stamp_space) {
      if (stamp.space != 0) value = Value(stamp.space);
    } else {
      switch (rule.fill) {
        case Fill::nobody: break;
        case Fill::constant:
          if (rule.required) value = rule.column->initial;
          break;
        case Fill::random_uid: value = Value(random_uid(table, *rule.column)); break;
        case Fill::ontology_uid: value = derived_uid(table, record); break;
        case Fill::now:
          // Not the database's default: on SQLite that has only milliseconds and would have to be read back.
          if (now.is_null()) now = Value(base::now());
          value = now;
          break;
        case Fill::user:
          if (stamp.user != 0) value = Value(stamp.user);
          break;
        case Fill::run:
          if (stamp.run != 0) value = Value(stamp.run);
          break;
      }
    }
  }
}

void Database::Engine::check(const Record& record) {
  const Table& table = record.table();
  auto& values = const_cast<Record&>(record).values();  // lossless conversions are made in place
  std::string missing;
  for (const ColumnRule& rule : of(table).rules) {
    Value& value = values[rule.position];
    const auto& column = *rule.column;
    if (value.is_null()) {
      if (rule.required) missing += (missing.empty() ? "'" : ", '") + column.name.str() + "'";
      continue;
    }
    registry::check_value(table, column, value);
  }
  if (!missing.empty())
    throw Error(Code::validation, "[" + missing + "] are required to save a " + table.name.str() + ".");
}

void Database::Engine::insert_one(Database& db, Record& record, const Hooks* hooks) {
  const Table& table = record.table();
  if (hooks && hooks->before_insert) hooks->before_insert(db, record);
  fill(db, record);
  check(record);
  auto& facts = of(table);
  const std::span<const Value> values(record.values());
  const auto id = db.connection().insert(table.table, facts.columns, values.subspan(1));
  record.set(0, Value(id));
  ++facts.writes;
  db.note(table, nullptr, &record);
  if (hooks && hooks->after_insert) hooks->after_insert(db, record);
}

void Database::Engine::update_one(Database& db, Record& record, const Hooks* hooks) {
  const Table& table = record.table();
  auto old = db.find(table, record.id());
  if (!old)
    throw Error(Code::not_found, "Cannot save " + to_string(record) + ": its row (id " + std::to_string(record.id()) +
                                     ") is not in the database; it may have been deleted.");
  record.rebase(*old);
  if (hooks && hooks->before_update) hooks->before_update(db, *old, record);
  auto& facts = of(table);
  for (const ColumnRule& rule : facts.rules)  // a required value that was removed stays as it was
    if (rule.required && rule.fill != Fill::nobody && record[rule.column->position].is_null())
      record.set(rule.column->position, (*old)[rule.column->position]);
  check(record);
  std::string set;
  std::vector<Value> parameters;
  auto change = [&](const schema::Column& column) {
    set += (set.empty() ? "" : ", ") + db::quote(column.column) + " = ?";
    parameters.push_back(record[column.position]);
  };
  const bool dated =
      facts.updated_at != nullptr && record[facts.updated_at->position] == (*old)[facts.updated_at->position];
  for (const ColumnRule& rule : facts.rules) {
    if (dated && rule.column == facts.updated_at) continue;
    if (!registry::same_value(record[rule.column->position], (*old)[rule.column->position])) change(*rule.column);
  }
  if (set.empty()) return;
  if (dated) {
    record.set(facts.updated_at->position, Value(base::now()));
    change(*facts.updated_at);
  }
  parameters.emplace_back(record.id());
  db.connection().execute(
      "UPDATE " + db::quote(table.table) + " SET " + set + " WHERE " + db::quote(table.columns[0].column) + " = ?",
      parameters);
  ++facts.writes;
  db.note(table, &*old, &record);
}

void Database::save(Record& record) {
  Engine& engine = *engine_;
  engine.adopt(record);
  const Hooks* hooks = engine.hooks(*this, record.table());
  Record work;
  auto write = [&] {
    work = record;
    if (work.saved()) engine.update_one(*this, work, hooks);
    else engine.insert_one(*this, work, hooks);
  };
  const bool lite = connection_->dialect() == db::Dialect::sqlite;
  // A single INSERT is atomic. On Postgres a failure inside a transaction would spoil what came before it.
  const bool alone = !journal_ && (hooks == nullptr || (!hooks->before_insert && !hooks->after_insert));
  const bool single = !record.saved() && alone && (lite || !connection_->in_transaction());
  try {
    if (single) write();
    else transaction(write);
  } catch (const db::Retry&) {
    if (!single || connection_->in_transaction()) throw;
    transaction(write);
  } catch (const Error& error) {
    if (error.code() == Code::conflict) engine.explain(*this, work, error);
    throw;
  }
  record = std::move(work);
  // Whoever began a transaction may have to repeat it.
  if (!connection_->in_transaction()) record.note_stored();
}

}  // namespace lamin
