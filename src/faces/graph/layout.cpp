// layout.cpp -- the steps together: layers, edges that pass through them, places, lines.
#include "faces/graph/layout.hpp"
#include <algorithm>
#include <map>

namespace lamin::faces {
namespace {

// Works along the flow (from layer to layer) and across it; only the end knows which of them is x.
class Work {
 public:
  Work(std::vector<Box> boxes, const Edges& edges, const LayoutOptions& options)
      : given_(edges), options_(options), slots_(boxes.size()), along_(boxes.size()) {
    layout_.boxes = std::move(boxes);
    for (std::size_t i = 0; i < layout_.boxes.size(); ++i) {
      const auto& box = layout_.boxes[i];
      slots_[i].size = right() ? box.height : box.width;
      along_[i] = right() ? box.width : box.height;
    }
  }

  Layout result() {
    const auto n = layout_.boxes.size();
    const auto forward = without_circles(n, given_);
    layer_ = layers_of(n, forward);
    for (const auto layer : layer_) layers_.resize(std::max(layers_.size(), layer + 1));
    for (std::size_t i = 0; i < n; ++i) layers_[layer_[i]].push_back(i);
    lead(forward);
    order_layers(layers_, links_, slots_.size());
    place_in_layers(layers_, links_, slots_, options_.between_boxes);
    put_boxes();
    draw(forward);
    return std::move(layout_);
  }

 private:
  bool right() const { return options_.flow == Flow::right; }

  // An edge over several layers gets a place in each layer between. Edges from the same box share these places: they
  // run together and part where they have to.
  void lead(const Edges& edges) {
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> passing;
    for (const auto& [from, to] : edges) {
      chains_.emplace_back();
      if (from == to) continue;
      auto at = from;
      for (auto layer = layer_[from] + 1; layer < layer_[to]; ++layer) {
        const auto [known, fresh] = passing.emplace(std::pair(from, layer), slots_.size());
        if (fresh) {
          slots_.push_back({.passing = true});
          layers_[layer].push_back(known->second);
          links_.emplace_back(at, known->second);
        }
        at = known->second;
        chains_.back().push_back(at);
      }
      links_.emplace_back(at, to);
    }
  }

  void put_boxes() {
    double first = 0, last = 0;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const double low = slots_[i].at - slots_[i].size / 2, high = slots_[i].at + slots_[i].size / 2;
      first = i == 0 ? low : std::min(first, low);
      last = i == 0 ? high : std::max(last, high);
    }
    for (auto& slot : slots_) slot.at += options_.margin - first;
    double start = options_.margin;
    for (const auto& layer : layers_) {
      double depth = 0;
      for (const auto member : layer) {
        if (member < along_.size()) depth = std::max(depth, along_[member]);
      }
      bands_.emplace_back(start, start + depth);
      start += depth + options_.between_layers;
    }
    const double across = last - first + 2 * options_.margin;
    const double along = (bands_.empty() ? options_.margin : bands_.back().second) + options_.margin;
    layout_.width = right() ? along : across;
    layout_.height = right() ? across : along;
    for (std::size_t i = 0; i < layout_.boxes.size(); ++i) {
      const auto& [from, to] = bands_[layer_[i]];
      const double begin = (from + to - along_[i]) / 2, side = slots_[i].at - slots_[i].size / 2;
      layout_.boxes[i].x = right() ? begin : side;
      layout_.boxes[i].y = right() ? side : begin;
    }
  }

  Point point(double along, double across) const { return right() ? Point{along, across} : Point{across, along}; }

  void draw(const Edges& edges) {
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const auto [from, to] = edges[i];
      auto& points = layout_.lines.emplace_back().points;
      if (from == to) continue;
      const auto edge_of = [&](std::size_t box, bool end) {
        const auto& [begin, stop] = bands_[layer_[box]];
        return (begin + stop) / 2 + (end ? along_[box] / 2 : -along_[box] / 2);
      };
      points.push_back(point(edge_of(from, true), slots_[from].at));
      points.push_back(point(bands_[layer_[from]].second, slots_[from].at));
      for (std::size_t n = 0; n < chains_[i].size(); ++n) {
        const auto& [begin, stop] = bands_[layer_[from] + 1 + n];
        points.push_back(point(begin, slots_[chains_[i][n]].at));
        points.push_back(point(stop, slots_[chains_[i][n]].at));
      }
      points.push_back(point(bands_[layer_[to]].first, slots_[to].at));
      points.push_back(point(edge_of(to, false), slots_[to].at));
      if (given_[i] != edges[i]) std::ranges::reverse(points);  // it was turned round
    }
  }

  const Edges& given_;
  LayoutOptions options_;
  Layout layout_;
  std::vector<Slot> slots_;  ///< of boxes, then of passing edges
  std::vector<double> along_;
  std::vector<std::size_t> layer_;
  std::vector<std::vector<std::size_t>> layers_;
  std::vector<std::vector<std::size_t>> chains_;  ///< per edge: the places it passes
  Edges links_;
  std::vector<std::pair<double, double>> bands_;
};

}  // namespace

Layout lay_out(std::vector<Box> boxes, const Edges& edges, const LayoutOptions& options) {
  return Work(std::move(boxes), edges, options).result();
}

}  // namespace lamin::faces
