// query_model_testing.hpp -- conditions, order and columns evaluated over rows in memory, by the words of query.hpp and
// not by SQL: the property tests compare both. Simple on purpose.
#pragma once
#include <algorithm>
#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "registry/expr.hpp"
#include "registry/path.hpp"
#include "registry/query_model_values_testing.hpp"
#include "registry/testing.hpp"
#include "registry/values.hpp"

namespace lamin::registry::test {

/// What a path finds in one row: nothing, a value, or a place in a document.
struct Found {
  Value value;
  const boost::json::value* place = nullptr;
};

class Model {
 public:
  explicit Model(Database& db) : db_(db) {
    for (const auto& table : db.catalog().tables()) {
      auto& rows = rows_[&table];
      rows = db.all({.registry = table.table.str(), .any_branch = true});
      for (const auto& row : rows) {
        by_id_[{&table, row.id()}] = &row;
        for (const auto& column : table.columns)
          if (const auto* json = std::get_if<Json>(&row[column.position]))
            documents_[{&row, column.position}] = base::parse_json(json->text);
      }
    }
    for (const auto& table : db.catalog().tables())
      for (const auto& relation : table.relations)
        for (const auto& row : rows_[&table]) related_[{&row, &relation}] = find_related(row, relation);
  }

  /// The rows in the query's order, cut by limit and offset.
  std::vector<const Record*> rows(const Query& query) const {
    std::vector<const Record*> out;
    const auto& table = db_.catalog().table(query.registry);
    const bool hides = !query.any_branch && table.has(schema::Trait::branched) && !names_rows(query.where);
    for (const auto& row : rows_.at(&table))
      if (holds(query.where, row) && (!hides || is_visible(row))) out.push_back(&row);
    sort(out, query.order_by);
    const auto begin = std::min(static_cast<std::size_t>(query.offset), out.size());
    auto end = out.size();
    if (query.limit >= 0) end = std::min(end, begin + static_cast<std::size_t>(query.limit));
    return {out.begin() + static_cast<std::ptrdiff_t>(begin), out.begin() + static_cast<std::ptrdiff_t>(end)};
  }

  /// The values of paths without to_many relations and documents for a row.
  std::vector<Value> values(const Record& row, const std::vector<std::string>& paths) const {
    std::vector<Value> out;
    for (const auto& path : paths) out.push_back(all_found(row, follow(row.table(), path)).front().value);
    return out;
  }

 private:
  using Node = Expr::Node;
  using Shape = schema::Relation::Shape;
  /// Which related row each to_many prefix means; null where there is none.
  using Choice = std::map<std::string, const Record*>;

  // -- related rows ----------------------------------------------------------------------------------------------

  std::vector<const Record*> find_related(const Record& row, const schema::Relation& r) const {
    std::vector<const Record*> out;
    auto find = [&](const schema::Table& table, const Value& id) { return by_id_.at({&table, id.integer_or(0)}); };
    if (r.shape == Shape::to_one) {
      const auto& id = row[r.from_column->position];
      if (!id.is_null()) out.push_back(find(*r.to, id));
    } else if (r.shape == Shape::to_many) {
      for (const auto& other : rows_.at(r.to))
        if (other[r.to_column->position] == Value(row.id())) out.push_back(&other);
    } else {
      for (const auto& pair : rows_.at(r.through))
        if (pair[r.from_column->position] == Value(row.id())) out.push_back(find(*r.to, pair[r.to_column->position]));
    }
    return out;
  }
  const std::vector<const Record*>& related(const Record& row, const schema::Relation& r) const {
    return related_.at({&row, &r});
  }

  Found found(const Record* row, const Path& path) const {
    if (row == nullptr) return {};
    const auto& stored = (*row)[path.column->position];
    if (stored.is_null()) return {};
    if (path.part != Part::whole) return {.value = part_of(path.part, stored)};
    if (path.keys.empty()) return {.value = stored};
    const auto* place = &documents_.at({row, path.column->position});
    for (const auto& key : path.keys) {
      const bool index = key.find_first_not_of("0123456789") == std::string::npos && !key.empty();
      if (place->is_object() && !index) {
        place = place->as_object().if_contains(key);
      } else if (place->is_array() && index) {
        const auto at = std::stoul(key);
        place = at < place->as_array().size() ? &place->as_array()[at] : nullptr;
      } else {
        place = nullptr;
      }
      if (place == nullptr) return {};
    }
    return {.place = place};
  }

