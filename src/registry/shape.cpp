// shape.cpp -- everything in a query that determines its SQL, as a short text.
#include <cmath>

#include "registry/expr.hpp"
#include "registry/statement.hpp"

namespace lamin::registry {

bool selects_rows(const Expr& leaf) {
  std::string_view path = leaf.path;
  auto end = path.find("__");
  if (const auto dot = path.find('.'); dot != std::string_view::npos) end = std::min(end, dot);
  const auto head = path.substr(0, end);
  if (head == "branch" || head == "branch_id") return true;
  if (end != std::string_view::npos || (leaf.op != Op::exact && leaf.op != Op::in)) return false;
  return path == "id" || path == "pk" || path == "uid" || path == "hash";
}

namespace {

char value_letter(const Value& value) {
  return std::holds_alternative<double>(value) && !has_fraction(value) ? 'i' : "nbidstDj"[value.index()];
}

std::size_t padded(std::size_t n) {
  std::size_t p = 1;
  while (p < n) p *= 2;
  return p;
}

void add_leaf(const Expr& leaf, Shape& shape) {
  shape.leaves.push_back(&leaf);
  shape.names_rows = shape.names_rows || selects_rows(leaf);
  auto& key = shape.key;
  key += leaf.path;
  key += '\x1f';
  key += static_cast<char>('A' + static_cast<int>(leaf.op));
  if (!leaf.of.empty()) (key += leaf.of) += '\x1f';
  if (leaf.op == Op::in) {
    std::size_t n = 0;
    char letter = 'n';
    for (const auto& v : leaf.values)
      if (!v.is_null()) {
        ++n;
        if (letter != 'd') letter = value_letter(v);
      }
    key += letter;
    if (n > longest_inline_list && fits_one_parameter(leaf.values)) key += 'L';
    key += std::to_string(n == 0 ? 0 : padded(n));  // also for one parameter: some column types are written out
    return;
  }
  for (const auto& v : leaf.values) {
    key += value_letter(v);
    if (!asks_keys(leaf.op)) continue;
    const auto text = v.text() != nullptr ? *v.text() : to_string(v);  // the keys are part of the path
    key += std::to_string(text.size()) + ':' + text;
  }
  if (leaf.op == Op::isnull && !leaf.values.empty()) key += leaf.values[0].boolean_or(true) ? '1' : '0';
}

}  // namespace

bool has_fraction(const Value& value) {
  const auto* d = std::get_if<double>(&value);
  return d != nullptr && !(std::floor(*d) == *d && std::fabs(*d) < 9e15);
}

bool fits_one_parameter(const std::vector<Value>& values) {
  std::size_t kind = 0;
  for (const auto& v : values) {
    if (v.is_null()) continue;
    if (kind != 0 && v.index() != kind) return false;
    kind = v.index();
  }
  return kind == Value(0).index() || kind == Value("").index();
}

void add_shape(const Expr& expr, Shape& shape) {
  if (expr.node == Expr::Node::compare) return add_leaf(expr, shape);
  if (expr.node == Expr::Node::visible) {
    shape.asks_visible = true;
    shape.key += '*';
    return;
  }
  shape.key += "&|!"[static_cast<int>(expr.node)];
  shape.key += '(';
  for (const auto& child : expr.children) {
    add_shape(child, shape);
    shape.key += ',';
  }
  shape.key += ')';
}

}  // namespace lamin::registry
