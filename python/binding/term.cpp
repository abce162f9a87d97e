// term.cpp -- one term with all that is known of it, its surroundings, and the way from one release to another.
#include "lamin/term.hpp"
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "lamin/describe.hpp"
#include "lamin/upgrade.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

nb::list links(const std::vector<TermLink>& all) {
  nb::list out;
  for (const auto& one : all) out.append(nb::make_tuple(one.relation, one.id, one.name));
  return out;
}

nb::list uses(const std::vector<TermUse>& all) {
  nb::list out;
  for (const auto& one : all) out.append(nb::make_tuple(one.registry, one.count, one.some));
  return out;
}

nb::dict info_dict(TermInfo info, const InstanceRef& session) {
  nb::dict d;
  const auto node = term_node(info);
  d["text"] = to_text(node);
  d["colours"] = to_text(node, true);
  d["html"] = to_html(node);
  d["registry"] = info.registry;
  d["ontology_id"] = info.id;
  d["name"] = info.name;
  d["definition"] = info.definition;
  d["abbr"] = info.abbreviation;
  d["source"] = info.source;
  d["version"] = info.version;
  d["is_registered"] = info.registered;
  d["is_obsolete"] = info.obsolete;
  nb::list synonyms;
  for (const auto& one : info.synonyms) synonyms.append(nb::make_tuple(one.text, one.scope, one.type, one.sources));
  d["synonyms"] = synonyms;
  d["definition_sources"] = info.definition_sources;
  d["xrefs"] = info.xrefs;
  d["alt_ids"] = info.alt_ids;
  d["subsets"] = info.subsets;
  d["replaced_by"] = links(info.replaced_by);
  d["consider"] = links(info.consider);
  d["relations"] = links(info.relations);
  d["children"] = links(info.children);
  d["properties"] = info.properties;
  d["uses"] = uses(info.uses);
  d["record"] = info.registered ? wrap(std::optional<Record>(std::move(info.record)), session) : nb::none();
  return d;
}

nb::dict info_of(const InstanceRef& session, const std::string& registry, const std::string& text) {
  TermInfo info;
  locked(*session, [&] { info = term_info(session->open(), registry, text); });
  return info_dict(std::move(info), session);
}

nb::dict info_of_record(nb::handle object) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  settle(r);
  const Record record = r.record;
  TermInfo info;
  locked(*session, [&] { info = term_info(session->open(), record); });
  return info_dict(std::move(info), session);
}

nb::dict graph_dict(const TermGraph& graph) {
  nb::dict d;
  const auto node = graph_node(graph);
  d["text"] = to_text(node);
  d["colours"] = to_text(node, true);
  d["svg"] = to_svg(graph);
  nb::list nodes, edges;
  for (const auto& one : graph.nodes)
    nodes.append(nb::make_tuple(one.id, one.name, one.level, one.registered, one.hidden));
  for (const auto& [child, parent] : graph.edges) edges.append(nb::make_tuple(child, parent));
  d["nodes"] = nodes;
  d["edges"] = edges;
  d["cut"] = graph.cut;
  return d;
}

/// (id, name, synonyms, score, registered), why no release was searched, and whether none contains the text.
nb::tuple searched(const InstanceRef& session, const std::string& registry, const std::string& text, std::int64_t limit,
                   bool fuzzy) {
  TermSearch found;
  locked(*session, [&] { found = search_terms(session->open(), registry, text, {.limit = limit, .fuzzy = fuzzy}); });
  nb::list terms;
  for (const auto& [record, score, registered] : found.terms) {
    const auto& table = record.table();
    terms.append(nb::make_tuple(record.text(table.id_field), record.text(table.name_field), record.text("synonyms"),
                                score, registered));
  }
  return nb::make_tuple(terms, found.only_registered, found.only_near);
}

nb::dict graph_of(const InstanceRef& session, const std::string& registry, const std::string& text, int up, int down,
                  const std::string& relation) {
  TermGraph graph;
  const TermGraphOptions options{.up = up, .down = down, .relation = relation};
  locked(*session, [&] { graph = term_graph(session->open(), registry, text, options); });
  return graph_dict(graph);
}

