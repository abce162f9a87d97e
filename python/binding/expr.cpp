// expr.cpp -- Python's look-ups (Q objects and keywords) as one condition tree.
#include <nanobind/stl/string.h>
#include "lamin/error.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

bool takes_several(std::string_view keyword) {
  for (const std::string_view op : {"__in", "__range", "__has_keys", "__has_any_keys"})
    if (keyword.ends_with(op)) return true;
  return false;
}

/// Records the registry of a value, if it is a row.
void note_registry(nb::handle value, std::string& of) {
  const PyRecord* record = as_record(value);
  if (record == nullptr) return;
  const auto& name = record->record.table().qualified;
  if (!of.empty() && name != of) {
    throw Error(Code::invalid_argument,
                "an `__in` look-up takes rows of one registry, not of " + of + " and " + name.str());
  }
  of = name.str();
}

/// The values of a look-up that takes a list; bare values for `rows.values("id")`.
std::vector<Value> several(nb::handle given, std::string& of) {
  std::vector<Value> values;
  if (PyUnicode_Check(given.ptr())) throw nb::type_error("an `__in` look-up takes a list, not a str");
  const bool column = !PyList_Check(given.ptr()) && nb::hasattr(given, "_one_column");
  const nb::object list = column ? given.attr("_one_column")() : nb::borrow(given);
  for (nb::handle v : list) {
    note_registry(v, of);
    values.push_back(to_value(v));
  }
  return values;
}

Expr lookup(std::string_view keyword, nb::handle value) {
  std::vector<Value> values;
  std::string of;
  if (takes_several(keyword)) {
    values = several(value, of);
  } else {
    note_registry(value, of);
    values.push_back(to_value(value));
  }
  Expr comparison = Expr::lookup(keyword, std::move(values));
  comparison.of = std::move(of);
  return comparison;
}

Expr from_q(nb::handle q);

/// The children of a Q: other Qs and (keyword, value) pairs.
std::vector<Expr> children_of(nb::handle q) {
  std::vector<Expr> children;
  for (nb::handle child : nb::object(q.attr("children"))) {
    if (PyTuple_Check(child.ptr())) {
      children.push_back(lookup(nb::cast<std::string>(child[0]), child[1]));
    } else if (PyUnicode_Check(child.ptr())) {
      children.push_back(Expr::parse(nb::cast<std::string>(child)));
    } else {
      children.push_back(from_q(child));
    }
  }
  return children;
}

Expr from_q(nb::handle q) {
  if (!nb::hasattr(q, "children")) {
    throw nb::type_error("a query takes Q objects and keywords: filter(Q(name='a') | Q(name='b'), is_latest=True)");
  }
  const bool any = nb::cast<std::string>(q.attr("connector")) == "OR";
  std::vector<Expr> children = children_of(q);
  Expr expr;
  if (children.size() == 1) {
    expr = std::move(children[0]);
  } else {
    expr = any ? Expr::any_of(std::move(children)) : Expr::all_of(std::move(children));
  }
  if (!nb::cast<bool>(q.attr("negated"))) return expr;
  std::vector<Expr> one;
  one.push_back(std::move(expr));
  return Expr::none_of(std::move(one));
}

}  // namespace

Expr to_expr(nb::handle queries, nb::handle keywords) {
  std::vector<Expr> conditions;
  if (!queries.is_none()) {
    for (nb::handle q : queries) {
      Expr expr = from_q(q);
      // Conditions of one filter() call refer to the same related row, so an `and` is flattened.
      if (expr.node == Expr::Node::all_of) {
        for (Expr& child : expr.children) conditions.push_back(std::move(child));
      } else {
        conditions.push_back(std::move(expr));
      }
    }
  }
  if (!keywords.is_none()) {
    for (auto [keyword, value] : nb::borrow<nb::dict>(keywords)) {
      conditions.push_back(lookup(nb::cast<std::string>(keyword), value));
    }
  }
  return Expr::all_of(std::move(conditions));
}

}  // namespace lamin::python
