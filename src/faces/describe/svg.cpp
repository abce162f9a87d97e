// svg.cpp -- a graph of terms as a drawing: in layers, parents above their children, few lines crossing.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include "base/html_text.hpp"
#include "faces/graph/drawing.hpp"
#include "lamin/describe.hpp"

namespace lamin {
namespace faces {
namespace {

constexpr double font = 12, padding = 20, height = 26, most_width = 250;

std::string style() {
  return ".lt text{font:12px system-ui,sans-serif;fill:var(--t);text-anchor:middle}.lt rect{fill:var(--b);stroke:var("
         "--s)}.lt .root rect{fill:var(--rb);stroke:var(--r);stroke-width:1.6}.lt .out rect{stroke-dasharray:4 3;fill:"
         "none}.lt path{fill:none;stroke:var(--e)}" +
         themed(".lt", "--t:#1b2330;--b:#f6f8fa;--s:#8a94a3;--rb:#dbe9ff;--r:#2457a6;--e:#9aa5b4",
                "--t:#e6e9ee;--b:#1b2129;--s:#5b6675;--rb:#1d3557;--r:#8ab4f8;--e:#5b6675");
}

}  // namespace
}  // namespace faces

std::string to_svg(const TermGraph& graph) {
  using base::escaped;
  std::vector<faces::Box> boxes;
  std::vector<std::string> texts;
  for (const auto& node : graph.nodes) {
    texts.push_back(faces::fitted(node.name.empty() ? node.id : node.name, faces::font, faces::most_width));
    boxes.push_back(
        {.width = std::ceil(faces::text_width(texts.back(), faces::font) + faces::padding), .height = faces::height});
  }
  faces::Edges edges;
  for (const auto& [child, parent] : graph.edges) edges.emplace_back(parent, child);
  const auto layout = faces::lay_out(std::move(boxes), edges);
  std::string out = fmt::format(
      R"(<svg class="lt" xmlns="http://www.w3.org/2000/svg" role="img" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" style="max-width:100%;height:auto"><style>{2}</style>)",
      layout.width, layout.height, faces::style());
  if (!graph.nodes.empty()) out += fmt::format("<title>{}</title>", escaped(graph.nodes[0].name));
  for (const auto& line : layout.lines) {
    if (!line.points.empty()) out += fmt::format(R"(<path d="{}"/>)", faces::curve(line, faces::Flow::down));
  }
  for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
    const auto& node = graph.nodes[i];
    const auto& box = layout.boxes[i];
    out += fmt::format(R"(<g class="{}{}"><title>{}</title><rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" )"
                       R"(rx="6"/><text x="{:.1f}" y="{:.1f}">{}</text></g>)",
                       i == 0 ? "root" : "", node.registered ? "" : " out",
                       escaped(node.id.empty() ? node.name : node.id + " " + node.name), box.x, box.y, box.width,
                       box.height, box.x + box.width / 2, box.y + box.height / 2 + 4, escaped(texts[i]));
  }
  return out + "</svg>";
}

}  // namespace lamin
