// select.cpp -- whole statements.
#include <algorithm>

#include "lamin/error.hpp"
#include "registry/compile.hpp"

namespace lamin::registry {

Compiler::Compiler(const schema::Table& table, db::Dialect dialect, const Shape& shape, Visible visible,
                   bool fold_by_icu)
    : table_(table), dialect_(dialect), shape_(shape), visible_(visible), fold_by_icu_(fold_by_icu) {
  for (std::size_t i = 0; i < shape_.leaves.size(); ++i) leaf_.emplace(shape_.leaves[i], static_cast<int>(i));
}

std::string Compiler::where(const Query& query, Scope& scope) {
  std::string out;
  if (!(query.where.node == Expr::Node::all_of && query.where.children.empty()))
    condition(query.where, scope, true, false, out);
  if (visible_ == Visible::all) return out;
  const auto* branch = table_.find_column("branch");
  if (!out.empty()) out += " AND ";
  // Nearly all rows are on the main branch: SQLite, which knows no such statistics, must not search by this index.
  out += (dialect_ == db::Dialect::sqlite ? "+" : "") + scope.alias() + "." + quoted(branch->column);
  if (visible_ == Visible::main) return out + " = 1";
  slots_.push_back({.how = Bind::branch});
  return out + " IN (1, ?)";
}

void Compiler::order_term(const Term& term, bool descending, std::string& out) {
  out += term.sql;
  const bool lite = dialect_ == db::Dialect::sqlite;
  if (!lite && term.column->type == Type::text) out += " COLLATE \"C\"";
  if (descending) out += " DESC";
  if (!lite && term.nullable) out += descending ? " NULLS LAST" : " NULLS FIRST";
}

std::string Compiler::order(const Query& query, Scope& scope, bool distinct, std::span<const Term> selected) {
  std::string out;
  bool by_id = false;
  for (std::string_view path : query.order_by) {
    const bool descending = path.starts_with('-');
    if (descending || path.starts_with('+')) path.remove_prefix(1);
    const Path p = follow(scope.table(), path);
    if (p.to_many())
      throw Error(Code::invalid_argument, "Cannot order by '" + std::string(path) +
                                              "': a row may have several of them. Order by a field of the row itself.");
    if (p.column->type == Type::json)
      throw Error(Code::invalid_argument, "Cannot order by the JSON field '" + std::string(path) + "'.");
    by_id = by_id || (p.relations.empty() && p.column == &table_.columns[0]);
    out += out.empty() ? " ORDER BY " : ", ";
    order_term(scope.term(p, true), descending, out);
  }
  if (!by_id && !distinct) out += (out.empty() ? " ORDER BY " : ", ") + scope.id();
  // Of distinct values there is no row left to order by.
  if (distinct && query.order_by.empty()) {
    for (const auto& term : selected) {
      out += out.empty() ? " ORDER BY " : ", ";
      order_term(term, false, out);
    }
  }
  return out;
}

std::string Compiler::limit(const Query& query) {
  std::string out;
  if (query.limit >= 0) {
    slots_.push_back({.how = Bind::limit});
    out += " LIMIT ?";
  }
  if (query.offset > 0) {
    // SQLite takes OFFSET only behind LIMIT.
    if (query.limit < 0 && dialect_ == db::Dialect::sqlite) out += " LIMIT -1";
    slots_.push_back({.how = Bind::offset});
    out += " OFFSET ?";
  }
  return out;
}

std::string Compiler::ids(const Query& query) {
  Scope scope(table_, aliases_);
  const std::string condition = where(query, scope);
  const bool cut = query.limit >= 0 || query.offset > 0;
  const std::string tail = cut ? order(query, scope, false) + limit(query) : "";
  return "SELECT " + scope.id() + " FROM " + scope.from() + (condition.empty() ? "" : " WHERE " + condition) + tail;
}

Statement Compiler::rows(const Query& query) {
  Scope scope(table_, aliases_);
  const std::string condition = where(query, scope);
  const std::string tail = order(query, scope, false) + limit(query);  // no row comes twice anyway
  Statement out;
  out.sql = "SELECT ";
  for (const auto& column : table_.columns) {
    if (column.position > 0) out.sql += ", ";
    out.sql += scope.alias() + "." + quoted(column.column);
    out.types.push_back(column.type);
  }
  out.sql += " FROM " + scope.from() + (condition.empty() ? "" : " WHERE " + condition) + tail;
  out.slots = std::move(slots_);
  return out;
}

Statement Compiler::count(const Query& query) {
  Statement out;
  if (query.limit >= 0 || query.offset > 0) {
    out.sql = "SELECT count(*) FROM (" + ids(query) + ") counted";
  } else {
    Scope scope(table_, aliases_);
    const std::string condition = where(query, scope);
    out.sql = "SELECT count(*) FROM " + scope.from() + (condition.empty() ? "" : " WHERE " + condition);
  }
  out.types = {Type::integer};
  out.slots = std::move(slots_);
  return out;
}

Statement Compiler::exists(const Query& query) {
  Statement out;
  if (query.limit >= 0 || query.offset > 0) {
    out.sql = "SELECT 1 FROM (" + ids(query) + ") found LIMIT 1";
  } else {
    Scope scope(table_, aliases_);
    const std::string condition = where(query, scope);
    out.sql = "SELECT 1 FROM " + scope.from() + (condition.empty() ? "" : " WHERE " + condition) + " LIMIT 1";
  }
  out.types = {Type::integer};
  out.slots = std::move(slots_);
  return out;
}

Statement Compiler::columns(const Query& query, std::span<const std::string> paths) {
  Scope scope(table_, aliases_);
  std::vector<Term> terms;
  bool many = false;
  for (const auto& path : paths) {
    const Path p = follow(table_, path);
    if (!p.keys.empty())
      throw Error(Code::invalid_argument, "Cannot select '" + path + "' out of a JSON field: select the field.");
    many = many || p.to_many();
    terms.push_back(scope.term(p, true));
  }
  Statement out;
  out.sql = query.distinct ? "SELECT DISTINCT " : "SELECT ";
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (i > 0) out.sql += ", ";
    out.sql += terms[i].sql;
    out.types.push_back(terms[i].column->type);
  }
  const bool cut = many && (query.limit >= 0 || query.offset > 0);
  // The limit counts rows of the registry, not the pairs that a to_many path makes of them.
  const std::string condition = cut ? scope.id() + " IN (" + ids(query) + ")" : where(query, scope);
  std::string tail = order(query, scope, query.distinct, terms);
  if (many && !query.distinct)
    for (const auto& step : scope.steps())
      if (step.relation->shape != schema::Relation::Shape::to_one)
        tail += ", " + (step.link.empty() ? step.to + "." + quoted(step.relation->to->columns[0].column)
                                          : step.link + "." + quoted(step.relation->through->columns[0].column));
  if (!cut) tail += limit(query);
  out.sql += " FROM " + scope.from() + (condition.empty() ? "" : " WHERE " + condition) + tail;
  out.slots = std::move(slots_);
  return out;
}

Statement Compiler::update(const Query& query, std::span<const schema::Column* const> fields) {
  Statement out;
  Scope scope(table_, aliases_);
  out.sql = "UPDATE " + quoted(table_.table) + " AS " + scope.alias() + " SET ";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out.sql += ", ";
    out.sql += quoted(fields[i]->column) + " = ?";
    slots_.push_back({.how = Bind::assigned, .value = static_cast<int>(i)});
  }
  const auto before = slots_;
  std::string condition = where(query, scope);
  if (scope.joined() || query.limit >= 0 || query.offset > 0) {
    slots_ = before;
    condition = scope.alias() + "." + quoted(table_.columns[0].column) + " IN (" + ids(query) + ")";
  }
  if (!condition.empty()) out.sql += " WHERE " + condition;
  out.slots = std::move(slots_);
  return out;
}

}  // namespace lamin::registry
