// graph.cpp -- the graph around a record: one recursive statement over runs or, of a transform, over transforms.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include "base/text.hpp"
#include "db/connection.hpp"
#include "lake/lineage/tidy.hpp"
#include "lamin/lineage_graph.hpp"
#include "registry/reach.hpp"

namespace lamin {
namespace lake {
namespace {

using registry::Cell;
using registry::ReachPart;
using registry::Trip;
using registry::Way;
using schema::Table;
using NodeKind = LineageNode::Kind;
using EdgeKind = LineageEdge::Kind;

// What every part returns, after its number and two ids.
enum Column : int { uid = 3, name, description, extra, type, version, number, at };
constexpr std::size_t cells = 8;
const std::vector<Type>& types() {
  static const auto& all = *new const std::vector<Type>{Type::text, Type::text, Type::text,    Type::text,
                                                        Type::text, Type::text, Type::integer, Type::time};
  return all;
}

/// What a part's rows are: nodes, or edges with the node at their other end.
struct Meaning {
  bool edge = true;
  NodeKind node = NodeKind::artifact;
  EdgeKind kind = EdgeKind::input;
};

Way way(const Table& from, std::initializer_list<std::string_view> names) {
  Way relations;
  const auto* table = &from;
  for (const auto name : names) {
    const auto* relation = table->find_relation(name);
    if (relation == nullptr) return {};
    relations.push_back(relation);
    table = relation->to;
  }
  return relations;
}

void add(std::vector<Way>& ways, const Table& from, std::initializer_list<std::string_view> names) {
  if (auto found = way(from, names); !found.empty()) ways.push_back(std::move(found));
}

class Reading {
 public:
  Reading(Instance& instance, const Record& record, const LineageOptions& options)
      : instance_(instance), record_(record), options_(options), catalog_(instance.catalog()) {}

  LineageGraph graph() {
    const bool of_code = record_.table().qualified == "Transform";
    focus();
    asked_.from = &record_.table();
    asked_.id = record_.id();
    asked_.over = &catalog_.table(of_code ? "Transform" : "Run");
    asked_.types = types();
    asked_.branches = {0, 1};
    if (const auto current = instance_.database().session().branch; current > 1) asked_.branches.push_back(current);
    asked_.most = options_.most == 0 ? 0 : options_.most + 1;
    if (of_code) ask_for_transforms();
    else ask_for_runs();
    const bool distant = far(options_.up) || far(options_.down);
    if (distant) read_far();
    else read_all();
    graph_.up = options_.up != 0;
    graph_.down = options_.down != 0;
    if (distant) leave_out_far(graph_, edges_of(options_.up), edges_of(options_.down));
    if (!options_.siblings) leave_out_siblings(graph_);
    return std::move(graph_);
  }

 private:
  static constexpr std::array<std::pair<NodeKind, std::string_view>, 3> datasets{
      {{NodeKind::artifact, "artifacts"}, {NodeKind::collection, "collections"}, {NodeKind::record, "records"}}};

  const Table& table_of(NodeKind kind) const {
    constexpr std::array<std::string_view, 5> names{"Artifact", "Collection", "Record", "Run", "Transform"};
    return catalog_.table(names.at(static_cast<std::size_t>(kind)));
  }

  // With a limit the statement meets a run once per distance. For a large limit the nearest runs are asked for, however
  // far they are, and what is too far is cut here.
  static bool far(int steps) { return steps > 24; }
  static int walked(int steps) { return far(steps) ? LineageOptions::any : steps; }
  // The edges between what was asked for and what is so many steps away; of a run its inputs are one edge further.
  int edges_of(int steps) const {
    if (steps < 0) return steps;
    const auto kind = graph_.nodes[0].kind;
    if (kind == NodeKind::transform) return steps;
    constexpr std::int64_t most = std::numeric_limits<int>::max();
    return static_cast<int>(std::min(2 * std::int64_t{steps} + (kind == NodeKind::run ? 1 : 0), most));
  }

