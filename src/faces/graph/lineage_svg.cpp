// lineage_svg.cpp -- a lineage as a drawing, from left to right: data rounded and blue, code square and violet, what
// failed red. Names that do not fit are cut; tooltips have them whole.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include "base/html_text.hpp"
#include "base/time.hpp"
#include "faces/describe/parts.hpp"
#include "faces/graph/drawing.hpp"
#include "lamin/lineage_graph.hpp"

namespace lamin {
namespace faces {
namespace {

using NodeKind = LineageNode::Kind;

constexpr double title_size = 12.5, line_size = 10.5, most_width = 210, least_width = 92, bolder = 1.12,
                 page_width = 1200, icon = 26, box_height = 40;

/// A node as it is drawn.
struct Shown {
  std::string title, line, tooltip, style;
  NodeKind kind = NodeKind::artifact;
};

std::string sentence(std::initializer_list<std::string> parts) {
  std::string out;
  for (const auto& part : parts) {
    if (!part.empty()) out += (out.empty() ? "" : " · ") + part;
  }
  return out;
}

std::string title_of(const LineageNode& node) {
  return node.entrypoint.empty() ? node.name : node.name + ": " + node.entrypoint;
}

// The first version is what one expects.
std::string version_shown(const LineageNode& node) {
  return node.version.empty() || node.version == "0000" ? "" : "version " + node.version;
}

// What is worth knowing at a glance; a status only if it is not what one expects.
std::string line_of(const LineageNode& node) {
  const auto at = node.at ? base::display(*node.at).substr(0, 16) : "";
  switch (node.kind) {
    case NodeKind::run: return sentence({node.status == "completed" ? "" : node.status, at});
    case NodeKind::transform: return sentence({node.type, version_shown(node)});
    case NodeKind::artifact: return sentence({node.size < 0 ? "" : display_size(node.size), version_shown(node)});
    case NodeKind::collection: return sentence({"collection", version_shown(node)});
    default: return "record";
  }
}

std::string tooltip_of(const LineageNode& node) {
  std::string out = fmt::format("{}\n{} {}", title_of(node), word_of(node.kind), node.uid);
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("\n{}: {}", name, value);
  };
  add("kind", node.type);
  add("version", node.version);
  add("status", node.status);
  if (node.size >= 0) add("size", display_size(node.size));
  if (node.at) add(node.kind == NodeKind::run ? "started" : "created", base::display(*node.at));
  if (node.description != node.name) add("description", node.description);
  return out;
}

std::string style_of(const LineageNode& node, bool focus) {
  std::string out = node.is_code() ? "code" : "data";
  if (node.failed()) out += " bad";
  else if (node.kind == NodeKind::run && node.status != "completed") out += " open";
  return focus ? out + " focus" : out;
}

/// A lineage with further results of a run, which lead nowhere, drawn as one box.
class Condensed {
 public:
  Condensed(const LineageGraph& graph, std::size_t most) : place_(graph.nodes.size(), none) {
    std::vector<std::size_t> degree(graph.nodes.size(), 0);
    for (const auto& edge : graph.edges) {
      ++degree[edge.from];
      ++degree[edge.to];
    }
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (i == 0 || degree[i] != 1 || graph.nodes[i].is_code() || most == 0) show(graph.nodes[i], i);
    }
    // By run and direction: the inputs that nobody made, and the results that nobody used.
    std::map<std::pair<std::size_t, bool>, std::vector<std::size_t>> ends;
    for (const auto& edge : graph.edges) {
      const bool into = place_[edge.from] == none;
      const auto end = into ? edge.from : edge.to;
      if (place_[end] == none) ends[{into ? edge.to : edge.from, into}].push_back(end);
    }
    for (const auto& [of, members] : ends) {
      const auto shown = members.size() > most ? most - 1 : members.size();
      for (std::size_t i = 0; i < shown; ++i) show(graph.nodes[members[i]], members[i]);
      if (shown == members.size()) continue;
      for (std::size_t i = shown; i < members.size(); ++i) place_[members[i]] = nodes.size();
      nodes.push_back({.title = fmt::format("{} more", members.size() - shown),
                       .line = of.second ? "inputs" : "results",
                       .tooltip = fmt::format("{} more {}", members.size() - shown, of.second ? "inputs" : "results"),
                       .style = "data more"});
    }
    std::map<std::pair<std::size_t, std::size_t>, LineageEdge::Kind> once;
    for (const auto& edge : graph.edges) once.emplace(std::pair(place_[edge.from], place_[edge.to]), edge.kind);
    for (const auto& [ends_of, kind] : once) {
      edges.push_back(ends_of);
      kinds.push_back(kind);
    }
  }

