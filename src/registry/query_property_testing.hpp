// query_property_testing.hpp -- random rows, random queries: every database and the model in memory must find the same
// rows.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "registry/engine.hpp"
#include "registry/query_model_testing.hpp"
#include "registry/writes.hpp"

namespace lamin::registry::test {

/// Few distinct values, so that conditions match rows; with everything that could trip up SQL.
inline const std::vector<std::string>& texts() {
  static const std::vector<std::string> all = {"",   "a",   "A",   "ab",       "aB",       "b%",  "b_", "_",   "%",
                                               "\\", "a'b", "\"q", "\xC3\xA4", "\xC3\x84", "x?y", "*",  "[a]", "NULL"};
  return all;
}

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
  }

  Value text() { return Value(one_of(texts())); }
  /// Whole seconds, milliseconds and microseconds close to each other; and around the turn of the year.
  Value time() {
    if (chance(50)) return Value(Time{1'700'000'000'000'000 + below(3) * 1'000'000 + below(2) * 51'000 + below(2)});
    return Value(Time{(18'260 + below(8) * 365 / 2) * 86'400'000'000 + below(6) * 43'199'999'999});
  }
  Value date() { return Value(Date{chance(50) ? 19'000 + below(4) : 18'620 + below(14)}); }
  Value document() {
    static const std::vector<std::string> all = {R"({"k": 1})",
                                                 R"({"k": "a", "deep": {"k": 2.5, "l": [1, "b", {"x": true}]}})",
                                                 R"({"k": null, "\u00e4": "A", "a.b": 3})",
                                                 R"({"deep": {"k": "ab"}, "k": true, "l": [0, 1]})",
                                                 R"({"k": {"k": -1}, "a\"q": 0})",
                                                 "{}",
                                                 "[1, 2, 3]",
                                                 R"("a")",
                                                 "2"};
    return Value(Json{one_of(all)});
  }

  void fill(Bench& bench) {
    auto maybe = [&](Value v) { return chance(25) ? Value() : std::move(v); };
    auto pick = [&](const std::vector<Record>& from) { return Value(one_of(from).id()); };
    auto& db = bench.db();
    db.connection().begin();
    std::vector<Record> sites, donors, tags, samples;
    for (int i = 0; i < 3; ++i) sites.push_back(bench.row("Site", {{"name", text()}, {"date", maybe(date())}}));
    for (int i = 0; i < 8; ++i)
      donors.push_back(
          bench.row("Donor", {{"name", maybe(text())}, {"age", maybe(below(4))}, {"site", maybe(pick(sites))}}));
    for (int i = 0; i < 7; ++i)
      tags.push_back(
          bench.row("Tag", {{"name", texts()[static_cast<std::size_t>(i) * 2]}, {"weight", maybe(below(3) + 0.5)}}));
    for (int i = 0; i < 40; ++i)
      samples.push_back(bench.row("Sample", {{"name", text()},
                                             {"kind", maybe(chance(50) ? "cell" : "tissue")},
                                             {"size", maybe(below(5) + i * 10)},
                                             {"score", maybe(below(4) / 2.0)},
                                             {"is_ok", maybe(chance(50))},
                                             {"taken_at", maybe(time())},
                                             {"day", maybe(date())},
                                             {"params", maybe(document())},
                                             {"branch", chance(70)   ? 1
                                                        : chance(50) ? 2
                                                                     : -1},
                                             {"donor", maybe(pick(donors))}}));
    for (int i = 0; i < 30; ++i)
      bench.row("Note", {{"text", text()}, {"stars", maybe(below(3))}, {"sample", maybe(pick(samples))}});
    auto link = [&](const std::vector<Record>& from, std::string_view name, int n) {
      const auto& relation = *from[0].table().find_relation(name);
      for (int i = 0; i < n; ++i) {
        const auto id = pick(tags).integer_or(0);
        registry::Writes(db).link(one_of(from), relation, {&id, 1});
      }
    };
    link(samples, "tags", 40);
    link(samples, "labels", 30);
    link(tags, "parents", 8);
    db.connection().commit();
    // What SQLite's own default or another program writes: fewer digits for the same time.
    if (db.connection().dialect() == db::Dialect::sqlite)
      db.connection().script(
          "UPDATE lab_sample SET taken_at = substr(taken_at, 1, 23) WHERE taken_at LIKE '%000';"
          "UPDATE lab_sample SET taken_at = substr(taken_at, 1, 19) WHERE taken_at LIKE '%.000'");
  }

  Query query(const schema::Catalog& catalog) {
    static const std::vector<std::string> registries = {"Sample", "Sample", "Sample", "Donor", "Tag", "Note", "Site"};
    Query out{.registry = one_of(registries)};
    const auto& table = catalog.table(out.registry);
    paths_.clear();
    for (int many = 0; paths_.size() < 6;) {
      std::string path = this->path(table);
      const int more = to_many(table, path);
      if (many + more > 4) continue;  // the model tries all combinations
      many += more;
      paths_.push_back(std::move(path));
    }
    table_ = &table;
    out.where = tree(3);
    out.any_branch = chance(70);
    for (int n = below(3); n > 0; --n)
      if (auto path = one_of(paths_); sortable(path)) out.order_by.push_back((chance(50) ? "-" : "") + path);
    if (chance(30)) out.limit = below(6);
    if (chance(20)) out.offset = below(4);
    return out;
  }

  /// Paths with one value per row.
  std::vector<std::string> single_paths() {
    std::vector<std::string> out = {"id"};
    for (const auto& path : paths_) {
      const Path p = follow(*table_, path);
      if (!p.to_many() && p.column->type != Type::json) out.push_back(path);
    }
    return out;
  }

 private:
  static int to_many(const schema::Table& table, const std::string& path) {
    int n = 0;
    for (const auto* r : follow(table, path).relations) n += r->shape != schema::Relation::Shape::to_one;
    return n;
  }

  bool sortable(const std::string& path) const {
    const Path p = follow(*table_, path);
    return p.column->type != Type::json || (!p.to_many() && !p.keys.empty());
  }

  /// Up to three relations in any direction, then a field, a part of a time or a place in a document.
  std::string path(const schema::Table& from) {
    const auto* table = &from;
    std::string out;
    auto add = [&](std::string_view name) { out += (out.empty() ? "" : chance(50) ? "__" : ".") + std::string(name); };
    for (int n = chance(35) ? 0 : 1 + below(3); n > 0 && !table->relations.empty(); --n) {
      const auto& relation =
          table->relations[static_cast<std::size_t>(below(static_cast<int>(table->relations.size())))];
      if (relation.name.empty()) continue;
      add(relation.name);
      table = relation.to;
    }
    if (!out.empty() && chance(15)) return out;  // the id of what it points at
    if (chance(5)) return add("pk"), out;
    const auto& column = table->columns[static_cast<std::size_t>(below(static_cast<int>(table->columns.size())))];
    if (column.name == "created_at" || column.name == "updated_at" || column.name == "uid") return path(from);
    add(chance(80) ? column.name : column.column);
    if ((column.type == Type::time || column.type == Type::date) && chance(50))
      add(part_name(static_cast<Part>(1 + below(column.type == Type::time ? 12 : 9))));
    static const std::vector<std::string> places = {"k", "k.k",      "deep.k",  "deep__l__1", "l.1",  "l.0",
                                                    "0", "\xC3\xA4", "\"a.b\"", "\"a\\\"q\"", "nope", "deep.l.2.x"};
    if (column.type == Type::json && chance(85)) add(one_of(places));
    return out;
  }

  Value value_for(const Path& path) {
    switch (path.type()) {
      case Type::text: return text();
      case Type::real: return Value(below(6) / 2.0);
      case Type::boolean: return Value(chance(50));
      case Type::time: return time();
      case Type::date: return date();
      case Type::json: return json_value(path);
      default: break;
    }
    if (path.part == Part::year || path.part == Part::iso_year) return Value(2019 + below(6));
    if (path.part != Part::whole) return Value(below(path.part == Part::day || path.part == Part::week ? 54 : 14));
    return chance(10) ? Value(below(12) + 0.5) : Value(below(12));
  }
  Value json_value(const Path& path) {
    if (path.keys.empty()) return document();
    return chance(40) ? Value(below(5) / 2.0) : chance(30) ? Value(below(3)) : chance(20) ? Value(chance(50)) : text();
  }

  Expr leaf() {
    const std::string& name = one_of(paths_);
    const Path path = follow(*table_, name);
    const bool document = path.column->type == Type::json;
    if (chance(12)) return Expr::compare(name, Op::isnull, Value(chance(50)));
    if (chance(5)) return Expr::compare(name, chance(50) ? Op::exact : Op::ne, Value());
    if (document && (path.keys.empty() || chance(20))) {
      if (path.keys.empty() && chance(50))
        return Expr::compare(name, chance(70) ? Op::exact : Op::ne, this->document());
      static const std::vector<std::string> keys = {"k", "deep", "l", "a.b", "\xC3\xA4", "a\"q", "x"};
      Expr e = Expr::compare(name, one_of(std::vector<Op>{Op::has_key, Op::has_keys, Op::has_any_keys}),
                             Value(one_of(keys)));
      if (e.op != Op::has_key) e.values.emplace_back(one_of(keys));
      return e;
    }
    const Value first = value_for(path);
    auto another = [&] {  // of the same kind: a list is about one type
      for (;;)
        if (Value v = value_for(path); !document || v.index() == first.index()) return v;
    };
    if (chance(20)) {
      std::vector<Value> values = {first};
      for (int n = below(chance(20) ? 40 : 4); n > 0; --n) values.push_back(chance(5) ? Value() : another());
      if (chance(5)) values.clear();
      return Expr::in(name, std::move(values));
    }
    static const std::vector<Op> ordered = {Op::exact, Op::gt, Op::gte, Op::lt, Op::lte, Op::range, Op::ne};
    static const std::vector<Op> textual = {Op::iexact,      Op::contains, Op::icontains, Op::startswith,
                                            Op::istartswith, Op::endswith, Op::iendswith};
    Op op = one_of(ordered);
    if (path.type() == Type::boolean || first.index() == Value(true).index()) op = chance(30) ? Op::ne : Op::exact;
    if (first.text() != nullptr && chance(60)) {
      op = one_of(textual);
      if (chance(15)) {
        static const std::vector<std::string> patterns = {"^a", "b$", "a|q", "[ab]+", ".", "^$", "\\?", "^.b"};
        return Expr::compare(name, chance(50) ? Op::regex : Op::iregex, Value(one_of(patterns)));
      }
    }
    Expr e = Expr::compare(name, op, first);
    if (op == Op::range) e.values.push_back(another());
    return e;
  }

  Expr tree(int depth) {
    if (chance(4)) return Expr::visible();
    if (depth == 0 || chance(30)) return leaf();
    Expr e;
    const int node = below(10);
    e.node = node < 5 ? Expr::Node::all_of : node < 8 ? Expr::Node::any_of : Expr::Node::none_of;
    for (int n = chance(5) ? 0 : 1 + below(3); n > 0; --n) e.children.push_back(tree(depth - 1));
    return e;
  }

  std::mt19937 random_;
  std::vector<std::string> paths_;
  const schema::Table* table_ = nullptr;
};