  // -- what is asked for -----------------------------------------------------------------------------------------

  void ask_for_runs() {
    const Table& run = *asked_.over;
    for (const auto& [kind, plural] : datasets) asked_.shown.push_back(&table_of(kind));
    const bool of_run = asked_.from == asked_.over;
    for (const bool up : {true, false}) {
      const int steps = up ? options_.up : options_.down;
      Trip trip{.first = of_run ? 0 : 1, .steps = walked(steps)};
      if (of_run) trip.start.emplace_back();
      else add(trip.start, *asked_.from, {up ? "run" : "input_of_runs"});
      if (up && options_.recreated && !of_run) add(trip.start, *asked_.from, {"recreating_runs"});
      for (const auto& [kind, plural] : datasets) {
        const auto inputs = fmt::format("input_{}", plural), outputs = fmt::format("output_{}", plural),
                   recreated = fmt::format("recreated_{}", plural);
        if (up) {
          add(trip.next, run, {inputs, "run"});
          if (options_.recreated) add(trip.next, run, {inputs, "recreating_runs"});
        } else {
          add(trip.next, run, {outputs, "input_of_runs"});
          if (options_.recreated) add(trip.next, run, {recreated, "input_of_runs"});
        }
      }
      if (steps != 0 || of_run) add_trip(std::move(trip), steps);
    }
    add_part({.edge = false, .node = NodeKind::run}, {.cells = run_cells(run)});
    for (const auto& [kind, plural] : datasets) {
      for (const auto& [edge, verb] :
           {std::pair{EdgeKind::input, "input"}, {EdgeKind::output, "output"}, {EdgeKind::recreated, "recreated"}}) {
        auto there = way(run, {fmt::format("{}_{}", verb, plural)});
        if (there.empty()) continue;
        add_part({.node = kind, .kind = edge}, {.way = std::move(there), .cells = dataset_cells(table_of(kind))});
      }
    }
  }

  void ask_for_transforms() {
    const Table& transform = *asked_.over;
    for (const auto& [kind, plural] : datasets) asked_.shown.push_back(&table_of(kind));
    asked_.shown.push_back(&transform);
    std::vector<Way> before;
    add(before, transform, {"predecessors"});
    for (const auto& [kind, plural] : datasets)
      add(before, transform, {"runs", "input_" + std::string(plural), "run", "transform"});
    for (const bool up : {true, false}) {
      Trip trip{.first = 0, .steps = walked(up ? options_.up : options_.down)};
      trip.start.emplace_back();
      if (up) {
        trip.next = before;
      } else {
        add(trip.next, transform, {"successors"});
        for (const auto& [kind, plural] : datasets) {
          add(trip.next, transform, {"runs", "output_" + std::string(plural), "input_of_runs", "transform"});
        }
      }
      add_trip(std::move(trip), up ? options_.up : options_.down);
    }
    add_part({.edge = false, .node = NodeKind::transform}, {.cells = transform_cells(transform)});
    for (auto& one : before) {
      add_part({.node = NodeKind::transform, .kind = EdgeKind::precedes},
               {.way = std::move(one), .cells = std::vector<Cell>(cells), .distinct = true});
    }
  }

  void add_trip(Trip trip, int steps) {
    if (far(steps)) far_.push_back(asked_.trips.size());
    asked_.trips.push_back(std::move(trip));
  }

  void add_part(Meaning meaning, ReachPart part) {
    meanings_.push_back(meaning);
    asked_.parts.push_back(std::move(part));
  }

  static Cell cell(const Table& table, std::string_view column) { return {.column = table.find_column(column)}; }
  static Cell cell(const Table& table, std::string_view reference, std::string_view column) {
    const auto* by = table.find_relation(reference);
    return {.column = by->to->find_column(column), .by = by};
  }

