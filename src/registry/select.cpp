// select.cpp -- whole statements.
#include <algorithm>

#include "db/sql.hpp"
#include "lamin/error.hpp"
#include "registry/compile.hpp"

namespace lamin::registry {

bool folds_by_icu(db::Connection& connection) {
  auto rows = connection.query("SELECT lower('\xC3\x84') = '\xC3\xA4'");
  return rows->next() && !std::get<bool>(rows->value(0, Type::boolean));
}

Compiler::Compiler(const schema::Table& table, db::Dialect dialect, const Shape& shape, Seen seen, bool fold_by_icu)
    : table_(table), dialect_(dialect), shape_(shape), seen_(seen), fold_by_icu_(fold_by_icu) {
  for (std::size_t i = 0; i < shape_.leaves.size(); ++i) leaf_.emplace(shape_.leaves[i], static_cast<int>(i));
}

std::string Compiler::where(const Query& query, Scope& scope) {
  std::string out;
  if (!(query.where.node == Expr::Node::all_of && query.where.children.empty()))
    condition(query.where, scope, true, false, out);
  if (!seen_.everywhere) return out;
  if (!out.empty()) out += " AND ";
  visible(scope, out);
  return out;
}

void Compiler::order_term(const Term& term, bool descending, std::string& out) {
  const bool lite = dialect_ == db::Dialect::sqlite;
  const bool document = term.column->type == Type::json;
  term_ = term;
  type_ = document ? Type::real : term.type;
  for (bool more = document;; more = false) {
    operand(out);
    if (!lite && type_ == Type::text) out += " COLLATE \"C\"";
    if (descending) out += " DESC";
    if (!lite && (term.nullable || document)) out += descending ? " NULLS LAST" : " NULLS FIRST";
    if (!more) return;
    out += ", ";  // a place in documents may hold numbers in one row and texts in another
    type_ = Type::text;
  }
}

void Compiler::order_by_many(const Path& path, std::span<const Expr> among, bool descending, const Scope& scope,
                             std::string& out) {
  const bool lite = dialect_ == db::Dialect::sqlite;
  // Documents may hold numbers in one row, texts or booleans in another.
  static constexpr Type of_documents[] = {Type::real, Type::text, Type::boolean};
  const bool document = path.column->type == Type::json;
  for (std::size_t i = 0; i < (document ? std::size(of_documents) : 1); ++i) {
    Scope inner(table_, aliases_);
    term_ = inner.term(path, false);
    const Type type = document ? of_documents[i] : term_.type;
    type_ = type;
    if (i > 0) out += ", ";
    std::string value, rows;
    operand(value);
    if (!lite && type == Type::boolean) value += "::integer";
    if (!lite && type == Type::text) value += " COLLATE \"C\"";
    for (const Expr& one : among) {
      compare(one, inner, false, rows);
      rows += " AND ";
    }
    rows += inner.id() + " = " + scope.alias() + "." + db::quote(table_.columns[0].column);
    out += std::string("(SELECT ") + (descending ? "max(" : "min(") + value + ") FROM " + inner.from() + " WHERE " +
           rows + ")";
    if (descending) out += " DESC";
    if (!lite) out += descending ? " NULLS LAST" : " NULLS FIRST";
  }
}

std::string Compiler::order(const Query& query, Scope& scope) {
  std::string out;
  bool by_id = false;
  for (std::string_view path : query.order_by) {
    out += out.empty() ? " ORDER BY " : ", ";
    if (path == "?") {
      out += "random()";
      continue;
    }
    const bool descending = path.starts_with('-');
    if (descending || path.starts_with('+')) path.remove_prefix(1);
    if (const auto meant = query.resolved_order.find(path); meant != query.resolved_order.end()) {
      const std::span all(meant->second.children);
      order_by_many(follow(scope.table(), all.back().path), all.first(all.size() - 1), descending, scope, out);
      continue;
    }
    const Path p = follow(scope.table(), path);
    by_id = by_id || (p.relations.empty() && p.column == &table_.columns[0]);
    if (p.to_many() && !scope.has(p)) order_by_many(p, {}, descending, scope, out);
    else order_term(scope.term(p, true), descending, out);
  }
  if (!by_id) out += (out.empty() ? " ORDER BY " : ", ") + scope.id();
  return out;
}

std::string Compiler::limit(const Query& query) {
  std::string out;
  if (query.limit >= 0) {
    slots_.push_back({.how = Bind::limit});
    out += " LIMIT ?";
  }
  if (query.offset > 0) {
    // SQLite takes OFFSET only after LIMIT.
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
  std::string tail;
  if (cut) {
    tail = order(query, scope);
    tail += limit(query);
  }
  return "SELECT " + scope.id() + " FROM " + scope.from() + (condition.empty() ? "" : " WHERE " + condition) + tail;
}

Statement Compiler::rows(const Query& query) {
  Scope scope(table_, aliases_);
  const std::string condition = where(query, scope);
  std::string tail = order(query, scope);  // rows are distinct anyway
  tail += limit(query);
  Statement out;
  out.sql = "SELECT ";
  for (const auto& column : table_.columns) {
    if (column.position > 0) out.sql += ", ";
    out.sql += scope.alias() + "." + db::quote(column.column);
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

void Compiler::selected(const Term& term, std::string& out) {
  if (term.column->type == Type::json) json_piece(term, out);
  else out += part_sql(term, dialect_);
}

Statement Compiler::columns(const Query& query, std::span<const std::string> paths) {
  if (query.distinct) return distinct_columns(query, paths);
  Scope scope(table_, aliases_);
  Statement out;
  out.sql = "SELECT ";
  bool many = false;
  for (const auto& path : paths) {
    const Path p = follow(table_, path);
    many = many || p.to_many();
    if (!out.types.empty()) out.sql += ", ";
    selected(scope.term(p, true), out.sql);
    out.types.push_back(p.type());
  }
  const bool cut = many && (query.limit >= 0 || query.offset > 0);
  // The limit counts rows of the registry, not the pairs that a to_many path produces.
  const std::string condition = cut ? scope.id() + " IN (" + ids(query) + ")" : where(query, scope);
  std::string tail = order(query, scope);
  if (many)
    for (const auto& step : scope.steps())
      if (step.relation->shape != schema::Relation::Shape::to_one)
        tail += ", " + (step.link.empty() ? step.to + "." + db::quote(step.relation->to->columns[0].column)
                                          : step.link + "." + db::quote(step.relation->through->columns[0].column));
  if (!cut) tail += limit(query);
  out.sql += " FROM " + scope.from() + (condition.empty() ? "" : " WHERE " + condition) + tail;
  out.slots = std::move(slots_);
  return out;
}

/// The columns of ORDER BY must take part in DISTINCT, so the inner query selects them; the outer one selects what was
/// asked for.
Statement Compiler::distinct_columns(const Query& query, std::span<const std::string> paths) {
  Scope scope(table_, aliases_);
  Statement out;
  std::string inner = "SELECT DISTINCT ", tail = " ORDER BY ";
  auto add = [&](const std::string& name, const Path& path, bool descending) {
    const Term term = scope.term(path, true);
    selected(term, inner);
    inner += " AS " + name + ", ";
    tail += "d." + name;
    if (dialect_ == db::Dialect::postgres && path.type() == Type::text) tail += " COLLATE \"C\"";
    tail += descending ? " DESC" : "";
    if (dialect_ == db::Dialect::postgres) tail += descending ? " NULLS LAST" : " NULLS FIRST";
    tail += ", ";
  };
  for (std::size_t i = 0; i < query.order_by.size(); ++i) {
    std::string_view path = query.order_by[i];
    const bool descending = path.starts_with('-');
    if (descending) path.remove_prefix(1);
    add("o" + std::to_string(i), follow(table_, path), descending);
  }
  out.sql = "SELECT ";
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const Path path = follow(table_, paths[i]);
    const std::string name = "c" + std::to_string(i);
    add(name, path, false);
    out.sql += (i > 0 ? ", d." : "d.") + name;
    out.types.push_back(path.type());
  }
  inner.resize(inner.size() - 2);
  tail.resize(tail.size() - 2);
  const std::string condition = where(query, scope);
  inner += " FROM " + scope.from() + (condition.empty() ? "" : " WHERE " + condition);
  out.sql += " FROM (" + inner + ") d" + tail + limit(query);
  out.slots = std::move(slots_);
  return out;
}

Statement Compiler::update(const Query& query, std::span<const schema::Column* const> fields) {
  Statement out;
  Scope scope(table_, aliases_);
  out.sql = "UPDATE " + db::quote(table_.table) + " AS " + scope.alias() + " SET ";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out.sql += ", ";
    out.sql += db::quote(fields[i]->column) + " = ?";
    slots_.push_back({.how = Bind::assigned, .value = static_cast<int>(i)});
  }
  const auto before = slots_;
  std::string condition = where(query, scope);
  if (scope.joined() || query.limit >= 0 || query.offset > 0) {
    slots_ = before;
    condition = scope.alias() + "." + db::quote(table_.columns[0].column) + " IN (" + ids(query) + ")";
  }
  if (!condition.empty()) out.sql += " WHERE " + condition;
  out.slots = std::move(slots_);
  return out;
}

}  // namespace lamin::registry