  std::vector<Shown> nodes;
  Edges edges;
  std::vector<LineageEdge::Kind> kinds;

 private:
  static constexpr auto none = static_cast<std::size_t>(-1);

  void show(const LineageNode& node, std::size_t i) {
    place_[i] = nodes.size();
    nodes.push_back({.title = title_of(node),
                     .line = line_of(node),
                     .tooltip = tooltip_of(node),
                     .style = style_of(node, i == 0),
                     .kind = node.kind});
  }

  std::vector<std::size_t> place_;
};

// A small sign for what it is: a sheet, sheets, a row, a program.
std::string_view sign_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::artifact: return "M0 0h7l4 4v10h-11zM7 0v4h4";
    case NodeKind::collection: return "M3 0h6l3 3v8h-9zM3 3h-3v11h9v-3";
    case NodeKind::record: return "M0 2h12v10h-12zM0 5.3h12M0 8.6h12M4 2v10";
    case NodeKind::transform: return "M4 3l-4 4 4 4M8 3l4 4-4 4";
    default: return "M1 1l11 6-11 6z";
  }
}

std::string style() {
  std::string css =
      ".ll text{font:12.5px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:var(--t)}.ll "
      ".s{font-size:10.5px;fill:var(--m)}.ll rect{stroke-width:1.2}.ll .i{fill:none;stroke-width:1.2;stroke-linejoin:"
      "round}.ll .e{fill:none;stroke:var(--e);stroke-width:1.2}.ll .r{stroke-dasharray:5 3}.ll .a{fill:var(--e)}.ll "
      ".data rect{fill:var(--db);stroke:var(--d)}.ll .data .i{stroke:var(--d)}.ll .code rect{fill:var(--cb);stroke:"
      "var(--c)}.ll .code .i{stroke:var(--c)}.ll .bad rect{fill:var(--xb);stroke:var(--x)}.ll .bad .i{stroke:var(--x)}"
      ".ll .bad .s{fill:var(--x);font-weight:600}.ll .open rect,.ll .more rect{stroke-dasharray:4 3}.ll .focus rect{"
      "stroke-width:3}.ll .focus text{font-weight:600}";
  return css + themed(".ll",
                      "--t:#1b2330;--m:#566072;--e:#8993a3;--d:#2f6fce;--db:#eaf2ff;--c:#6d4fc4;--cb:#f3effd;"
                      "--x:#c62828;--xb:#ffebeb",
                      "--t:#e6e9ee;--m:#a4aebd;--e:#76818f;--d:#6ea8ff;--db:#17263d;--c:#b39dfb;--cb:#251f3a;"
                      "--x:#ff7b72;--xb:#3d1a1c");
}

class Drawing {
 public:
  Drawing(const LineageGraph& graph, const LineageDrawing& options)
      : shown_(graph, options.most_results), label_(title_of(graph.nodes.at(0))), cut_(graph.cut) {
    std::vector<Box> boxes;
    for (auto& node : shown_.nodes) {
      const bool bold = node.style.ends_with("focus");
      const double size = bold ? title_size * bolder : title_size;
      node.title = fitted(node.title, size, most_width - icon - 10);
      const double small = bold || node.style.find("bad") != std::string::npos ? line_size * bolder : line_size;
      const auto text = std::max(text_width(node.title, size), text_width(node.line, small));
      boxes.push_back({.width = std::clamp(text + icon + 12, least_width, most_width + 2), .height = box_height});
    }
    layout_ = lay_out(boxes, shown_.edges, {.flow = flow_, .between_layers = 44, .between_boxes = 12, .margin = 10});
    if (layout_.width <= page_width) return;
    auto down = lay_out(std::move(boxes), shown_.edges,
                        {.flow = Flow::down, .between_layers = 40, .between_boxes = 14, .margin = 10});
    if (down.width >= layout_.width) return;
    layout_ = std::move(down);
    flow_ = Flow::down;
  }