  static std::vector<Cell> run_cells(const Table& run) {
    return {cell(run, "uid"),          cell(run, "transform", "key"),  cell(run, "transform", "description"),
            cell(run, "entrypoint"),   cell(run, "transform", "kind"), {},
            cell(run, "_status_code"), cell(run, "started_at")};
  }
  static std::vector<Cell> dataset_cells(const Table& table) {
    const bool keyed = table.find_column("key") != nullptr;
    return {cell(table, "uid"),         cell(table, keyed ? "key" : "name"),
            cell(table, "description"), cell(table, "suffix"),
            cell(table, "kind"),        cell(table, "version_tag"),
            cell(table, "size"),        cell(table, "created_at")};
  }
  static std::vector<Cell> transform_cells(const Table& table) {
    return {cell(table, "uid"),
            cell(table, "key"),
            cell(table, "description"),
            {},
            cell(table, "kind"),
            cell(table, "version_tag"),
            {},
            cell(table, "created_at")};
  }

  // -- what the database says ------------------------------------------------------------------------------------

  void focus() {
    const auto& table = record_.table();
    LineageNode node;
    const auto kinds = {NodeKind::artifact, NodeKind::collection, NodeKind::record, NodeKind::run, NodeKind::transform};
    const auto* kind = std::ranges::find_if(kinds, [&](NodeKind one) { return &table_of(one) == &table; });
    if (kind == kinds.end()) {
      throw Error(Code::invalid_argument,
                  fmt::format("a {} has no lineage: pass an artifact, a collection, a record, a run or a transform",
                              table.name.view()));
    }
    if (!record_.saved()) {
      throw Error(Code::invalid_argument,
                  fmt::format("save the {} first: only what is saved has a lineage", base::lower(table.name.view())));
    }
    node.kind = *kind;
    node.id = record_.id();
    node.uid = record_.uid();
    if (node.kind == NodeKind::run) {  // what it is called is in its transform; a trip over runs meets it
      place(std::move(node));
      return;
    }
    const auto text = [&](const char* field) {
      return std::string(table.find_column(field) ? record_.text(field) : "");
    };
    node.name = text(table.find_column("key") != nullptr ? "key" : "name");
    node.description = text("description");
    node.suffix = text("suffix");
    node.type = text("kind");
    node.version = text("version_tag");
    if (table.find_column("size") != nullptr) node.size = record_.at("size").integer_or(-1);
    if (const auto* created = std::get_if<Time>(&record_.at("created_at"))) node.at = *created;
    complete(node);
    place(std::move(node));
  }

  // What people call it, and which version it is.
  void complete(LineageNode& node) const {
    constexpr std::string_view transfer = "__lamindb_transfer__/";
    if (node.kind == NodeKind::run && node.name.starts_with(transfer) && !node.description.empty())
      node.name = node.description;
    if (node.name.empty()) node.name = node.description.empty() ? node.uid : node.description;
    if (node.version.empty() && node.uid.size() > 4 && table_of(node.kind).has(schema::Trait::versioned))
      node.version = node.uid.substr(node.uid.size() - 4);
  }

  std::size_t place(LineageNode node) {
    const auto [found, fresh] = places_.emplace(std::pair(node.kind, node.id), graph_.nodes.size());
    if (fresh) graph_.nodes.push_back(std::move(node));
    return found->second;
  }

  LineageNode node_of(db::Rows& rows, NodeKind kind, int id) const {
    const auto text = [&](int column) { return rows.is_null(column) ? std::string() : std::string(rows.text(column)); };
    LineageNode node{.kind = kind, .id = rows.integer(id)};
    node.uid = text(Column::uid);
    node.name = text(Column::name);
    node.description = text(Column::description);
    node.type = text(Column::type);
    node.version = text(Column::version);
    if (kind == NodeKind::run) {
      node.entrypoint = text(Column::extra);
      node.status = schema::word_of(table_of(kind).column("_status_code"), rows.integer(Column::number));
    } else {
      node.suffix = text(Column::extra);
      if (!rows.is_null(Column::number)) node.size = rows.integer(Column::number);
    }
    if (const auto time = rows.value(Column::at, Type::time); const auto* known = std::get_if<Time>(&time))
      node.at = *known;
    complete(node);
    return node;
  }

