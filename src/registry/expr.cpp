// expr.cpp -- conditions as values, and their keyword spelling.
#include "registry/expr.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>

#include "lamin/error.hpp"
#include "registry/path.hpp"

namespace lamin {
namespace registry {
namespace {

// In the order of Op.
constexpr std::array<std::string_view, 21> op_names = {
    "exact",     "iexact", "contains", "icontains", "startswith", "istartswith", "endswith",
    "iendswith", "in",     "gt",       "gte",       "lt",         "lte",         "range",
    "isnull",    "regex",  "iregex",   "ne",        "has_key",    "has_keys",    "has_any_keys"};
static_assert(op_names.size() == static_cast<std::size_t>(Op::has_any_keys) + 1);

}  // namespace

std::string_view op_name(Op op) { return op_names[static_cast<std::size_t>(op)]; }

std::optional<Op> find_op(std::string_view name) {
  const auto at = std::find(op_names.begin(), op_names.end(), name);
  if (at == op_names.end()) return std::nullopt;
  return static_cast<Op>(at - op_names.begin());
}

std::span<const std::string_view> all_op_names() { return op_names; }

}  // namespace registry

Expr Expr::compare(std::string path, Op op, Value value) {
  Expr e;
  e.node = Node::compare;
  e.path = std::move(path);
  e.op = op;
  e.values.push_back(std::move(value));
  return e;
}

Expr Expr::in(std::string path, std::vector<Value> values) {
  Expr e;
  e.node = Node::compare;
  e.path = std::move(path);
  e.op = Op::in;
  e.values = std::move(values);
  return e;
}

namespace {
Expr inner(Expr::Node node, std::vector<Expr> children) {
  Expr e;
  e.node = node;
  e.children = std::move(children);
  return e;
}
}  // namespace

Expr Expr::all_of(std::vector<Expr> children) { return inner(Node::all_of, std::move(children)); }
Expr Expr::any_of(std::vector<Expr> children) { return inner(Node::any_of, std::move(children)); }
Expr Expr::none_of(std::vector<Expr> children) { return inner(Node::none_of, std::move(children)); }
Expr Expr::visible() { return inner(Node::visible, {}); }

Expr Expr::lookup(std::string_view keyword, std::vector<Value> values) {
  if (keyword.empty()) throw Error(Code::invalid_argument, "A look-up needs a field name, got an empty text.");
  Expr e;
  e.node = Node::compare;
  e.path = std::string(keyword);
  e.values = std::move(values);
  const auto at = keyword.rfind("__");
  if (at == std::string_view::npos || at == 0) return e;
  if (const auto op = registry::find_op(keyword.substr(at + 2))) {
    e.op = *op;
    e.path = std::string(keyword.substr(0, at));
  }
  return e;
}

namespace {

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n' || c == '\t') {
      out += c == '\n' ? "\\n" : "\\t";
      continue;
    }
    out += c;
  }
  return out + '"';
}

std::string literal(const Value& value) {
  if (value.is_null()) return "null";
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  if (const auto* d = std::get_if<double>(&value); d != nullptr && std::isfinite(*d)) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, *d == 0 ? 0.0 : *d).ptr;  // -0 is read as 0
    return {digits, end};
  }
  const auto* json = std::get_if<Json>(&value);
  const auto* text = value.text();
  if (text == nullptr && json == nullptr) return to_string(value);
  return in_quotes(text != nullptr ? *text : json->text);
}

/// A path as the parser reads it: a first name that is not a word is quoted.
std::string spelled(const std::string& path) {
  if (path.starts_with('"')) return path;
  const auto is_word = [](char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const auto [head, rest] = registry::head_of(path);
  const bool plain = !head.empty() && std::isdigit(static_cast<unsigned char>(head[0])) == 0 &&
                     std::all_of(head.begin(), head.end(), is_word);
  if (plain) return path;
  return in_quotes(head) + (rest.empty() ? "" : "." + rest);
}

std::string comparison(const Expr& e) {
  const std::string path = spelled(e.path);
  const bool list = registry::takes_list(e.op) || e.op == Op::range || e.values.size() != 1;
  switch (e.op) {
    case Op::isnull: return path + (e.values.empty() || e.values[0].boolean_or(true) ? " is null" : " is not null");
    case Op::exact: return path + " = " + (e.values.empty() ? "null" : literal(e.values[0]));
    case Op::ne: return path + " != " + (e.values.empty() ? "null" : literal(e.values[0]));
    default: break;
  }
  constexpr std::pair<Op, std::string_view> symbols[] = {
      {Op::gt, ">"}, {Op::gte, ">="}, {Op::lt, "<"}, {Op::lte, "<="}, {Op::regex, "~"}};
  const auto* symbol =
      std::find_if(std::begin(symbols), std::end(symbols), [&](const auto& s) { return s.first == e.op; });
  const auto word = symbol != std::end(symbols) ? symbol->second : registry::op_name(e.op);
  std::string out = path + " " + std::string(word) + " ";
  if (!list) return out + literal(e.values[0]);
  out += '(';
  for (std::size_t i = 0; i < e.values.size(); ++i) out += (i > 0 ? ", " : "") + literal(e.values[i]);
  return out + ')';
}

std::string joined(const std::vector<Expr>& children, std::string_view word, std::string_view none) {
  if (children.empty()) return std::string(none);
  std::string out;
  for (const auto& child : children) {
    const bool nested = children.size() > 1 && child.children.size() > 1 && child.node != Expr::Node::none_of;
    out += (out.empty() ? "" : std::string(word)) + (nested ? "(" + to_string(child) + ")" : to_string(child));
  }
  return out;
}

}  // namespace

std::string to_string(const Expr& expr) {
  switch (expr.node) {
    case Expr::Node::compare: return comparison(expr);
    case Expr::Node::visible: return "visible()";
    case Expr::Node::all_of: return joined(expr.children, " and ", "true");
    case Expr::Node::any_of: return joined(expr.children, " or ", "false");
    case Expr::Node::none_of: return "not (" + joined(expr.children, " or ", "false") + ")";
  }
  return {};
}

}  // namespace lamin
