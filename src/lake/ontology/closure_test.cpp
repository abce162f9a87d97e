// closure_test.cpp -- what is stored of a hierarchy is what its links say, whoever changes them.
#include <boost/json.hpp>
#include "base/json.hpp"
#include "format/file_text.hpp"
#include "lake/label/database_testing.hpp"

namespace lamin {
using TestDatabase = testing::OnSqlite;
}

#include "lake/ontology/closure_cases_testing.hpp"

namespace lamin {
namespace {

TEST(Closure, TakesTheShortestWayAndSurvivesCycles) {
  // 4 -> 3 -> 2 -> 1, 4 -> 1, and 1 -> 4 closes a cycle.
  const auto pairs = lake::transitive_closure({{4, 3}, {3, 2}, {2, 1}, {4, 1}}).value();
  EXPECT_EQ(pairs.size(), 6U);
  for (const auto& pair : pairs) {
    if (pair.ancestor != 1) continue;
    EXPECT_EQ(pair.distance, pair.descendant == 3 ? 2 : 1) << pair.descendant;
  }
  const auto cyclic = lake::transitive_closure({{1, 2}, {2, 3}, {3, 1}}).value();
  EXPECT_EQ(cyclic.size(), 6U);
  for (const auto& pair : cyclic) EXPECT_NE(pair.ancestor, pair.descendant);
  EXPECT_TRUE(lake::transitive_closure({}).value().empty());
}

TEST(Closure, OfAChainOfThousandsIsNotMade) {
  std::vector<lake::Edge> chain;
  for (std::int64_t i = 1; i < 8000; ++i) chain.emplace_back(i + 1, i);
  EXPECT_FALSE(lake::transitive_closure(chain).has_value());
  EXPECT_TRUE(lake::find_cycle(chain).empty());
  chain.resize(1000);
  EXPECT_EQ(lake::transitive_closure(chain).value().size(), 1001U * 1000 / 2);
}

TEST(Closure, FindsACycle) {
  EXPECT_TRUE(lake::find_cycle({{4, 3}, {3, 2}, {2, 1}, {4, 1}}).empty());
  // 5 hangs below the circle 3 -> 1 -> 2 -> 3.
  auto cycle = lake::find_cycle({{1, 2}, {2, 3}, {3, 1}, {5, 3}});
  std::sort(cycle.begin(), cycle.end());
  EXPECT_EQ(cycle, (std::vector<std::int64_t>{1, 2, 3}));
}

TEST(Closure, IsForeseenOfLinksInAnyOrder) {
  const auto foreseen = lake::foresee({{4, 3}, {2, 1}, {3, 2}, {4, 1}}).get();
  EXPECT_EQ(foreseen.pairs, lake::transitive_closure(foreseen.edges));
  EXPECT_EQ(foreseen.edges, (std::vector<lake::Edge>{{2, 1}, {3, 2}, {4, 1}, {4, 3}}));
  EXPECT_TRUE(foreseen.cycle.empty());
  EXPECT_EQ(lake::foresee({{1, 2}, {2, 3}, {3, 1}}).get().cycle.size(), 3U);
}

TEST(Closure, OnlyWhatAChangedLinkConcernsIsMadeAnew) {
  std::minstd_rand random(7);
  Edges edges;
  for (int round = 0; round < 300; ++round) {
    const std::vector<lake::Edge> before(edges.begin(), edges.end());
    for (int i = 0; i < 3; ++i) {
      const lake::Edge edge{1 + static_cast<std::int64_t>(random() % 12), 1 + static_cast<std::int64_t>(random() % 12)};
      if (edge.first == edge.second) continue;
      if (!edges.insert(edge).second) edges.erase(edge);
    }
    const std::vector<lake::Edge> now(edges.begin(), edges.end());
    const auto ancestors = lake::affected_ancestors(now, lake::changes_between(before, now));
    std::map<std::int64_t, Pairs> old, fresh;
    for (const auto& [pair, distance] : by_hand({before.begin(), before.end()})) old[pair.first][pair] = distance;
    for (const auto& [pair, distance] : by_hand(edges)) fresh[pair.first][pair] = distance;
    for (std::int64_t id = 1; id <= 12; ++id) {
      if (old[id] != fresh[id]) { EXPECT_TRUE(std::ranges::binary_search(ancestors, id)) << id; }
    }
    Pairs made;
    for (const auto& pair : lake::pairs_below(now, ancestors)) made[{pair.ancestor, pair.descendant}] = pair.distance;
    Pairs expected;
    for (const auto id : ancestors) expected.insert(fresh[id].begin(), fresh[id].end());
    EXPECT_EQ(made, expected);
  }
}

/// A part of Cell Ontology, with every ancestor and its distance, as the CELLxGENE ontology guide publishes them.
TEST_F(LabelTest, ClosureIsTheOneOfTheCellxgeneGuide) {
  const auto file = std::string(LAMIN_SOURCE_DIR) + "/tests/data/obo/CL-ontology-v2026-03-26.part.json.zst";
  import_ontology(*instance, "CellType", file, {.source = "cl"});
  std::map<std::int64_t, std::string> terms;
  for (const auto& row : database().all({.registry = "bionty.CellType"}))
    terms.emplace(row.id(), row.text("ontology_id"));
  std::set<std::tuple<std::string, std::string, std::int64_t>> stored, published;
  auto rows = database().connection().query("SELECT ancestor, descendant, distance FROM lamin_closure");
  while (rows->next()) stored.emplace(terms.at(rows->integer(0)), terms.at(rows->integer(1)), rows->integer(2));
  const auto document = base::parse_json(format::file_text(file));
  for (const auto& [term, said] : document.as_object()) {
    for (const auto& [ancestor, distance] : said.at("ancestors").as_object())
      published.emplace(std::string(ancestor), std::string(term), distance.to_number<std::int64_t>());
  }
  EXPECT_GT(published.size(), 1000U);
  EXPECT_EQ(stored, published);
}

}  // namespace
}  // namespace lamin
