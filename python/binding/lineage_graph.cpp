// lineage_graph.cpp -- what led to a record and what came of it, with its forms.
#include "lamin/lineage_graph.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include "bind.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

/// A graph that Python holds; forms are made when they are asked for.
struct Graph {
  LineageGraph graph;
};

Graph graph_of(nb::handle object, int up, int down, bool siblings, bool recreated, std::size_t most) {
  PyRecord& r = to_record(object);
  settle(r);
  InstanceRef session = session_of(r);
  const Record record = r.record;
  Graph made;
  const LineageOptions options{.up = up, .down = down, .siblings = siblings, .recreated = recreated, .most = most};
  locked(*session, [&] { made.graph = lineage_graph(session->open(), record, options); });
  return made;
}

nb::list nodes(const Graph& of) {
  nb::list out;
  for (const auto& node : of.graph.nodes) {
    nb::object at = node.at ? from_value(Value(*node.at), Type::time) : nb::none();
    nb::object size = node.size < 0 ? nb::object(nb::none()) : nb::cast(node.size);
    nb::object distance = node.distance ? nb::object(nb::cast(*node.distance)) : nb::none();
    out.append(nb::make_tuple(std::string(word_of(node.kind)), node.uid, node.name, node.description, node.entrypoint,
                              node.type, node.suffix, node.version, node.status, size, at, distance, node.id));
  }
  return out;
}

nb::list edges(const Graph& of) {
  nb::list out;
  for (const auto& edge : of.graph.edges)
    out.append(nb::make_tuple(edge.from, edge.to, std::string(word_of(edge.kind))));
  return out;
}

}  // namespace

void bind_lineage_graph(nb::module_& m) {
  nb::class_<Graph>(m, "LineageGraph")
      .def("nodes", &nodes)
      .def("edges", &edges)
      .def_prop_ro("cut", [](const Graph& g) { return g.graph.cut; })
      .def("text", [](const Graph& g) { return to_text(g.graph); })
      .def("json", [](const Graph& g) { return to_json(g.graph); })
      .def("mermaid", [](const Graph& g) { return to_mermaid(g.graph); })
      .def("svg", [](const Graph& g, std::size_t most) { return to_svg(g.graph, {.most_results = most}); })
      .def("html", [](const Graph& g, std::size_t most) { return to_html(g.graph, {.most_results = most}); });
  m.def("lineage_graph", &graph_of, nb::arg("of"), nb::arg("up"), nb::arg("down"), nb::arg("siblings"),
        nb::arg("recreated"), nb::arg("most") = LineageOptions().most);
}

}  // namespace lamin::python
