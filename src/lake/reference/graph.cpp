// graph.cpp -- what is above and below a term, of the registry and of a release beside it.
#include <fmt/format.h>
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "db/connection.hpp"
#include "lake/ontology/closure.hpp"
#include "lake/reference/browse.hpp"
#include "lake/reference/reference.hpp"
#include "lamin/error.hpp"
#include "lamin/term.hpp"
#include "registry/scan.hpp"

namespace lamin {
namespace lake {
namespace {

/// Terms by a key: their public identifier, or "#" and the row's id.
class Web {
 public:
  void add_rows(Instance& instance, const schema::Table& table, bool registered, std::string_view shown = {}) {
    const bool has_ids = !table.id_field.empty();
    const auto& name = table.column(shown.empty() ? table.name_field.view() : shown);
    registry::ScanOptions options{.columns = {&table.columns[0], &name}};
    if (has_ids) options.columns.push_back(&table.column(table.id_field));
    auto rows = registry::Scan(table, options).rows(instance.database());
    keys_.clear();
    while (rows->next()) {
      std::string key = has_ids && !rows->is_null(2) ? std::string(rows->text(2)) : std::string();
      if (key.empty()) key = fmt::format("#{}", rows->integer(0));
      auto& node = nodes_[key];
      if (registered || node.name.empty()) node.name = text_of(rows->value(1, name.type));
      node.registered = node.registered || registered;
      keys_.emplace(rows->integer(0), std::move(key));
    }
  }
  /// Of the rows that were added last.
  void add_links(Instance& instance, const schema::Table& table) {
    for (const auto& [child, parent] : read_edges(instance.database(), *parents_relation(table))) {
      const auto from = keys_.find(child), to = keys_.find(parent);
      if (from != keys_.end() && to != keys_.end()) link(from->second, to->second);
    }
  }
  void add_relation(const Shelf& shelf, std::string_view relation) {
    if (!shelf || shelf.source == 0) return;
    for (const auto& [child, parent] : stated_relations(shelf.instance->database(), shelf.source, relation)) {
      for (const auto& id : {child, parent}) {
        auto& node = nodes_[id];
        if (!node.name.empty()) continue;
        if (const auto said = find_stated(shelf.instance->database(), shelf.source, id)) node.name = said->name;
      }
      link(child, parent);
    }
  }
  bool empty() const { return links_.empty(); }

  TermGraph around(const std::string& root, const TermGraphOptions& options) {
    TermGraph graph{.up = options.up, .down = options.down};
    put(graph, root, 0);
    walk(graph, root, options.up, options.most, true);
    walk(graph, root, options.down, options.most, false);
    connect(graph);
    return graph;
  }

 private:
  static std::string text_of(const Value& value) {
    if (value.is_null()) return {};
    return value.text() != nullptr ? *value.text() : to_string(value);
  }
  struct One {
    std::string name;
    bool registered = false;
    std::vector<std::string> parents, children;
  };

  void link(const std::string& child, const std::string& parent) {
    if (child == parent || !links_.insert(child + "\n" + parent).second) return;
    nodes_[child].parents.push_back(parent);
    nodes_[parent].children.push_back(child);
  }
  void put(TermGraph& graph, const std::string& key, int level) {
    const auto& one = nodes_[key];
    places_.emplace(key, graph.nodes.size());
    graph.nodes.push_back(
        {.id = key.starts_with('#') ? "" : key, .name = one.name, .level = level, .registered = one.registered});
    order_.push_back(key);
  }
  void walk(TermGraph& graph, const std::string& root, int levels, std::size_t most, bool up) {
    std::vector<std::string> level{root}, next;
    for (int depth = 1; depth <= levels && !level.empty(); ++depth, level.swap(next)) {
      next.clear();
      for (const auto& key : level) {
        auto ways = up ? nodes_[key].parents : nodes_[key].children;
        std::ranges::sort(ways, {}, [&](const std::string& one) { return std::pair(nodes_[one].name, one); });
        for (const auto& other : ways) {
          if (places_.contains(other)) continue;
          if (graph.nodes.size() >= most) {
            graph.cut = true;
            continue;
          }
          put(graph, other, up ? -depth : depth);
          next.push_back(other);
        }
      }
    }
  }
  /// All links between what is shown; what is not is counted.
  void connect(TermGraph& graph) {
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const auto& one = nodes_[order_[i]];
      for (const auto& parent : one.parents) {
        const auto at = places_.find(parent);
        if (at != places_.end()) graph.edges.emplace_back(i, at->second);
        else if (graph.nodes[i].level < 0) ++graph.nodes[i].hidden;
      }
      for (const auto& child : one.children) {
        if (!places_.contains(child) && graph.nodes[i].level >= 0) ++graph.nodes[i].hidden;
      }
    }
  }

