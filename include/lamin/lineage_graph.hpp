// lineage_graph.hpp -- everything that led to a record and everything that came of it, as a graph.
//
// Of an artifact, a collection, a record or a run the nodes are datasets and runs: a run is between its inputs and its
// outputs. Of a transform they are transforms: one comes after another if a run of it used what a run of the other
// made, or if the other was declared its predecessor. What is in the trash is not shown, unless it was asked for. The
// database answers with one recursive statement, however deep the lineage is.
//
// The graph is shown by to_text, to_svg, to_mermaid and to_json, which need nothing but the graph. Names are escaped as
// each form demands.
//
// Example: examples/cpp/lineage_graph.cpp
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct LineageNode {
  enum class Kind : std::uint8_t { artifact, collection, record, run, transform };
  Kind kind = Kind::artifact;
  std::int64_t id = 0;
  std::string uid = {};
  std::string name = {};         ///< key or name, otherwise the description; of a run the key of its transform
  std::string description = {};  ///< of a run that of its transform
  std::string entrypoint = {};   ///< of a run: the called function
  std::string type = {};    ///< of an artifact "dataset", "model", ...; of a run or transform "script", "notebook", ...
  std::string suffix = {};  ///< of an artifact
  std::string version = {};     ///< of what has versions: its tag, otherwise the last characters of its uid
  std::string status = {};      ///< of a run: "started", "completed", "errored", ...
  std::int64_t size = -1;       ///< of an artifact, in bytes; -1: unknown
  std::optional<Time> at = {};  ///< created; of a run: started
  /// Edges between it and what was asked for, negative for what came before; nullopt for another result of a run.
  std::optional<int> distance = {};
  bool is_code() const { return kind == Kind::run || kind == Kind::transform; }
  bool failed() const { return status == "errored" || status == "aborted"; }
};
std::string_view word_of(LineageNode::Kind kind);  ///< "artifact"

struct LineageEdge {
  enum class Kind : std::uint8_t {
    input,      ///< from a dataset to the run that used it
    output,     ///< from a run to what it made
    recreated,  ///< from a run to what existed and was made again
    precedes    ///< from a transform to one that runs after it
  };
  std::size_t from = 0, to = 0;  ///< positions of nodes
  Kind kind = Kind::input;
};
std::string_view word_of(LineageEdge::Kind kind);  ///< "input"

struct LineageGraph {
  std::vector<LineageNode> nodes = {};  ///< the first is what was asked for
  std::vector<LineageEdge> edges = {};
  bool up = true, down = true;  ///< which directions were asked for
  bool cut = false;             ///< there is more than LineageOptions::most runs
};

struct LineageOptions {
  static constexpr int any = -1;
  int up = any, down = any;    ///< up to n runs away (for a transform: n transforms); 0 = not in this direction
  bool siblings = true;        ///< also the other results of runs, which did not lead to what was asked for
  bool recreated = false;      ///< also runs that made again what another run had made
  std::size_t most = 100'000;  ///< runs per direction; 0 = all
};

/// Throws invalid_argument for a row of another registry, or one that is not saved.
LineageGraph lineage_graph(Instance& instance, const Record& record, const LineageOptions& options = {});

/// A tree for each direction. What is deeper than 20 steps follows as a tree of its own, so the text grows with the
/// number of nodes.
std::string to_text(const LineageGraph& graph);
/// {"focus", "nodes": [{"id", "kind", "uid", "name", ...}], "edges": [{"from", "to", "kind"}], "cut"}; ids are
/// "artifact/UID".
std::string to_json(const LineageGraph& graph);
/// A flowchart in Mermaid's language.
std::string to_mermaid(const LineageGraph& graph);
struct LineageDrawing {
  std::size_t most_results = 8;  ///< of one run that lead nowhere; further ones are counted. 0 = all
};
/// A drawing, from left to right, in the colours of the page, light or dark; full names are shown by tooltips.
std::string to_svg(const LineageGraph& graph, const LineageDrawing& options = {});
/// The drawing in a frame that scrolls and zooms, for a page; without scripts.
std::string to_html(const LineageGraph& graph, const LineageDrawing& options = {});

}  // namespace lamin