nb::dict graph_of_record(nb::handle object, int up, int down, const std::string& field) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  const Record record = r.record;
  TermGraph graph;
  const TermGraphOptions options{.up = up, .down = down, .field = field};
  locked(*session, [&] { graph = row_graph(session->open(), record, options); });
  return graph_dict(graph);
}

nb::dict upgrade_dict(const Upgrade& upgrade) {
  nb::dict d;
  d["number"] = upgrade.number;
  d["registry"] = upgrade.registry;
  d["source"] = upgrade.source;
  d["from"] = upgrade.from;
  d["to"] = upgrade.to;
  d["applied_at"] = upgrade.applied_at;
  d["undone_at"] = upgrade.undone_at;
  d["rows"] = upgrade.rows;
  d["text"] = to_text(upgrade_node(upgrade));
  d["html"] = to_html(upgrade_node(upgrade));
  return d;
}

/// A plan that Python holds until it is applied.
struct Plan {
  UpgradePlan plan;
  InstanceRef session;

  std::string text(bool colours, std::size_t most) const { return to_text(plan_node(plan, {.most = most}), colours); }
  std::string html(std::size_t most) const { return to_html(plan_node(plan, {.most = most})); }
  std::string json() const { return to_json(plan); }
  nb::dict apply() const {
    Upgrade done;
    locked(*session, [&] { done = apply_upgrade(session->open(), plan); });
    return upgrade_dict(done);
  }
};

Plan planned(const InstanceRef& session, const std::string& registry, nb::handle to,
             const std::map<std::string, std::string>& choose, const std::string& from) {
  PyRecord& row = to_record(to);
  settle(row);
  const Record release = row.record;
  Plan made{.session = session};
  const UpgradeOptions options{.choose = choose, .from = from};
  locked(*session, [&] { made.plan = plan_upgrade(session->open(), registry, release, options); });
  return made;
}

nb::dict differences(const InstanceRef& session, nb::handle from, nb::handle to, std::size_t most) {
  for (const auto& one : {from, to}) settle(to_record(one));
  const Record older = to_record(from).record, newer = to_record(to).record;
  ReleaseDiff diff;
  locked(*session, [&] { diff = diff_releases(session->open(), older, newer); });
  const auto node = diff_node(diff, {.most = most});
  nb::dict d;
  d["text"] = to_text(node);
  d["html"] = to_html(node);
  d["json"] = to_json(diff);
  return d;
}

}  // namespace

void bind_term(nb::module_& m) {
  m.def("term_info", &info_of);
  m.def("term_info_of", &info_of_record);
  m.def("search_terms", &searched);
  m.def("term_graph", &graph_of);
  m.def("row_graph", &graph_of_record);
  nb::class_<Plan>(m, "UpgradePlan")
      .def("text", &Plan::text)
      .def("html", &Plan::html)
      .def("json", &Plan::json)
      .def("apply", &Plan::apply);
  m.def("plan_upgrade", &planned);
  m.def("diff_releases", &differences);
  m.def("undo_upgrade", [](const InstanceRef& session, const std::string& registry, std::int64_t number) {
    Upgrade done;
    locked(*session, [&] { done = undo_upgrade(session->open(), registry, number); });
    return upgrade_dict(done);
  });
  m.def("find_upgrade",
        [](const InstanceRef& session, const std::string& registry, const std::string& to, const std::string& from) {
          Upgrade found;
          locked(*session, [&] { found = find_upgrade(session->open(), registry, to, from); });
          return found.number;
        });
  m.def("upgrades", [](const InstanceRef& session, const std::string& registry) {
    std::vector<Upgrade> all;
    locked(*session, [&] { all = upgrades(session->open(), registry); });
    nb::list out;
    for (const auto& one : all) out.append(upgrade_dict(one));
    return out;
  });
  m.def("ontology_called", [](const InstanceRef& session, const std::string& name) {
    OntologyName found;
    locked(*session, [&] { found = ontology_called(session->open(), name); });
    return nb::make_tuple(found.registry, found.source);
  });
}

}  // namespace lamin::python
