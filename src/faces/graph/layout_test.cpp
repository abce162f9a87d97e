// Layouts of random graphs: boxes do not overlap, edges keep off boxes, layers follow edges.
#include "faces/graph/layout.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <random>
#include "faces/graph/drawing.hpp"

namespace lamin::faces {
namespace {

struct Graph {
  std::vector<Box> boxes;
  Edges edges;
};

Graph random_graph(unsigned seed, std::size_t n, std::size_t edges, bool circles) {
  std::mt19937 random(seed);
  const auto pick = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  Graph graph;
  for (std::size_t i = 0; i < n; ++i)
    graph.boxes.push_back({.width = 40 + static_cast<double>(pick(120)), .height = 20 + static_cast<double>(pick(30))});
  for (std::size_t i = 0; i < edges; ++i) {
    auto from = pick(n), to = pick(n);
    if (!circles && from > to) std::swap(from, to);
    if (circles || from != to) graph.edges.emplace_back(from, to);
  }
  return graph;
}

// A point of a curve between two points, as curve() draws it.
Point at(const Point& a, const Point& b, double t, Flow flow) {
  if (a.x == b.x || a.y == b.y) return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
  const double s = 1 - t, across = s * s * (s + 3 * t), to = t * t * (t + 3 * s);
  const double half = 3 * s * t;  // both control points are half way along the flow
  if (flow == Flow::right) return {s * s * s * a.x + half * (a.x + b.x) / 2 + t * t * t * b.x, across * a.y + to * b.y};
  return {across * a.x + to * b.x, s * s * s * a.y + half * (a.y + b.y) / 2 + t * t * t * b.y};
}

void check(const Graph& graph, Flow flow) {
  const auto layout = lay_out(graph.boxes, graph.edges, {.flow = flow});
  ASSERT_EQ(layout.boxes.size(), graph.boxes.size());
  ASSERT_EQ(layout.lines.size(), graph.edges.size());
  constexpr double slack = 0.01;
  for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
    const auto& a = layout.boxes[i];
    EXPECT_GE(a.x, -slack);
    EXPECT_GE(a.y, -slack);
    EXPECT_LE(a.x + a.width, layout.width + slack);
    EXPECT_LE(a.y + a.height, layout.height + slack);
    for (std::size_t k = 0; k < i; ++k) {
      const auto& b = layout.boxes[k];
      EXPECT_FALSE(a.x < b.x + b.width - slack && b.x < a.x + a.width - slack && a.y < b.y + b.height - slack &&
                   b.y < a.y + a.height - slack)
          << i << " overlaps " << k;
    }
  }
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    const auto [from, to] = graph.edges[e];
    const auto& points = layout.lines[e].points;
    if (from == to) continue;
    ASSERT_GE(points.size(), 2U);
    for (std::size_t p = 1; p < points.size(); ++p) {
      for (double t = 0; t <= 1; t += 0.1) {
        const auto point = at(points[p - 1], points[p], t, flow);
        for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
          if (i == from || i == to) continue;
          const auto& box = layout.boxes[i];
          EXPECT_FALSE(point.x > box.x + slack && point.x < box.x + box.width - slack && point.y > box.y + slack &&
                       point.y < box.y + box.height - slack)
              << "edge " << from << " to " << to << " crosses " << i;
        }
      }
    }
  }
}

TEST(GraphLayout, KeepsBoxesAndEdgesApart) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    const std::size_t n = 5 + seed * 4;
    check(random_graph(seed, n, n + seed * 2, seed % 3 == 0), seed % 2 == 0 ? Flow::right : Flow::down);
  }
}

TEST(GraphLayout, FollowsEdges) {
  const auto graph = random_graph(3, 60, 90, false);
  const auto layers = layers_of(60, graph.edges);
  for (const auto& [from, to] : graph.edges) EXPECT_LT(layers[from], layers[to]);
}

TEST(GraphLayout, NothingAndOneAndALoop) {
  EXPECT_EQ(lay_out({}, {}).boxes.size(), 0U);
  const auto one = lay_out({{.width = 10, .height = 10}}, {{0, 0}});
  EXPECT_EQ(one.lines[0].points.size(), 0U);
  EXPECT_DOUBLE_EQ(one.width, 26);
}

TEST(GraphLayout, ATreeHasNoCrossings) {
  // Each box three below it, in an order that makes edges cross unless it is changed.
  Edges edges;
  for (std::size_t i = 0; i < 13; ++i) {
    for (std::size_t k = 0; k < 3; ++k) edges.emplace_back(i, 1 + (i * 3 + k) % 39);
  }
  std::vector<std::size_t> mixed(40);
  for (std::size_t i = 0; i < 40; ++i) mixed[i] = (i * 7) % 40;
  for (auto& [from, to] : edges) {
    from = mixed[from];
    to = mixed[to];
  }
  const auto layout = lay_out(std::vector<Box>(40, {.width = 20, .height = 10}), edges);
  for (std::size_t a = 0; a < edges.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const auto &from_a = layout.boxes[edges[a].first], &from_b = layout.boxes[edges[b].first];
      const auto &to_a = layout.boxes[edges[a].second], &to_b = layout.boxes[edges[b].second];
      if (from_a.y != from_b.y) continue;
      EXPECT_FALSE((from_a.x - from_b.x) * (to_a.x - to_b.x) < 0) << a << " crosses " << b;
    }
  }
}

TEST(GraphLayout, AChainIsStraightHoweverLong) {
  constexpr std::size_t n = 20'000;
  Edges edges;
  for (std::size_t i = 0; i + 1 < n; ++i) edges.emplace_back(i, i + 1);
  const auto layout = lay_out(std::vector<Box>(n, {.width = 20, .height = 10}), edges);
  for (const auto& box : layout.boxes) EXPECT_NEAR(box.x, layout.boxes[0].x, 0.5);
}

TEST(GraphDrawing, NamesAreCutWhereTheySayLeast) {
  EXPECT_EQ(fitted("short.h5ad", 12, 200), "short.h5ad");
  const auto path = fitted("a/very/long/way/to/some/place/cells.h5ad", 12, 120);
  EXPECT_TRUE(path.starts_with("…/") && path.ends_with("/cells.h5ad")) << path;
  const auto file = fitted("folder/" + std::string(80, 'x') + ".h5ad", 12, 120);
  EXPECT_TRUE(file.starts_with("xx") && file.ends_with(".h5ad") && file.find("…") != std::string::npos) << file;
  for (const std::string name :
       {"µµµµµµµµµµµµµµµµµµµµ", "细胞细胞细胞细胞细胞细胞", "///////////////////////////////", ""})
    EXPECT_LE(text_width(fitted(name, 12, 60), 12), 62) << name;
}

}  // namespace
}  // namespace lamin::faces
