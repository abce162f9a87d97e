// condition.cpp -- the tree of a condition as WHERE.
#include <algorithm>

#include "lamin/error.hpp"
#include "registry/compile.hpp"

namespace lamin::registry {

namespace {
using Node = Expr::Node;

std::vector<const Expr*> pointers(const std::vector<Expr>& children) {
  std::vector<const Expr*> out;
  for (const auto& child : children) out.push_back(&child);
  return out;
}
}  // namespace

bool Compiler::crosses(const Expr& expr, const schema::Table& table) const {
  switch (expr.node) {
    case Node::compare: return expr.op != Op::ne && follow(table, expr.path).to_many();
    case Node::none_of: return false;  // has its own subqueries
    case Node::visible: return false;
    default:
      return std::any_of(expr.children.begin(), expr.children.end(),
                         [&](const Expr& child) { return crosses(child, table); });
  }
}

void Compiler::condition(const Expr& expr, Scope& scope, bool split, bool left, std::string& out) {
  switch (expr.node) {
    case Node::all_of: return all_of(expr, scope, split, left, out);
    case Node::any_of: return any_of(expr, scope, split, out);
    case Node::none_of: return none_of(pointers(expr.children), scope, out);
    case Node::visible: return visible(scope, out);
    case Node::compare: {
      const Expr* self = &expr;
      if (expr.op == Op::ne) return unequal(expr, scope, out);
      if (split && crosses(expr, scope.table())) return subquery({&self, 1}, scope, false, out);
      return compare(expr, scope, left, out);
    }
  }
}

void Compiler::all_of(const Expr& expr, Scope& scope, bool split, bool left, std::string& out) {
  std::vector<const Expr*> group;
  std::size_t parts = 0;
  auto separate = [&] {
    if (parts++ > 0) out += " AND ";
  };
  out += '(';
  for (const auto& child : expr.children) {
    if (child.node == Node::all_of && child.children.empty()) continue;
    const bool crossing = crosses(child, scope.table());
    const bool apart = child.node == Node::all_of && crossing;
    if (split && crossing && !apart) {
      group.push_back(&child);
      continue;
    }
    separate();
    condition(child, scope, split || apart, left, out);
  }
  if (!group.empty()) {
    separate();
    // "Some related row meets A or B" is the same as "some meets A, or some meets B", where each can use its index.
    if (group.size() == 1 && group[0]->node == Node::any_of) any_of(*group[0], scope, true, out);
    else subquery(group, scope, false, out);
  }
  if (parts == 0) out += "1 = 1";
  out += ')';
}

void Compiler::any_of(const Expr& expr, Scope& scope, bool split, std::string& out) {
  if (expr.children.empty()) {
    out += "1 = 0";
    return;
  }
  out += '(';
  bool first = true;
  for (const auto& child : expr.children) {
    if (!first) out += " OR ";
    first = false;
    condition(child, scope, split, true, out);
  }
  out += ')';
}

void Compiler::none_of(std::span<const Expr* const> children, Scope& scope, std::string& out) {
  if (children.empty()) {
    out += "1 = 1";
    return;
  }
  out += '(';
  bool first = true;
  for (const auto* child : children) {
    if (!first) out += " AND ";
    first = false;
    if (crosses(*child, scope.table())) {
      subquery({&child, 1}, scope, true, out);
      continue;
    }
    out += '(';
    condition(*child, scope, true, true, out);
    out += ") IS NOT TRUE";
  }
  out += ')';
}

void Compiler::unequal(const Expr& leaf, Scope& scope, std::string& out) {
  const Expr* self = &leaf;
  if (follow(scope.table(), leaf.path).to_many()) return subquery({&self, 1}, scope, true, out);
  out += "((";
  compare(leaf, scope, true, out);
  out += ") IS NOT TRUE)";
}

void Compiler::subquery(std::span<const Expr* const> group, Scope& scope, bool negated, std::string& out) {
  out += scope.id() + (negated ? " NOT IN (" : " IN (");
  Scope inner(scope.table(), aliases_);
  std::string body;
  for (const auto* part : group) {
    if (!body.empty()) body += " AND ";
    // `ne` arrives here only from unequal(), as the equality that it negates.
    if (part->node == Node::compare) compare(*part, inner, false, body);
    else condition(*part, inner, false, false, body);
  }
  out += inner.select_ids(body, negated) + ")";
}

void Compiler::visible(Scope& scope, std::string& out) {
  if (seen_.branches == Visible::all) {
    out += "1 = 1";
    return;
  }
  // Nearly all rows are on the main branch, but SQLite has no such statistics: keep it from using this index.
  if (dialect_ == db::Dialect::sqlite) out += '+';
  out += scope.own(scope.table().find_column("branch")->column);
  if (seen_.branches == Visible::main) {
    out += " = 1";
    return;
  }
  slots_.push_back({.how = Bind::branch});
  out += " IN (1, ?)";
}

}  // namespace lamin::registry
