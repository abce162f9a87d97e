// layout.hpp -- where the boxes of a directed graph stand: in layers, each box after those that point at it.
//
// In four steps, as Sugiyama, Tagawa and Toda described: edges of circles are turned round; each box gets a layer; the
// order within the layers is chosen so that few edges cross; places are chosen so that edges are short and straight.
// An edge over several layers is led between their boxes, so no edge crosses a box.
#pragma once
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace lamin::faces {

struct Box {
  double width = 0, height = 0;
  double x = 0, y = 0;  ///< its upper left corner, as laid out
};
struct Point {
  double x = 0, y = 0;
};
/// One edge, as a curve through points: from a side of a box to a side of another. Between two points that differ only
/// along the flow it is straight.
struct Line {
  std::vector<Point> points = {};
};
enum class Flow { down, right };

struct LayoutOptions {
  Flow flow = Flow::down;
  double between_layers = 46, between_boxes = 16, margin = 8;
};
struct Layout {
  std::vector<Box> boxes = {};
  std::vector<Line> lines = {};  ///< as the edges were given
  double width = 0, height = 0;
};

using Edges = std::vector<std::pair<std::size_t, std::size_t>>;

/// Edges are pairs of positions: from, to. Edges of a box to itself have no line.
Layout lay_out(std::vector<Box> boxes, const Edges& edges, const LayoutOptions& options = {});

// -- the steps ---------------------------------------------------------------------------------------------------

/// The same edges without circles: some are turned round.
Edges without_circles(std::size_t boxes, const Edges& edges);
/// The layer of each box, from 0: edges lead to higher layers.
std::vector<std::size_t> layers_of(std::size_t boxes, const Edges& edges);
/// Puts the members of each layer in an order in which few edges cross. Edges lead from one layer to the next.
void order_layers(std::vector<std::vector<std::size_t>>& layers, const Edges& edges, std::size_t members);

/// What a place in a layer is for.
struct Slot {
  double size = 0;       ///< across the flow
  bool passing = false;  ///< an edge, not a box
  double at = 0;         ///< its middle, as placed
};
/// Places the members of each layer, in their order and at least `gap` apart.
void place_in_layers(const std::vector<std::vector<std::size_t>>& layers, const Edges& edges, std::vector<Slot>& slots,
                     double gap);

}  // namespace lamin::faces
