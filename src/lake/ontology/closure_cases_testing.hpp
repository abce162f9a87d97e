// closure_cases_testing.hpp -- what is stored of a hierarchy is what its links say, whoever changes them. The file that
// includes it says on which database: `using TestDatabase = OnSqlite`.
#pragma once
#include <map>
#include <random>
#include <set>
#include <tuple>
#include "lake/label/counted_testing.hpp"
#include "lake/label/label_testing.hpp"
#include "lake/ontology/closure.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::LabelTest;
using testing::Texts;
using Edges = std::set<lake::Edge>;
using Pairs = std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>;  // (ancestor, descendant) -> distance

/// Another way to the same: links followed from each term by itself.
Pairs by_hand(const Edges& edges) {
  std::map<std::int64_t, std::set<std::int64_t>> children;
  std::set<std::int64_t> all;
  for (const auto& [child, parent] : edges) {
    children[parent].insert(child);
    all.insert(parent);
  }
  Pairs pairs;
  for (const auto start : all) {
    std::set<std::int64_t> level{start};
    for (std::int64_t distance = 1; !level.empty(); ++distance) {
      std::set<std::int64_t> next;
      for (const auto one : level) {
        for (const auto child : children[one]) {
          if (child != start && pairs.emplace(std::pair(start, child), distance).second) next.insert(child);
        }
      }
      level = std::move(next);
    }
  }
  return pairs;
}

/// Terms whose parents are changed through every door.
class ClosureTest : private TestDatabase, public LabelTest {
 protected:
  ClosureTest() : LabelTest(TestDatabase::url) {
    if (is_sqlite()) database().connection().script("PRAGMA synchronous = OFF");
    for (int i = 0; i < terms; ++i)
      ids_.push_back(cell_type("cell " + std::to_string(i), "CL:" + std::to_string(i)).id());
    other_ = connect("labels");
    if (is_sqlite()) sql("PRAGMA synchronous = OFF");
  }

  bool is_sqlite() { return database().connection().dialect() == db::Dialect::sqlite; }
  std::int64_t any() { return ids_[random_() % ids_.size()]; }
  const schema::Relation& parents(Instance& of) { return *of.catalog().table("CellType").find_relation("parents"); }
  Record row(Instance& of, std::int64_t id) { return *of.database().find(of.catalog().table("CellType"), id); }

  void link(Instance& by, const lake::Edge& edge) {
    const std::vector<std::int64_t> to{edge.second};
    registry::Writes(by.database()).link(row(by, edge.first), parents(by), to);
    edges_.insert(edge);
  }
  void unlink(Instance& by, const lake::Edge& edge) {
    const std::vector<std::int64_t> to{edge.second};
    registry::Writes(by.database()).unlink(row(by, edge.first), parents(by), to);
    edges_.erase(edge);
  }
  void sql(const std::string& text) { other_->database().connection().script(text); }
  static std::string where(const lake::Edge& edge) {
    return " WHERE from_celltype_id = " + std::to_string(edge.first) +
           " AND to_celltype_id = " + std::to_string(edge.second);
  }

  void change() {
    const lake::Edge edge{any(), any()};
    const bool there = edges_.contains(edge);
    switch (random_() % 7) {
      case 0: return there ? unlink(*instance, edge) : link(*instance, edge);
      case 1: return there ? unlink(*other_, edge) : link(*other_, edge);
      case 2:
        if (!there)
          sql("INSERT INTO bionty_celltype_parents (from_celltype_id, to_celltype_id) VALUES (" +
              std::to_string(edge.first) + ", " + std::to_string(edge.second) + ")");
        edges_.insert(edge);
        return;
      case 3:
        sql("DELETE FROM bionty_celltype_parents" + where(edge));
        edges_.erase(edge);
        return;
      case 4: {  // in place: neither the number of links nor the highest id changes
        const lake::Edge to{any(), any()};
        if (!there || edges_.contains(to)) return;
        sql("UPDATE bionty_celltype_parents SET from_celltype_id = " + std::to_string(to.first) +
            ", to_celltype_id = " + std::to_string(to.second) + where(edge));
        edges_.erase(edge);
        edges_.insert(to);
        return;
      }
      case 5: {
        const std::vector<lake::Edge> pairs{edge, {any(), any()}};
        registry::Writes(database()).add_pairs(parents(*instance), pairs);
        edges_.insert(pairs.begin(), pairs.end());
        return;
      }
      default: {  // a term goes with its links, and another comes
        if (random_() % 10 != 0) return;
        const auto at = random_() % ids_.size();
        registry::Writes(database()).remove(row(*instance, ids_[at]));
        std::erase_if(edges_, [&](const lake::Edge& one) { return one.first == ids_[at] || one.second == ids_[at]; });
        ids_[at] = cell_type("cell " + std::to_string(next_), "CL:" + std::to_string(next_)).id();
        ++next_;
      }
    }
  }
  Pairs stored() {
    Pairs pairs;
    EXPECT_TRUE(lake::closure_of(database(), table("CellType")).has_value());
    auto rows = database().connection().query("SELECT ancestor, descendant, distance FROM lamin_closure");
    while (rows->next()) pairs.emplace(std::pair(rows->integer(0), rows->integer(1)), rows->integer(2));
    return pairs;
  }

  static constexpr int terms = 30;
  std::vector<std::int64_t> ids_;
  int next_ = terms;
  std::unique_ptr<Instance> other_;
  std::minstd_rand random_{20261128};
  Edges edges_;
};