  void read_all() {
    if (!asked_.trips.empty()) read();
    tidy(graph_);
    measure(graph_, options_.recreated);
  }

  /// Asks for more and more until what was met last is farther away than what is wanted.
  void read_far() {
    std::size_t most = 32;  // runs, for each step
    for (const int steps : {options_.up, options_.down})
      if (far(steps)) most = std::max(most, 32 * static_cast<std::size_t>(steps));
    for (;; most *= 8) {
      if (asked_.most != 0) most = std::min(most, asked_.most);
      for (const auto trip : far_) asked_.trips.at(trip).most = most;
      graph_ = {};
      places_.clear();
      focus();
      read_all();
      if (most == asked_.most || is_enough(most)) return;
    }
  }

  bool is_enough(std::size_t most) const {
    const auto runs = std::ranges::count_if(graph_.nodes, &LineageNode::is_code);
    if (static_cast<std::size_t>(runs) < most) return true;
    const auto beyond = [&](int steps, int sign) {
      return !far(steps) || std::ranges::any_of(graph_.nodes, [&](const LineageNode& node) {
        return node.distance && sign * *node.distance > edges_of(steps);
      });
    };
    return beyond(options_.up, -1) && beyond(options_.down, 1);
  }

  void read() {
    const auto over = asked_.over == &table_of(NodeKind::run) ? NodeKind::run : NodeKind::transform;
    struct Raw {
      std::int64_t met, end;
      Meaning meaning;
    };
    std::vector<Raw> edges;
    std::size_t met = 0;
    const auto rows = registry::reach(instance_.database(), asked_);
    while (rows->next()) {
      const auto& meaning = meanings_.at(static_cast<std::size_t>(rows->integer(0)));
      if (!meaning.edge) {
        ++met;
        auto node = node_of(*rows, over, 1);
        if (const auto known = places_.find({over, node.id}); known != places_.end())
          graph_.nodes[known->second] = std::move(node);
        else place(std::move(node));
        continue;
      }
      edges.push_back({rows->integer(1), rows->integer(2), meaning});
      const bool seen = meaning.node == over || (meaning.kind == EdgeKind::recreated && !options_.recreated) ||
                        places_.contains({meaning.node, edges.back().end});
      if (!seen) place(node_of(*rows, meaning.node, 2));
    }
    graph_.cut = options_.most != 0 && met > options_.most;
    for (const auto& edge : edges) {
      const auto code = places_.find({over, edge.met}), other = places_.find({edge.meaning.node, edge.end});
      if (code == places_.end() || other == places_.end() || code == other) continue;
      const bool into = edge.meaning.kind == EdgeKind::input || edge.meaning.kind == EdgeKind::precedes;
      graph_.edges.push_back({.from = into ? other->second : code->second,
                              .to = into ? code->second : other->second,
                              .kind = edge.meaning.kind});
    }
  }

  Instance& instance_;
  const Record& record_;
  const LineageOptions& options_;
  const schema::Catalog& catalog_;
  registry::ReachOptions asked_;
  std::vector<std::size_t> far_;  ///< trips of many steps
  std::vector<Meaning> meanings_;
  LineageGraph graph_;
  std::map<std::pair<NodeKind, std::int64_t>, std::size_t> places_;
};

}  // namespace
}  // namespace lake

std::string_view word_of(LineageNode::Kind kind) {
  constexpr std::array<std::string_view, 5> words{"artifact", "collection", "record", "run", "transform"};
  return words.at(static_cast<std::size_t>(kind));
}

std::string_view word_of(LineageEdge::Kind kind) {
  constexpr std::array<std::string_view, 4> words{"input", "output", "recreated", "precedes"};
  return words.at(static_cast<std::size_t>(kind));
}

LineageGraph lineage_graph(Instance& instance, const Record& record, const LineageOptions& options) {
  return lake::Reading(instance, record, options).graph();
}

}  // namespace lamin
