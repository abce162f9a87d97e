// terms.cpp -- a term and its surroundings, for people to read.
#include <fmt/format.h>
#include <algorithm>
#include <set>
#include "base/text.hpp"
#include "faces/describe/parts.hpp"
#include "lamin/describe.hpp"

namespace lamin {
namespace faces {
namespace {

std::string title_of(const std::string& id, const std::string& name) {
  return id.empty() ? name : fmt::format("{} {}", id, name);
}

std::string ids_and_names(const std::vector<TermLink>& links) {
  std::string text;
  for (const auto& link : links) text += (text.empty() ? "" : ", ") + title_of(link.id, link.name);
  return text;
}

void add(Node& node, const char* name, const std::string& text) {
  if (text.empty()) return;
  node.fields.emplace_back(name, text);
  node.fields.emplace_back();  // one a line
}

Node synonyms_of(const TermInfo& term) {
  Node part{.title = "synonyms", .header = {"synonym", "scope", "type", "says who"}};
  for (const auto& one : term.synonyms)
    part.rows.push_back({one.text, one.scope, one.type, base::join(one.sources, ", ")});
  return part;
}

Node links_of(const char* title, const std::vector<TermLink>& links, bool relations) {
  constexpr std::size_t most = 50;
  Node part{.title = title, .header = {"id", "name"}};
  if (relations) part.header.insert(part.header.begin(), "relation");
  for (const auto& link : links) {
    if (part.rows.size() == most) {
      part.cut = true;
      break;
    }
    part.rows.push_back({link.id, link.name});
    if (relations) part.rows.back().insert(part.rows.back().begin(), link.relation);
  }
  return part;
}

Node properties_of(const TermInfo& term) {
  Node part{.title = "also said", .header = {"property", "value"}};
  for (const auto& [name, value] : term.properties) part.rows.push_back({name, value});
  return part;
}

/// A graph, spread out as deep as was asked: what was shown with its branches before is marked, what is not shown is
/// counted.
class Spread {
 public:
  explicit Spread(const TermGraph& graph) : graph_(graph), up_(graph.nodes.size()), down_(graph.nodes.size()) {
    for (const auto& [child, parent] : graph.edges) {
      up_[child].push_back(parent);
      down_[parent].push_back(child);
    }
  }
  bool has(bool above) const {
    return std::ranges::any_of(graph_.nodes,
                               [&](const TermNode& one) { return above ? one.level < 0 : one.level > 0; });
  }
  std::string title(std::size_t at) const {
    const auto& one = graph_.nodes[at];
    return title_of(one.id, one.name);
  }
  void add(Node& node, std::size_t at, bool above, int level = 1) {
    const bool last = level == (above ? graph_.up : graph_.down);
    for (const auto next : above ? up_[at] : down_[at]) {
      const auto& one = graph_.nodes[next];
      if (above ? one.level > 0 : one.level < 0) continue;
      auto& child = node.children.emplace_back(Node{.title = title(next)});
      const auto branches = (above ? up_[next] : down_[next]).size();
      auto hidden = one.hidden;
      if (last) {
        hidden += static_cast<std::int64_t>(branches);
      } else if (seen_.insert({above, next}).second) {
        add(child, next, above, level + 1);
      } else {
        if (branches > 0) child.title += " …";
        hidden = 0;
      }
      if (hidden > 0) child.title += fmt::format(" (+{})", hidden);
    }
  }

 private:
  const TermGraph& graph_;
  std::vector<std::vector<std::size_t>> up_, down_;
  std::set<std::pair<bool, std::size_t>> seen_;
};

}  // namespace
}  // namespace faces

Node term_node(const TermInfo& term) {
  Node node{.title = faces::title_of(term.id, term.name)};
  if (!term.definition.empty()) node.lines = {term.definition};
  using faces::add;
  add(node, "obsolete", !term.obsolete ? "" : term.replaced_by.empty() ? "yes, and nothing replaces it" : "yes");
  add(node, "replaced by", faces::ids_and_names(term.replaced_by));
  add(node, "consider", faces::ids_and_names(term.consider));
  add(node, "registry",
      term.registry + (term.registered ? fmt::format(", uid {}", term.record.uid()) : ", not registered"));
  add(node, "source", term.source.empty() ? "" : term.source + " " + term.version);
  add(node, "abbreviation", term.abbreviation);
  add(node, "definition from", base::join(term.definition_sources, ", "));
  add(node, "former ids", base::join(term.alt_ids, ", "));
  add(node, "xrefs", base::join(term.xrefs, ", "));
  add(node, "subsets", base::join(term.subsets, ", "));
  if (!term.synonyms.empty()) node.children.push_back(faces::synonyms_of(term));
  if (!term.relations.empty()) node.children.push_back(faces::links_of("relations", term.relations, true));
  if (!term.children.empty()) node.children.push_back(faces::links_of("directly below", term.children, false));
  if (!term.properties.empty()) node.children.push_back(faces::properties_of(term));
  if (!term.uses.empty()) {
    Node part{.title = "used by", .header = {"registry", "rows", "such as"}};
    for (const auto& use : term.uses)
      part.rows.push_back({use.registry, std::to_string(use.count), base::join(use.some, ", ")});
    node.children.push_back(std::move(part));
  }
  return node;
}

Node graph_node(const TermGraph& graph) {
  if (graph.nodes.empty()) return {};
  faces::Spread spread(graph);
  Node root{.title = spread.title(0), .cut = graph.cut};
  const bool above = spread.has(true), below = spread.has(false);
  if (above && below) {
    Node up{.title = "above"}, down{.title = "below"};
    spread.add(up, 0, true);
    spread.add(down, 0, false);
    root.children = {std::move(up), std::move(down)};
  } else {
    spread.add(root, 0, above);
  }
  if (!below && graph.nodes[0].hidden > 0) root.title += fmt::format(" (+{} below)", graph.nodes[0].hidden);
  if (graph.cut) root.lines = {"there are more terms than can be shown"};
  return root;
}

}  // namespace lamin