TEST_F(ClosureTest, StaysRightUnderThousandsOfEditsThroughAnyDoor) {
  const int edits = is_sqlite() ? 10'000 : 1'000;  // a server waits for its disk each time
  for (int edit = 1; edit <= edits; ++edit) {
    change();
    if (edges_.size() > 45) {  // stays as sparse as an ontology
      const auto edge = *std::next(edges_.begin(), static_cast<std::ptrdiff_t>(random_() % edges_.size()));
      unlink(*instance, edge);
    }
    if (edit % 10 != 0) continue;
    const auto expected = by_hand(edges_);
    ASSERT_EQ(stored(), expected) << "after " << edit << " edits";
    const auto term = any();
    std::vector<std::int64_t> below;
    for (const auto& [pair, distance] : expected) {
      if (pair.first == term) below.push_back(pair.second);
    }
    ASSERT_EQ(descendant_ids(*instance, table("CellType"), {&term, 1}), below);
  }
}

/// What was foreseen of other links is not believed.
TEST_F(ClosureTest, IsThatOfTheLinksAlsoIfOthersWereForeseen) {
  link(*instance, {ids_[1], ids_[0]});
  link(*instance, {ids_[2], ids_[1]});
  lake::refresh_closure(database(), table("CellType"), lake::foresee({{ids_[1], ids_[0]}, {ids_[3], ids_[0]}}));
  EXPECT_EQ(stored(), by_hand(edges_));
}

/// Somebody else changed links, and this user may not write: they are followed level by level, not term by term.
TEST_F(ClosureTest, AStaleOneOfAReadOnlyDatabaseCostsAQueryPerLevel) {
  std::vector<std::int64_t> below;
  for (std::size_t i = 1; i < ids_.size(); ++i) {
    link(*instance, {ids_[i], ids_[i < 6 ? 0 : i % 5 + 1]});
    below.push_back(ids_[i]);
  }
  std::ranges::sort(below);
  testing::Counted reader(*instance, true);
  std::vector<std::int64_t> found;
  const auto calls = reader.calls([&] {
    found = descendant_ids(reader.instance(), reader.instance().catalog().table("CellType"), {ids_.data(), 1});
  });
  EXPECT_EQ(found, below);
  EXPECT_GT(below.size(), 20U);
  EXPECT_LT(calls, 12);
}

TEST_F(ClosureTest, IsFoundInConditions) {
  link(*instance, {ids_[1], ids_[0]});
  link(*instance, {ids_[2], ids_[1]});
  link(*instance, {ids_[3], ids_[2]});
  const auto keys = [&](const Expr& where) {
    Texts of;
    for (const auto& row : database().all({.registry = "Artifact", .where = where, .order_by = {"id"}}))
      of.emplace_back(row.text("key"));
    return of;
  };
  for (int i = 0; i < 5; ++i) {
    const auto text = std::to_string(i);
    auto draft = prepare_artifact(*instance, {.source = box.write(text + ".txt", text), .key = text + ".txt"});
    save_artifact(*instance, draft);
    const std::vector<Record> labels{row(*instance, ids_[static_cast<std::size_t>(i)])};
    add_labels(*instance, draft.record, labels);
  }
  const auto lookup = [&](const char* keyword, Value value) { return keys(Expr::lookup(keyword, {std::move(value)})); };
  EXPECT_EQ(lookup("cell_types__ancestors", "cell 1"), (Texts{"2.txt", "3.txt"}));
  EXPECT_EQ(lookup("cell_types__ancestors", "CL:1"), (Texts{"2.txt", "3.txt"})) << "by its identifier";
  EXPECT_EQ(lookup("cell_types__within", "cell 1"), (Texts{"1.txt", "2.txt", "3.txt"}));
  EXPECT_EQ(lookup("cell_types__descendants", "cell 2"), (Texts{"0.txt", "1.txt"}));
  EXPECT_EQ(lookup("cell_types__ancestors__ontology_id", "CL:2"), (Texts{"3.txt"}));
  EXPECT_EQ(lookup("cell_types__ancestors__name__startswith", "cell 1"), (Texts{"2.txt", "3.txt"}));
  EXPECT_EQ(keys(Expr::parse("cell_types.within = 'cell 3'")), Texts{"3.txt"});
  EXPECT_EQ(keys(Expr::parse("not cell_types.within = 'cell 1'")), (Texts{"0.txt", "4.txt"}));
  const auto cells = [&](const Expr& where) {
    return names(database().all({.registry = "bionty.CellType", .where = where, .order_by = {"id"}, .limit = 3}));
  };
  EXPECT_EQ(cells(Expr::lookup("ancestors", {Value("cell 0")})), (Texts{"cell 1", "cell 2", "cell 3"}));
  EXPECT_EQ(cells(Expr::lookup("ancestors__isnull", {Value(true)})), (Texts{"cell 0", "cell 4", "cell 5"}));
  std::string why;
  EXPECT_EQ(code_of([&] { lookup("cell_types__ancestors", "cell 10000"); }, &why), Code::not_found);
  EXPECT_NE(why.find("did you mean"), why.npos) << why;
  EXPECT_EQ(code_of([&] { lookup("cell_types__ancestor", "cell 1"); }, &why), Code::unknown_field);
}

}  // namespace
}  // namespace lamin
