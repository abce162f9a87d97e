// query_model.hpp -- conditions evaluated over rows in memory, by the words of query.hpp and not by SQL: the property
// tests compare both. Slow and simple on purpose.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "registry/path.hpp"
#include "registry/test_support.hpp"
#include "registry/values.hpp"

namespace lamin::registry::test {

class Model {
 public:
  explicit Model(Database& db) : db_(db) {
    for (const auto& table : db.catalog().tables())
      rows_[&table] = db.all({.registry = table.table.str(), .any_branch = true});
  }

  std::vector<std::int64_t> ids(std::string_view registry, const Expr& where) const {
    std::vector<std::int64_t> out;
    for (const auto& row : rows_.at(&db_.catalog().table(registry)))
      if (holds(where, row)) out.push_back(row.id());
    return out;
  }

 private:
  using Node = Expr::Node;
  /// Which related row each to_many prefix means; null where there is none.
  using Choice = std::map<std::string, const Record*>;

  static std::string prefix(const Path& path, std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += path.relations[i]->name.str() + ".";
    return out;
  }

  const Record* find(const schema::Table& table, std::int64_t id) const {
    for (const auto& row : rows_.at(&table))
      if (row.id() == id) return &row;
    return nullptr;
  }

  std::vector<const Record*> related(const Record& row, const schema::Relation& r) const {
    std::vector<const Record*> out;
    using Shape = schema::Relation::Shape;
    if (r.shape == Shape::to_one) {
      const auto& id = row[r.from_column->position];
      if (!id.is_null()) out.push_back(find(*r.to, id.integer_or(0)));
    } else if (r.shape == Shape::to_many) {
      for (const auto& other : rows_.at(r.to))
        if (other[r.to_column->position] == Value(row.id())) out.push_back(&other);
    } else {
      for (const auto& pair : rows_.at(r.through))
        if (pair[r.from_column->position] == Value(row.id()))
          out.push_back(find(*r.to, pair[r.to_column->position].integer_or(0)));
    }
    return out;
  }

  bool crosses(const Expr& e, const schema::Table& table) const {
    if (e.node == Node::compare) return e.op != Op::ne && follow(table, e.path).to_many();
    if (e.node == Node::none_of) return false;
    for (const auto& child : e.children)
      if (crosses(child, table)) return true;
    return false;
  }

  bool holds(const Expr& e, const Record& row) const {
    Expr whole;
    whole.children.push_back(e);
    if (e.node == Node::all_of) whole = e;
    return group(whole, row);
  }

  /// An all_of: parts that stand for other filter() calls by themselves, the rest about the same related rows.
  bool group(const Expr& all, const Record& row) const {
    std::vector<const Expr*> rest;
    for (const auto& child : all.children) {
      if (child.node == Node::all_of && crosses(child, row.table())) {
        if (!group(child, row)) return false;
      } else {
        rest.push_back(&child);
      }
    }
    std::set<std::string> prefixes;
    for (const auto* part : rest) collect(*part, row.table(), prefixes);
    return choose(rest, row, {prefixes.begin(), prefixes.end()}, 0, {});
  }

  void collect(const Expr& e, const schema::Table& table, std::set<std::string>& out) const {
    if (e.node == Node::none_of || (e.node == Node::compare && e.op == Op::ne)) return;
    if (e.node == Node::compare) {
      const Path path = follow(table, e.path);
      for (std::size_t i = 0; i < path.relations.size(); ++i)
        if (path.relations[i]->shape != schema::Relation::Shape::to_one) out.insert(prefix(path, i + 1));
      return;
    }
    for (const auto& child : e.children) {
      if (e.node == Node::all_of && child.node == Node::all_of && crosses(child, table)) continue;
      collect(child, table, out);
    }
  }

  /// Where a path leads from a row; null if a step finds nothing.
  const Record* step(const Record& row, const Path& path, std::size_t n, const Choice& choice) const {
    const Record* at = &row;
    for (std::size_t i = 0; i < n && at != nullptr; ++i) {
      const auto& relation = *path.relations[i];
      if (relation.shape == schema::Relation::Shape::to_one) {
        const auto next = related(*at, relation);
        at = next.empty() ? nullptr : next[0];
      } else {
        at = choice.at(prefix(path, i + 1));
      }
    }
    return at;
  }