  std::unordered_map<std::string, One> nodes_;
  std::unordered_set<std::string> links_;
  std::unordered_map<std::int64_t, std::string> keys_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<std::string> order_;
};

std::string key_of(const TermInfo& info) { return info.id.empty() ? fmt::format("#{}", info.record.id()) : info.id; }

bool is_whole(Instance& instance, const Record& row) {
  const auto source = source_row(instance, row);
  return source && source->at("in_db").boolean_or(false);
}

[[noreturn]] void no_relation(const std::string& relation, const std::vector<std::string>& known) {
  std::vector<std::string_view> views(known.begin(), known.end());
  auto near = base::nearest(relation, views);
  throw Error(Code::not_found, fmt::format("no term has the relation '{}'{}", relation,
                                           known.empty()  ? ""
                                           : near.empty() ? "; there are " + base::join(known, ", ")
                                                          : "; did you mean " + base::join(near, " or ") + "?"));
}

/// The releases that state relations: the row's own here, and one beside.
std::vector<Shelf> shelves(Instance& instance, const schema::Table& table, const TermInfo& info) {
  std::vector<Shelf> all;
  if (info.registered) {
    if (const auto source = source_row(instance, info.record)) {
      all.push_back({.instance = &instance, .source = source->id()});
      if (!is_whole(instance, info.record)) all.push_back(shelf_of(instance, *source, false));
    }
  }
  if (all.empty() || !info.registered) all.push_back(shelf_in_use(instance, table, !info.registered));
  std::erase_if(all, [](const Shelf& shelf) { return !shelf; });
  return all;
}

}  // namespace
}  // namespace lake

TermGraph term_graph(Instance& instance, std::string_view registry, std::string_view text,
                     const TermGraphOptions& options) {
  const auto& table = lake::term_table(instance, registry);
  const auto info = term_info(instance, registry, text);
  if (!info.record) {
    throw Error(Code::invalid_argument,
                fmt::format("{} '{}' is obsolete: nothing is above or below it", info.id, info.name));
  }
  lake::Web web;
  web.add_rows(instance, table, true);
  const bool by_parents = options.relation.empty();
  if (by_parents) web.add_links(instance, table);
  std::vector<std::string> known;
  for (const auto& shelf : lake::shelves(instance, table, info)) {
    if (shelf.instance != &instance) {
      const auto& theirs = shelf.instance->catalog().table(table.qualified);
      web.add_rows(*shelf.instance, theirs, false);
      if (by_parents) web.add_links(*shelf.instance, theirs);
    }
    if (by_parents) continue;
    web.add_relation(shelf, options.relation);
    for (auto& name : lake::relations_of(shelf.instance->database(), shelf.source)) known.push_back(std::move(name));
  }
  if (!by_parents && web.empty()) {
    std::ranges::sort(known);
    const auto repeated = std::ranges::unique(known);
    known.erase(repeated.begin(), repeated.end());
    lake::no_relation(options.relation, known);
  }
  auto graph = web.around(lake::key_of(info), options);
  graph.registry = table.qualified.str();
  graph.relation = options.relation;
  return graph;
}

TermGraph row_graph(Instance& instance, const Record& record, const TermGraphOptions& options) {
  const auto& table = record.table();
  if (lake::parents_relation(table) == nullptr) {
    throw Error(Code::invalid_argument, fmt::format("rows of {} have no parents and children", table.qualified.view()));
  }
  lake::Web web;
  web.add_rows(instance, table, true, options.field);
  web.add_links(instance, table);
  std::string key(table.id_field.empty() ? "" : record.text(table.id_field));
  if (key.empty()) key = fmt::format("#{}", record.id());
  auto graph = web.around(key, options);
  graph.registry = table.qualified.str();
  return graph;
}

}  // namespace lamin
