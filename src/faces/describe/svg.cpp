// svg.cpp -- a graph of terms as a drawing: in layers, parents above their children, few lines crossing.
//
// Layers: each term one below the lowest of its parents. Order within a layer: the mean place of the neighbours, swept
// down and up a few times. A circle of parents, which an ontology should not have, ends the layering, not the drawing.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <numeric>
#include "base/html_text.hpp"
#include "faces/describe/parts.hpp"
#include "lamin/describe.hpp"

namespace lamin {
namespace faces {
namespace {

constexpr double letter = 6.6, padding = 20, height = 26, gap_x = 16, gap_y = 46, margin = 8;
constexpr std::size_t most_letters = 34;
constexpr int sweeps = 6;

struct Box {
  std::string text;
  double x = 0, width = 0;  ///< x: its left edge
  int layer = 0;
  double middle() const { return x + width / 2; }
};

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

class Layout {
 public:
  explicit Layout(const TermGraph& graph) : graph_(graph), boxes_(graph.nodes.size()) {
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
      const auto& node = graph.nodes[i];
      boxes_[i].text = shortened(node.name.empty() ? node.id : node.name, most_letters);
      boxes_[i].width = std::ceil(static_cast<double>(letters(boxes_[i].text)) * letter + padding);
    }
    put_in_layers();
    order_layers();
    place();
  }
  const std::vector<Box>& boxes() const { return boxes_; }
  double width() const { return width_; }
  double total_height() const {
    return margin * 2 + static_cast<double>(layers_.size()) * height +
           static_cast<double>(std::max<std::size_t>(layers_.size(), 1) - 1) * gap_y;
  }
  static double top(int layer) { return margin + layer * (height + gap_y); }

 private:
  void put_in_layers() {
    const auto n = static_cast<int>(boxes_.size());
    for (int round = 0, changed = 1; round <= n && changed != 0; ++round) {
      changed = 0;
      for (const auto& [child, parent] : graph_.edges) {
        if (boxes_[child].layer > boxes_[parent].layer || boxes_[parent].layer + 1 > n) continue;
        boxes_[child].layer = boxes_[parent].layer + 1;
        changed = 1;
      }
    }
    // What has nothing above it stands right above what is below it.
    std::vector<int> lowest(boxes_.size(), n + 1);
    std::vector<bool> has_parent(boxes_.size(), false);
    for (const auto& [child, parent] : graph_.edges) {
      lowest[parent] = std::min(lowest[parent], boxes_[child].layer);
      has_parent[child] = true;
    }
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
      if (!has_parent[i] && lowest[i] <= n) boxes_[i].layer = std::max(0, lowest[i] - 1);
    }
    std::vector<int> used;
    for (const auto& box : boxes_) used.push_back(box.layer);
    std::ranges::sort(used);
    used.erase(std::ranges::unique(used).begin(), used.end());
    layers_.resize(used.size());
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
      boxes_[i].layer = static_cast<int>(std::ranges::lower_bound(used, boxes_[i].layer) - used.begin());
      layers_[static_cast<std::size_t>(boxes_[i].layer)].push_back(i);
    }
  }

  void order_layers() {
    std::vector<std::vector<std::size_t>> near(boxes_.size());
    for (const auto& [child, parent] : graph_.edges) {
      near[child].push_back(parent);
      near[parent].push_back(child);
    }
    std::vector<double> place(boxes_.size());
    const auto number = [&](const std::vector<std::size_t>& layer) {
      for (std::size_t i = 0; i < layer.size(); ++i)
        place[layer[i]] = (static_cast<double>(i) + 0.5) / static_cast<double>(layer.size());
    };
    for (const auto& layer : layers_) number(layer);
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (std::size_t at = 0; at < layers_.size(); ++at) {
        auto& layer = layers_[down ? at : layers_.size() - 1 - at];
        std::vector<double> wanted(boxes_.size());
        for (const auto i : layer) {
          double sum = 0;
          int n = 0;
          for (const auto other : near[i]) {
            if (down ? boxes_[other].layer >= boxes_[i].layer : boxes_[other].layer <= boxes_[i].layer) continue;
            sum += place[other];
            ++n;
          }
          wanted[i] = n == 0 ? place[i] : sum / n;
        }
        std::ranges::stable_sort(layer, {}, [&](std::size_t i) { return wanted[i]; });
        number(layer);
      }
    }
  }

  void place() {
    std::vector<double> widths;
    for (const auto& layer : layers_) {
      double width = -gap_x;
      for (const auto i : layer) width += boxes_[i].width + gap_x;
      widths.push_back(width);
      width_ = std::max(width_, width + 2 * margin);
    }
    for (std::size_t at = 0; at < layers_.size(); ++at) {
      double x = (width_ - widths[at]) / 2;
      for (const auto i : layers_[at]) {
        boxes_[i].x = x;
        x += boxes_[i].width + gap_x;
      }
    }
  }

  const TermGraph& graph_;
  std::vector<Box> boxes_;
  std::vector<std::vector<std::size_t>> layers_;
  double width_ = 2 * margin;
};

constexpr std::string_view style =
    ".lt text{font:12px system-ui,sans-serif;fill:#1b2330;text-anchor:middle}.lt rect{fill:#f6f8fa;stroke:#8a94a3}"
    ".lt .root rect{fill:#dbe9ff;stroke:#2457a6;stroke-width:1.6}.lt .out rect{stroke-dasharray:4 3;fill:none}"
    ".lt path{fill:none;stroke:#9aa5b4}@media(prefers-color-scheme:dark){.lt text{fill:#e6e9ee}.lt rect{fill:#1b2129;"
    "stroke:#5b6675}.lt .root rect{fill:#1d3557;stroke:#8ab4f8}.lt path{stroke:#5b6675}}";

}  // namespace
}  // namespace faces

std::string to_svg(const TermGraph& graph) {
  using base::escaped;
  const faces::Layout layout(graph);
  const auto& boxes = layout.boxes();
  std::string out = fmt::format(
      R"(<svg class="lt" xmlns="http://www.w3.org/2000/svg" role="img" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" style="max-width:100%;height:auto"><style>{2}</style>)",
      layout.width(), layout.total_height(), faces::style);
  if (!graph.nodes.empty()) out += fmt::format("<title>{}</title>", escaped(graph.nodes[0].name));
  for (const auto& [child, parent] : graph.edges) {
    const double x = boxes[parent].middle(), y = faces::Layout::top(boxes[parent].layer) + faces::height;
    const double to_x = boxes[child].middle(), to_y = faces::Layout::top(boxes[child].layer);
    const double bend = (to_y - y) / 2;
    out += fmt::format(R"(<path d="M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}"/>)", x, y, x, y + bend,
                       to_x, to_y - bend, to_x, to_y);
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const auto& node = graph.nodes[i];
    const double y = faces::Layout::top(boxes[i].layer);
    out += fmt::format(R"(<g class="{}{}"><title>{}</title><rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" )"
                       R"(rx="6"/><text x="{:.1f}" y="{:.1f}">{}</text></g>)",
                       i == 0 ? "root" : "", node.registered ? "" : " out",
                       escaped(node.id.empty() ? node.name : node.id + " " + node.name), boxes[i].x, y, boxes[i].width,
                       faces::height, boxes[i].middle(), y + faces::height / 2 + 4, escaped(boxes[i].text));
  }
  return out + "</svg>";
}

}  // namespace lamin