  std::vector<Found> all_found(const Record& row, const Path& path) const {
    std::vector<const Record*> at = {&row};
    for (const auto* relation : path.relations) {
      std::vector<const Record*> next;
      for (const auto* from : at)
        for (const auto* to : related(*from, *relation)) next.push_back(to);
      at = next;
    }
    std::vector<Found> out;
    for (const auto* to : at) out.push_back(found(to, path));
    if (out.empty()) out.emplace_back();
    return out;
  }

  bool is_visible(const Record& row) const {
    const auto* branch = row.table().find_column("branch");
    if (branch == nullptr || !row.table().has(schema::Trait::branched)) return true;
    const auto id = row[branch->position].integer_or(0);
    return id == 1 || id == db_.session().branch;
  }

  static bool names_rows(const Expr& e) {
    for (const auto& child : e.children)
      if (names_rows(child)) return true;
    if (e.node != Node::compare) return false;
    static const std::regex by_branch("branch(_id)?((\\.|__).*)?");
    if (std::regex_match(e.path, by_branch)) return true;
    return (e.op == Op::exact || e.op == Op::in) && (e.path == "id" || e.path == "pk" || e.path == "uid");
  }

  // -- order -----------------------------------------------------------------------------------------------------

  void sort(std::vector<const Record*>& rows, const std::vector<std::string>& order_by) const {
    struct Key {
      std::vector<Value> values;
      const Record* row;
    };
    std::vector<bool> descends;
    std::vector<Key> keys;
    for (const auto* row : rows) keys.push_back({.row = row});
    for (std::string_view text : order_by) {
      const bool descending = text.starts_with('-');
      if (descending) text.remove_prefix(1);
      if (keys.empty()) return;
      const Path path = follow(rows[0]->table(), text);
      const bool document = path.column->type == Type::json;
      descends.push_back(descending);
      if (document) descends.push_back(descending);
      for (auto& key : keys) {
        const auto all = all_found(*key.row, path);
        if (document) {
          key.values.push_back(at_place(all[0].place, Type::real));
          key.values.push_back(at_place(all[0].place, Type::text));
          continue;
        }
        Value best;
        for (const auto& one : all)
          if (!one.value.is_null() &&
              (best.is_null() || (descending ? order_of(one.value, best) > 0 : order_of(one.value, best) < 0)))
            best = one.value;
        key.values.push_back(best);
      }
    }
    std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
      for (std::size_t i = 0; i < descends.size(); ++i) {
        const auto &x = a.values[i], &y = b.values[i];
        const int sign = x.is_null() || y.is_null() ? y.is_null() - x.is_null() : order_of(x, y);
        if (sign != 0) return descends[i] ? sign > 0 : sign < 0;
      }
      return a.row->id() < b.row->id();
    });
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = keys[i].row;
  }

  // -- conditions ------------------------------------------------------------------------------------------------

  static std::string prefix(const Path& path, std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += path.relations[i]->name.str() + ".";
    return out;
  }

  bool crosses(const Expr& e, const schema::Table& table) const {
    if (e.node == Node::compare) return e.op != Op::ne && follow(table, e.path).to_many();
    if (e.node == Node::none_of || e.node == Node::visible) return false;
    return std::any_of(e.children.begin(), e.children.end(), [&](const Expr& child) { return crosses(child, table); });
  }

  bool holds(const Expr& e, const Record& row) const {
    Expr whole;
    whole.children.push_back(e);
    if (e.node == Node::all_of) whole = e;
    return group(whole, row);
  }

  /// An all_of: nested ones that cross a relation stand for separate filter() calls; the rest is about the same related
  /// rows.
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
    if (e.node == Node::none_of || e.node == Node::visible || (e.node == Node::compare && e.op == Op::ne)) return;
    if (e.node == Node::compare) {
      const Path path = follow(table, e.path);
      for (std::size_t i = 0; i < path.relations.size(); ++i)
        if (path.relations[i]->shape != Shape::to_one) out.insert(prefix(path, i + 1));
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
      if (relation.shape == Shape::to_one) {
        const auto& next = related(*at, relation);
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
      return std::all_of(parts.begin(), parts.end(), [&](const Expr* part) { return given(*part, row, choice); });
    }
    // Sorted, so the prefix that it starts from has already been chosen.
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
      case Node::visible: return is_visible(row);
      case Node::compare: {
        if (e.op == Op::ne) {
          Expr equal = e;
          equal.op = Op::exact;
          return !holds(equal, row);
        }
        const Path path = follow(row.table(), e.path);
        return compare(e, found(step(row, path, path.relations.size(), choice), path), path);
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

  // -- comparisons -----------------------------------------------------------------------------------------------

  static std::string text(const Value& v) { return *as_looked_up(v, Type::text)->text(); }

  /// The value at a place of a document if it is of that type, otherwise null.
  static Value at_place(const boost::json::value* place, Type type) {
    if (place == nullptr) return {};
    if (type == Type::real && place->is_number()) return Value(place->to_number<double>());
    if (type == Type::text && place->is_string()) return Value(std::string(place->as_string()));
    if (type == Type::boolean && place->is_bool()) return Value(place->as_bool());
    return {};
  }

  static bool has_keys(const Expr& e, const boost::json::value* document) {
    auto has = [&](const Value& key) {
      return document != nullptr && document->is_object() && document->as_object().contains(*key.text());
    };
    if (e.op == Op::has_any_keys) return std::any_of(e.values.begin(), e.values.end(), has);
    return std::all_of(e.values.begin(), e.values.end(), has);
  }

  bool compare(const Expr& e, const Found& at, const Path& path) const {
    const bool document = path.column->type == Type::json;
    if (asks_keys(e.op)) {
      boost::json::value whole;
      if (const auto* json = std::get_if<Json>(&at.value)) whole = base::parse_json(json->text);
      return has_keys(e, at.place != nullptr ? at.place : &whole);
    }
    const bool absent = at.value.is_null() && at.place == nullptr;
    if (e.op == Op::isnull) return absent == e.values[0].boolean_or(true);
    if (e.op == Op::exact && e.values[0].is_null())
      return document && !path.keys.empty() ? at.place != nullptr && at.place->is_null() : absent;
    std::vector<Value> values;
    for (const auto& v : e.values)
      if (!v.is_null()) values.push_back(v);
    if (values.empty() || absent) return false;
    if (document) {
      const auto* json = std::get_if<Json>(&values[0]);
      if (json != nullptr) {
        const auto stored = at.place != nullptr ? *at.place : base::parse_json(std::get<Json>(at.value).text);
        return stored == base::parse_json(json->text);
      }
      const bool number = std::holds_alternative<std::int64_t>(values[0]) || std::holds_alternative<double>(values[0]);
      const Type type = number ? Type::real : std::holds_alternative<bool>(values[0]) ? Type::boolean : Type::text;
      const Value stored = at_place(at.place, type);
      return !stored.is_null() && meets(e.op, stored, values, type);
    }
    return meets(e.op, at.value, values, path.type());
  }

  static bool meets(Op op, const Value& stored, std::vector<Value> values, Type type) {
    const bool textual = op != Op::exact && op != Op::in && op != Op::range && (op < Op::gt || op > Op::lte);
    for (auto& v : values) v = *as_looked_up(v, textual ? Type::text : type);
    const auto folded = [](const Value& v) { return base::fold(text(v)); };
    const auto &a = stored, &b = values[0];
    switch (op) {
      case Op::exact: return order_of(a, b) == 0;
      case Op::in:
        return std::any_of(values.begin(), values.end(), [&](const Value& v) { return order_of(a, v) == 0; });
      case Op::gt: return order_of(a, b) > 0;
      case Op::gte: return order_of(a, b) >= 0;
      case Op::lt: return order_of(a, b) < 0;
      case Op::lte: return order_of(a, b) <= 0;
      case Op::range: return order_of(a, b) >= 0 && order_of(a, values[1]) <= 0;
      case Op::iexact: return folded(a) == folded(b);
      case Op::contains: return text(a).find(text(b)) != std::string::npos;
      case Op::icontains: return folded(a).find(folded(b)) != std::string::npos;
      case Op::startswith: return text(a).starts_with(text(b));
      case Op::istartswith: return folded(a).starts_with(folded(b));
      case Op::endswith: return text(a).ends_with(text(b));
      case Op::iendswith: return folded(a).ends_with(folded(b));
      case Op::regex: return std::regex_search(text(a), std::regex(text(b)));
      case Op::iregex:
        return std::regex_search(text(a), std::regex(text(b), std::regex::ECMAScript | std::regex::icase));
      default: throw Error(Code::internal, "the model does not know this comparison");
    }
  }

  Database& db_;
  std::map<const schema::Table*, std::vector<Record>> rows_;
  std::map<std::pair<const schema::Table*, std::int64_t>, const Record*> by_id_;
  std::map<std::pair<const Record*, int>, boost::json::value> documents_;
  std::map<std::pair<const Record*, const schema::Relation*>, std::vector<const Record*>> related_;
};

}  // namespace lamin::registry::test
