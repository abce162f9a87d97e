// expr.cpp -- conditions as values, and the keyword spelling of them.
#include "registry/expr.hpp"

#include <array>
#include <utility>

#include "lamin/error.hpp"

namespace lamin {
namespace registry {
namespace {

constexpr std::array<std::pair<std::string_view, Op>, 22> op_names = {{
    {"exact", Op::exact},
    {"iexact", Op::iexact},
    {"contains", Op::contains},
    {"icontains", Op::icontains},
    {"startswith", Op::startswith},
    {"istartswith", Op::istartswith},
    {"endswith", Op::endswith},
    {"iendswith", Op::iendswith},
    {"in", Op::in},
    {"gt", Op::gt},
    {"gte", Op::gte},
    {"lt", Op::lt},
    {"lte", Op::lte},
    {"range", Op::range},
    {"isnull", Op::isnull},
    {"regex", Op::regex},
    {"iregex", Op::iregex},
    {"ne", Op::ne},
    {"date", Op::date},
    {"year", Op::year},
    {"month", Op::month},
    {"day", Op::day},
}};

}  // namespace

std::string_view op_name(Op op) {
  for (const auto& [name, known] : op_names)
    if (known == op) return name;
  return "?";
}

std::optional<Op> find_op(std::string_view name) {
  for (const auto& [known, op] : op_names)
    if (known == name) return op;
  return std::nullopt;
}

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

}  // namespace lamin
