// conflict.cpp -- finds the row that conflicts with one that breaks a unique rule.
#include "lamin/error.hpp"
#include "registry/engine.hpp"

namespace lamin {
namespace {

using schema::Table;

/// Fields that are unique together in this registry.
std::vector<std::vector<std::string_view>> unique_sets(const Table& table) {
  std::vector<std::vector<std::string_view>> sets;
  for (const auto& column : table.columns)
    if (column.field != nullptr && column.field->unique) sets.push_back({column.name.view()});
  for (const auto& rule : table.rules) {
    if (!rule.unique.empty()) sets.emplace_back(rule.unique.begin(), rule.unique.end());
    std::string_view expression = rule.expression;
    if (expression.starts_with("lower(") && expression.ends_with(")")) {
      expression.remove_prefix(6);
      expression.remove_suffix(1);
      while (expression.starts_with('"')) expression.remove_prefix(1);
      while (expression.ends_with('"')) expression.remove_suffix(1);
      sets.push_back({expression});
    }
  }
  return sets;
}

[[noreturn]] void refuse(const Record& record, const Record& other, const std::string& fields) {
  throw Error(Code::conflict, "There is a " + record.table().name.str() + " with " + fields +
                                  " already: " + to_string(other) + ". These are unique: take that one, or choose " +
                                  "another value.");
}

}  // namespace

std::optional<Record> Database::Engine::in_the_way(Database& db, const Record& record, std::string& fields) {
  const Table& table = record.table();
  for (const auto& set : unique_sets(table)) {
    std::vector<Expr> equal;
    fields.clear();
    for (const auto name : set) {
      const auto* column = table.find_column(name);
      if (column == nullptr || record[column->position].is_null()) {
        equal.clear();
        break;
      }
      const Value& value = record[column->position];
      const bool by_expression = set.size() == 1 && column->field != nullptr && !column->field->unique;
      equal.push_back(Expr::compare(column->name.str(), by_expression ? Op::iexact : Op::exact, value));
      fields += (fields.empty() ? "" : ", ") + column->name.str() + "=" + to_string(value);
    }
    if (equal.empty()) continue;
    if (record.saved()) {
      std::vector<Expr> self;
      self.push_back(Expr::compare("id", Op::exact, Value(record.id())));
      equal.push_back(Expr::none_of(std::move(self)));
    }
    Query query{.registry = table.table.str(), .where = Expr::all_of(std::move(equal)), .any_branch = true};
    if (auto row = db.first(query)) return row;
  }
  return std::nullopt;
}

void Database::Engine::explain(Database& db, const Record& record, const Error& error) {
  std::optional<Record> row;
  std::string fields;
  try {
    row = in_the_way(db, record, fields);
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch) a failed transaction answers no query
  }
  if (!row) throw Error(error);
  refuse(record, *row, fields);
}

void Database::Engine::refuse_other(Database& db, const Record& pair, const schema::Relation& relation) {
  std::string fields;
  const auto row = in_the_way(db, pair, fields);
  if (!row) return;
  for (const auto* end : {relation.from_column, relation.to_column})
    if (pair[end->position] != (*row)[end->position]) refuse(pair, *row, fields);
}

}  // namespace lamin