inline std::vector<std::int64_t> ids_of(const std::vector<Record>& rows) {
  std::vector<std::int64_t> out;
  for (const auto& row : rows) out.push_back(row.id());
  return out;
}

/// Compares rows in order, count, exists and columns with the model; then P and not P with all rows.
inline void check_query(Database& db, const Model& model, const Query& query, const std::vector<std::string>& paths) {
  const auto expected = model.rows(query);
  std::vector<std::int64_t> ids;
  for (const auto* row : expected) ids.push_back(row->id());
  ASSERT_EQ(ids_of(db.all(query)), ids);
  EXPECT_EQ(db.count(query), static_cast<std::int64_t>(ids.size()));
  EXPECT_EQ(db.exists(query), !ids.empty());
  const auto columns = db.columns(query, paths);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    std::vector<Value> found;
    for (const auto& column : columns) found.push_back(column[i]);
    ASSERT_EQ(found, model.values(*expected[i], paths)) << "columns of row " << expected[i]->id();
  }
  Query either{.registry = query.registry, .where = query.where, .any_branch = true};
  const auto with = db.count(either);
  either.where = Expr::none_of({query.where});
  const auto without = db.count(either);
  either.where = {};
  EXPECT_EQ(with + without, db.count(either)) << "a condition or its contrary holds for every row";
}

/// The same queries on all of `benches`, which get the same rows.
inline void check_random_queries(const std::vector<Bench*>& benches, int n, unsigned seed) {
  std::vector<Model> models;
  for (auto* bench : benches) {
    Generator(seed).fill(*bench);
    models.emplace_back(bench->db());
  }
  Generator generator(seed + 1000);
  for (int i = 0; i < n; ++i) {
    const Query query = generator.query(benches[0]->db().catalog());
    const auto paths = generator.single_paths();
    std::string order;
    for (const auto& path : query.order_by) order += " " + path;
    SCOPED_TRACE("seed " + std::to_string(seed) + ", query " + std::to_string(i) + ": " + query.registry +
                 (query.any_branch ? "* where " : " where ") + to_string(query.where) + " order by" + order +
                 " limit " + std::to_string(query.limit) + " offset " + std::to_string(query.offset));
    for (std::size_t b = 0; b < benches.size(); ++b) {
      try {
        check_query(benches[b]->db(), models[b], query, paths);
      } catch (const std::exception& error) { ADD_FAILURE() << error.what(); }
    }
    if (testing::Test::HasFailure()) break;
  }
}

}  // namespace lamin::registry::test