  bool choose(const std::vector<const Expr*>& parts, const Record& row, const std::vector<std::string>& prefixes,
              std::size_t n, const Choice& choice) const {
    if (n == prefixes.size()) {
      for (const auto* part : parts)
        if (!given(*part, row, choice)) return false;
      return true;
    }
    // Sorted, so what a prefix starts from is chosen before it.
    std::string path_text = prefixes[n];
    path_text.pop_back();
    const Path path = follow(row.table(), path_text);
    const Record* from = step(row, path, path.relations.size() - 1, choice);
    std::vector<const Record*> options;
    if (from != nullptr) options = related(*from, *path.relations.back());
    if (options.empty()) options.push_back(nullptr);
    for (const auto* option : options) {
      Choice next = choice;
      next[prefixes[n]] = option;
      if (choose(parts, row, prefixes, n + 1, next)) return true;
    }
    return false;
  }

  bool given(const Expr& e, const Record& row, const Choice& choice) const {
    switch (e.node) {
      case Node::compare: {
        if (e.op == Op::ne) {
          Expr equal = e;
          equal.op = Op::exact;
          return !holds(equal, row);
        }
        const Path path = follow(row.table(), e.path);
        const Record* at = step(row, path, path.relations.size(), choice);
        return compare(e, at == nullptr ? Value() : (*at)[path.column->position], *path.column);
      }
      case Node::none_of:
        for (const auto& child : e.children)
          if (holds(child, row)) return false;
        return true;
      case Node::any_of:
        for (const auto& child : e.children)
          if (given(child, row, choice)) return true;
        return false;
      case Node::all_of:
        for (const auto& child : e.children) {
          const bool apart = child.node == Node::all_of && crosses(child, row.table());
          if (apart ? !group(child, row) : !given(child, row, choice)) return false;
        }
        return true;
    }
    return false;
  }

  static std::string text(const Value& v) { return *as_looked_up(v, Type::text)->text(); }

  static int order(const Value& a, const Value& b) {
    auto sign = [](auto x, auto y) { return x < y ? -1 : y < x ? 1 : 0; };
    if (const auto* s = a.text()) return sign(std::string_view(*s), std::string_view(*b.text()));
    if (const auto* i = std::get_if<std::int64_t>(&a)) return sign(*i, std::get<std::int64_t>(b));
    if (const auto* d = std::get_if<double>(&a)) return sign(*d, std::get<double>(b));
    if (const auto* t = std::get_if<Time>(&a)) return sign(t->micros, std::get<Time>(b).micros);
    if (const auto* t = std::get_if<Date>(&a)) return sign(t->days, std::get<Date>(b).days);
    return sign(std::get<bool>(a), std::get<bool>(b));
  }

  static bool compare(const Expr& e, const Value& stored, const schema::Column& column) {
    const bool null = stored.is_null();
    if (e.op == Op::isnull) return null == e.values[0].boolean_or(true);
    if (e.op == Op::exact && e.values[0].is_null()) return null;
    if (null) return false;
    std::vector<Value> values;
    for (const auto& v : e.values)
      if (!v.is_null()) values.push_back(*as_looked_up(v, column.type));
    auto folded = [](const Value& v) { return base::fold(text(v)); };
    switch (e.op) {
      case Op::exact: return stored == values[0];
      case Op::in:
        for (const auto& v : values)
          if (stored == v) return true;
        return false;
      case Op::gt: return order(stored, values[0]) > 0;
      case Op::gte: return order(stored, values[0]) >= 0;
      case Op::lt: return order(stored, values[0]) < 0;
      case Op::lte: return order(stored, values[0]) <= 0;
      case Op::range: return order(stored, values[0]) >= 0 && order(stored, values[1]) <= 0;
      case Op::iexact: return folded(stored) == folded(values[0]);
      case Op::contains: return text(stored).find(text(values[0])) != std::string::npos;
      case Op::icontains: return folded(stored).find(folded(values[0])) != std::string::npos;
      case Op::startswith: return text(stored).starts_with(text(values[0]));
      case Op::istartswith: return folded(stored).starts_with(folded(values[0]));
      case Op::endswith: return text(stored).ends_with(text(values[0]));
      case Op::iendswith: return folded(stored).ends_with(folded(values[0]));
      default: throw Error(Code::internal, "the model does not know this comparison");
    }
  }

  Database& db_;
  std::map<const schema::Table*, std::vector<Record>> rows_;
};

}  // namespace lamin::registry::test