  bool fits() const { return layout_.width <= page_width * 1.5; }
  std::string svg() {
    if (cut_) layout_.height += 16;
    std::string out = fmt::format(
        R"(<svg class="ll" xmlns="http://www.w3.org/2000/svg" role="img" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-label="{2}"><style>{3}</style><title>{2}</title>)",
        coordinate(layout_.width), coordinate(layout_.height), base::escaped("Lineage of " + label_), style());
    for (std::size_t i = 0; i < layout_.lines.size(); ++i) edge(out, i);
    for (std::size_t i = 0; i < shown_.nodes.size(); ++i) node(out, i);
    if (cut_)
      out += fmt::format(R"(<text class="s" x="10" y="{}">There is more: this is cut.</text>)",
                         coordinate(layout_.height - 4));
    return out + "</svg>";
  }

 private:
  void edge(std::string& out, std::size_t i) const {
    auto line = layout_.lines[i];
    if (line.points.empty()) return;
    const auto tip = line.points.back();
    const bool right = flow_ == Flow::right;
    const bool forward = right ? line.points.front().x <= tip.x : line.points.front().y <= tip.y;
    constexpr double half = 3.2;
    const double head = forward ? -6 : 6;
    (right ? line.points.back().x : line.points.back().y) += head;
    const auto arrow =
        right ? fmt::format("l{} {}v{}z", head, -half, 2 * half) : fmt::format("l{} {}h{}z", -half, head, 2 * half);
    const bool dashed = shown_.kinds[i] == LineageEdge::Kind::recreated;
    out += fmt::format(R"(<path class="e{}" d="{}"/><path class="a" d="M{} {}{}"/>)", dashed ? " r" : "",
                       curve(line, flow_), coordinate(tip.x), coordinate(tip.y), arrow);
  }

  void node(std::string& out, std::size_t i) const {
    const auto& [title, line, tooltip, style, kind] = shown_.nodes[i];
    const auto& box = layout_.boxes[i];
    const bool code = kind == NodeKind::run || kind == NodeKind::transform, more = style.ends_with("more");
    out += fmt::format(
        R"g(<g class="{}" transform="translate({} {})"><title>{}</title><rect width="{}" height="{}" rx="{}"/>)g",
        style, coordinate(box.x), coordinate(box.y), base::escaped(tooltip), coordinate(box.width), box_height,
        code ? 2 : 9);
    if (!more) out += fmt::format(R"g(<path class="i" transform="translate(8 13)" d="{}"/>)g", sign_of(kind));
    const double x = more ? 12 : icon;
    if (line.empty()) {
      out += fmt::format(R"(<text x="{}" y="24.5">{}</text></g>)", x, base::escaped(title));
    } else {
      out += fmt::format(R"(<text x="{0}" y="17">{1}</text><text class="s" x="{0}" y="32">{2}</text></g>)", x,
                         base::escaped(title), base::escaped(line));
    }
  }

  Condensed shown_;
  std::string label_;
  bool cut_;
  Flow flow_ = Flow::right;  ///< down where that is narrower and the page too narrow
  Layout layout_;
};

}  // namespace
}  // namespace faces

std::string to_svg(const LineageGraph& graph, const LineageDrawing& options) {
  return faces::Drawing(graph, options).svg();
}

std::string to_html(const LineageGraph& graph, const LineageDrawing& options) {
  faces::Drawing drawing(graph, options);
  return faces::framed(drawing.svg(), "Lineage", drawing.fits());
}

}  // namespace lamin
