// lineage_forms.cpp -- a lineage for programs: JSON, and Mermaid's language.
#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>
#include "base/time.hpp"
#include "base/visible.hpp"
#include "lamin/lineage_graph.hpp"

namespace lamin {
namespace {

void quote(std::string& out, std::string_view text) {
  out += '"';
  const auto plain = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != '\x7f';
  };
  if (std::ranges::all_of(text, plain)) {
    out += text;
    out += '"';
    return;
  }
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
        else out += c;
    }
  }
  out += '"';
}

void member(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  fmt::format_to(std::back_inserter(out), ", \"{}\": ", name);
  quote(out, text);
}

// "artifact/UID", quoted, of each node: edges repeat them.
std::vector<std::string> ids_of(const LineageGraph& graph) {
  std::vector<std::string> ids;
  ids.reserve(graph.nodes.size());
  for (const auto& node : graph.nodes) quote(ids.emplace_back(), fmt::format("{}/{}", word_of(node.kind), node.uid));
  return ids;
}

// What Mermaid would read as its own or as HTML is written as a numbered character.
std::string in_mermaid(std::string_view text) {
  std::string out;
  for (const char c : base::visible_line(text)) {
    constexpr std::string_view meant = "\"<>&#`\\";
    if (meant.find(c) == std::string_view::npos) out += c;
    else fmt::format_to(std::back_inserter(out), "#{};", static_cast<int>(c));
  }
  return out;
}

std::string_view shape_of(LineageNode::Kind kind) {
  using NodeKind = LineageNode::Kind;
  switch (kind) {
    case NodeKind::artifact: return "(\"{}\")";
    case NodeKind::collection: return "[[\"{}\"]]";
    case NodeKind::record: return "[(\"{}\")]";
    case NodeKind::run: return "[\"{}\"]";
    default: return "{{{{\"{}\"}}}}";
  }
}

}  // namespace

std::string to_json(const LineageGraph& graph) {
  std::string out = "{\"focus\": ";
  constexpr std::size_t per_node = 300, per_edge = 120;
  out.reserve(graph.nodes.size() * per_node + graph.edges.size() * per_edge);
  const auto ids = ids_of(graph);
  out += ids.empty() ? "null" : ids[0];
  out += ", \"nodes\": [";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    out += i == 0 ? "{\"id\": " : ", {\"id\": ";
    out += ids[i];
    member(out, "kind", word_of(node.kind));
    member(out, "uid", node.uid);
    member(out, "name", node.name);
    member(out, "description", node.description);
    member(out, "entrypoint", node.entrypoint);
    member(out, "type", node.type);
    member(out, "suffix", node.suffix);
    member(out, "version", node.version);
    member(out, "status", node.status);
    if (node.size >= 0) fmt::format_to(std::back_inserter(out), ", \"size\": {}", node.size);
    if (node.at) member(out, node.kind == LineageNode::Kind::run ? "started_at" : "created_at", base::iso(*node.at));
    if (node.distance) fmt::format_to(std::back_inserter(out), ", \"distance\": {}", *node.distance);
    out += '}';
  }
  out += "], \"edges\": [";
  for (std::size_t i = 0; i < graph.edges.size(); ++i) {
    const auto& edge = graph.edges[i];
    out += i == 0 ? "{\"from\": " : ", {\"from\": ";
    out += ids[edge.from];
    out += ", \"to\": ";
    out += ids[edge.to];
    member(out, "kind", word_of(edge.kind));
    out += '}';
  }
  return out + (graph.cut ? "], \"cut\": true}" : "], \"cut\": false}");
}

std::string to_mermaid(const LineageGraph& graph) {
  std::string out = "flowchart LR\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    std::string label = in_mermaid(node.entrypoint.empty() ? node.name : node.name + ": " + node.entrypoint);
    if (node.kind == LineageNode::Kind::run) {
      if (node.at) label += "<br/>" + in_mermaid(base::display(*node.at).substr(0, 16));
      if (node.status != "completed") label += "<br/>" + in_mermaid(node.status);
    }
    out += fmt::format("  n{}", i) + fmt::format(fmt::runtime(shape_of(node.kind)), label);
    out += fmt::format(":::{}\n", node.failed() ? "failed" : node.is_code() ? "code" : "data");
  }
  for (const auto& edge : graph.edges)
    out +=
        fmt::format("  n{} {} n{}\n", edge.from, edge.kind == LineageEdge::Kind::recreated ? "-.->" : "-->", edge.to);
  out +=
      "  classDef data fill:#eaf2ff,stroke:#2f6fce,color:#1b2330\n"
      "  classDef code fill:#f3effd,stroke:#6d4fc4,color:#1b2330\n"
      "  classDef failed fill:#ffebeb,stroke:#c62828,color:#1b2330\n";
  if (!graph.nodes.empty()) out += "  style n0 stroke-width:3px\n";
  return out;
}

}  // namespace lamin
