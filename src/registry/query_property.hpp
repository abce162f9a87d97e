// query_property.hpp -- random rows, random conditions: SQL and the model in memory must find the same rows.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "registry/engine.hpp"
#include "registry/query_model.hpp"

namespace lamin::registry::test {

/// Few distinct values, so that conditions meet rows; with everything that SQL could stumble over.
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
  Value text() { return Value(texts()[static_cast<std::size_t>(below(static_cast<int>(texts().size())))]); }
  /// Whole seconds, milliseconds and microseconds close to each other.
  Value time() { return Value(Time{1'700'000'000'000'000 + below(3) * 1'000'000 + below(2) * 51'000 + below(2)}); }
  Value date() { return Value(Date{19'000 + below(4)}); }

  void fill(Bench& bench) {
    auto maybe = [&](Value v) { return chance(25) ? Value() : std::move(v); };
    auto pick = [&](const std::vector<Record>& from) {
      return Value(from[static_cast<std::size_t>(below(static_cast<int>(from.size())))].id());
    };
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
                                             {"donor", maybe(pick(donors))}}));
    for (int i = 0; i < 30; ++i)
      bench.row("Note", {{"text", text()}, {"stars", maybe(below(3))}, {"sample", maybe(pick(samples))}});
    auto link = [&](const std::vector<Record>& from, std::string_view name, int n) {
      const auto& relation = *from[0].table().find_relation(name);
      for (int i = 0; i < n; ++i) {
        const auto id = pick(tags).integer_or(0);
        db.link(from[static_cast<std::size_t>(below(static_cast<int>(from.size())))], relation, {&id, 1});
      }
    };
    link(samples, "tags", 40);
    link(samples, "labels", 30);
    link(tags, "parents", 8);
    db.connection().commit();
    // What SQLite's own default or another program writes: fewer digits for the same time.
    if (db.connection().dialect() == db::Dialect::sqlite)
      db.connection().script(
          "UPDATE lab_sample SET taken_at = substr(taken_at, 1, 23) WHERE id % 3 = 0 AND taken_at LIKE '%000';"
          "UPDATE lab_sample SET taken_at = substr(taken_at, 1, 19) WHERE id % 2 = 0 AND taken_at LIKE '%.000000'");
  }

  Expr leaf() {
    struct Field {
      const char* path;
      char type;
    };
    static const std::vector<Field> fields = {{"name", 't'},
                                              {"kind", 't'},
                                              {"size", 'i'},
                                              {"score", 'r'},
                                              {"is_ok", 'b'},
                                              {"taken_at", 'T'},
                                              {"day", 'd'},
                                              {"donor", 'k'},
                                              {"donor_id", 'k'},
                                              {"donor__name", 't'},
                                              {"donor.site.name", 't'},
                                              {"donor__site__date", 'd'},
                                              {"donor__age", 'i'},
                                              {"notes", 'k'},
                                              {"notes__text", 't'},
                                              {"notes.stars", 'i'},
                                              {"tags", 'k'},
                                              {"tags__name", 't'},
                                              {"tags__weight", 'r'},
                                              {"tags__parents", 'k'},
                                              {"tags__parents__name", 't'},
                                              {"labels__name", 't'},
                                              {"labels__samples__size", 'i'},
                                              {"links_label__tag__name", 't'},
                                              {"pk", 'k'},
                                              {"created_by__handle", 't'},
                                              {"donor__samples__is_ok", 'b'}};
    const Field& f = fields[static_cast<std::size_t>(below(static_cast<int>(fields.size())))];
    auto value = [&]() -> Value {
      switch (f.type) {
        case 't': return text();
        case 'i': return Value(below(3));
        case 'r': return Value(below(6) / 2.0);
        case 'b': return Value(chance(50));
        case 'T': return time();
        case 'd': return date();
        default: return Value(below(12));
      }
    };
    if (chance(12)) return Expr::compare(f.path, Op::isnull, Value(chance(50)));
    if (chance(5)) return Expr::compare(f.path, chance(50) ? Op::exact : Op::ne, Value());
    if (chance(20)) {
      std::vector<Value> values;
      for (int n = below(chance(20) ? 40 : 5); n > 0; --n) values.push_back(chance(5) ? Value() : value());
      return Expr::in(f.path, std::move(values));
    }
    static const std::vector<Op> ordered = {Op::exact, Op::gt, Op::gte, Op::lt, Op::lte, Op::range, Op::ne};
    static const std::vector<Op> textual = {Op::iexact,      Op::contains, Op::icontains, Op::startswith,
                                            Op::istartswith, Op::endswith, Op::iendswith};
    Op op = ordered[static_cast<std::size_t>(below(7))];
    if (f.type == 'b' || f.type == 'k') op = chance(30) ? Op::ne : Op::exact;
    if (f.type == 't' && chance(60)) op = textual[static_cast<std::size_t>(below(7))];
    Expr e = Expr::compare(f.path, op, value());
    if (op == Op::range) e.values.push_back(value());
    return e;
  }

  Expr tree(int depth) {
    if (depth == 0 || chance(30)) return leaf();
    Expr e;
    const int node = below(10);
    e.node = node < 5 ? Expr::Node::all_of : node < 8 ? Expr::Node::any_of : Expr::Node::none_of;
    for (int n = chance(5) ? 0 : 1 + below(3); n > 0; --n) e.children.push_back(tree(depth - 1));
    return e;
  }

 private:
  std::mt19937 random_;
};

inline std::vector<std::int64_t> ids_of(const std::vector<Record>& rows) {
  std::vector<std::int64_t> out;
  for (const auto& row : rows) out.push_back(row.id());
  return out;
}

/// Rows, count, exists, columns and a page of them against the model; then P and not P against all.
inline void check_random_queries(Bench& bench, int n, unsigned seed) {
  Generator generator(seed);
  generator.fill(bench);
  auto& db = bench.db();
  const Model model(db);
  const auto everything = static_cast<std::int64_t>(db.all({.registry = "Sample"}).size());
  for (int i = 0; i < n; ++i) {
    Query query{.registry = "Sample", .where = generator.tree(3), .any_branch = true};
    SCOPED_TRACE("seed " + std::to_string(seed) + ", query " + std::to_string(i) + ": " + to_text(query.where));
    const auto expected = model.ids("Sample", query.where);
    ASSERT_EQ(ids_of(db.all(query)), expected);
    EXPECT_EQ(db.count(query), static_cast<std::int64_t>(expected.size()));
    EXPECT_EQ(db.exists(query), !expected.empty());
    Query page = query;
    page.order_by = {"-donor__name", "name"};
    page.limit = 3;
    page.offset = 1;
    const auto at = std::min<std::size_t>(1, expected.size());
    EXPECT_EQ(db.count(page), static_cast<std::int64_t>(std::min<std::size_t>(3, expected.size() - at)));
    Query rest{.registry = "Sample", .where = Expr::none_of({query.where}), .any_branch = true};
    EXPECT_EQ(db.count(rest) + db.count(query), everything) << "a condition or its contrary holds for every row";
    if (testing::Test::HasFailure()) break;
  }
}

}  // namespace lamin::registry::test
