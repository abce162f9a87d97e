#include "format/terms_json.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <unordered_map>
#include <unordered_set>
#include "format/term_names.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace json = boost::json;
using Scope = Synonym::Scope;

std::string_view text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

bool is_true_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// The members of an array that are objects; none for anything else.
template <class Use>
void each_at(const json::object& object, std::string_view key, const Use& use) {
  const auto* value = object.if_contains(key);
  const auto* array = value == nullptr ? nullptr : value->if_array();
  if (array == nullptr) return;
  for (const auto& one : *array) {
    if (const auto* member = one.if_object()) use(*member);
  }
}

Scope scope_of(std::string_view predicate) {
  if (predicate == "hasExactSynonym") return Scope::exact;
  if (predicate == "hasBroadSynonym") return Scope::broad;
  if (predicate == "hasNarrowSynonym") return Scope::narrow;
  return Scope::related;
}

/// The texts of an array; none for anything else.
std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const auto* value = object.if_contains(key);
  const auto* array = value == nullptr ? nullptr : value->if_array();
  if (array == nullptr) return texts;
  for (const auto& one : *array) {
    if (const auto* text = one.if_string()) texts.emplace_back(*text);
  }
  return texts;
}

void read_property(const json::object& property, Term& term) {
  const auto name = local_name(text_at(property, "pred"));
  const auto value = text_at(property, "val");
  if (name == "hasAlternativeId") term.alt_ids.push_back(curie_of(value));
  else if (name == "IAO_0100001") term.replaced_by.push_back(curie_of(value));
  else if (name == "consider") term.consider.push_back(curie_of(value));
  else if (!value.empty()) term.properties.emplace_back(property_called(name), value);
}

void read_meta(const json::object& meta, Term& term) {
  if (const auto* definition = meta.if_contains("definition"); definition != nullptr && definition->is_object()) {
    term.definition = text_at(definition->get_object(), "val");
    term.definition_sources = texts_at(definition->get_object(), "xrefs");
  }
  each_at(meta, "synonyms", [&](const json::object& synonym) {
    term.synonyms.push_back({.text = std::string(text_at(synonym, "val")),
                             .scope = scope_of(text_at(synonym, "pred")),
                             .type = std::string(local_name(text_at(synonym, "synonymType"))),
                             .sources = texts_at(synonym, "xrefs")});
  });
  each_at(meta, "basicPropertyValues", [&](const json::object& property) { read_property(property, term); });
  each_at(meta, "xrefs", [&](const json::object& xref) { term.xrefs.emplace_back(text_at(xref, "val")); });
  for (const auto& subset : texts_at(meta, "subsets")) term.subsets.emplace_back(local_name(subset));
  for (auto& comment : texts_at(meta, "comments")) term.properties.emplace_back("comment", std::move(comment));
  term.obsolete = is_true_at(meta, "deprecated");
}

/// One graph: nodes are terms and relations, edges lead from a term to another.
class Graph {
 public:
  explicit Graph(Terms& into) : into_(into) {}

  void read(const json::object& graph) {
    read_header(graph);
    each_at(graph, "nodes", [&](const json::object& node) { read_node(node); });
    each_at(graph, "edges", [&](const json::object& edge) { read_edge(edge); });
  }

 private:
  void read_header(const json::object& graph) {
    if (into_.ontology.empty()) into_.ontology = ontology_in(text_at(graph, "id"));
    const auto* meta = graph.if_contains("meta");
    if (meta == nullptr || !meta->is_object() || !into_.version.empty()) return;
    into_.version = version_in(text_at(meta->get_object(), "version"));
    if (!into_.version.empty()) return;
    each_at(meta->get_object(), "basicPropertyValues", [&](const json::object& property) {
      if (local_name(text_at(property, "pred")) == "versionInfo") into_.version = text_at(property, "val");
    });
  }
  void read_node(const json::object& node) {
    const std::string id(text_at(node, "id"));
    const auto type = text_at(node, "type");
    if (type == "PROPERTY") {
      std::string name(text_at(node, "lbl"));
      std::ranges::replace(name, ' ', '_');
      relations_.emplace(id, std::move(name));
      return;
    }
    if (id.empty()) return into_.complain(0, "a node without an id is left out");
    if (type == "INDIVIDUAL") individuals_.insert(id);
    if (type == "INDIVIDUAL" || id.starts_with("_:")) return;
    Term term{.id = curie_of(id), .name = std::string(text_at(node, "lbl"))};
    if (const auto* meta = node.if_contains("meta"); meta != nullptr && meta->is_object())
      read_meta(meta->get_object(), term);
    places_.emplace(id, into_.terms.size());
    into_.terms.push_back(std::move(term));
  }
  void read_edge(const json::object& edge) {
    const std::string subject(text_at(edge, "sub"));
    const auto predicate = text_at(edge, "pred");
    auto object = curie_of(text_at(edge, "obj"));
    if (subject.empty() || predicate.empty() || object.empty())
      return into_.complain(0, fmt::format("an edge of '{}' without an end or a predicate is left out", subject));
    const bool of_terms = predicate == "is_a" || predicate.find("://") != predicate.npos;
    if (!of_terms) return;  // "type", "subPropertyOf", "inverseOf"
    if (relations_.contains(subject) || individuals_.contains(subject) || subject.starts_with("_:")) return;
    // A term of which nothing else is said has no node.
    const auto [place, is_new] = places_.emplace(subject, into_.terms.size());
    if (is_new) into_.terms.push_back({.id = curie_of(subject)});
    auto& term = into_.terms[place->second];
    if (predicate == "is_a") term.is_a.push_back(std::move(object));
    else term.relationships.emplace_back(relation(predicate), std::move(object));
  }
  std::string relation(std::string_view predicate) const {
    auto curie = curie_of(predicate);
    if (const auto known = relation_called(curie); !known.empty()) return std::string(known);
    const auto named = relations_.find(std::string(predicate));
    return named == relations_.end() || named->second.empty() ? curie : named->second;
  }

  Terms& into_;
  std::unordered_map<std::string, std::size_t> places_;
  std::unordered_map<std::string, std::string> relations_;
  std::unordered_set<std::string> individuals_;
};

/// {"CL:0000084": {"label": ..., "ancestors": {"CL:0000542": 1, ...}, ...}, ...}: of the ancestors, distance 1 is a
/// parent.
Term guide_term(std::string_view id, const json::object& stated) {
  Term term{.id = std::string(id),
            .name = std::string(text_at(stated, "label")),
            .definition = std::string(text_at(stated, "description"))};
  if (const auto* synonyms = stated.if_contains("synonyms"); synonyms != nullptr && synonyms->is_array()) {
    for (const auto& one : synonyms->get_array()) {
      if (const auto* text = one.if_string())
        term.synonyms.push_back({.text = std::string(*text), .scope = Scope::exact});
    }
  }
  if (const auto* ancestors = stated.if_contains("ancestors"); ancestors != nullptr && ancestors->is_object()) {
    for (const auto& [ancestor, distance] : ancestors->get_object()) {
      if (distance.is_int64() && distance.get_int64() == 1) term.is_a.emplace_back(ancestor);
    }
  }
  if (const auto by = text_at(stated, "replaced_by"); !by.empty()) term.replaced_by.push_back(curie_of(by));
  for (const auto& id : texts_at(stated, "consider")) term.consider.push_back(curie_of(id));
  for (auto& comment : texts_at(stated, "comments")) term.properties.emplace_back("comment", std::move(comment));
  if (const auto tracker = text_at(stated, "term_tracker"); !tracker.empty())
    term.properties.emplace_back("term_tracker", tracker);
  term.obsolete = is_true_at(stated, "deprecated");
  return term;
}

/// "2025-02-13" in "CL-ontology-v2025-02-13.json.zst", as the guide calls its files.
std::string version_of_guide(std::string_view file) {
  constexpr std::string_view mark = "-ontology-";
  file = local_name(file);
  const auto at = file.find(mark);
  if (at == file.npos) return {};
  auto version = file.substr(at + mark.size());
  version = version.substr(0, version.find(".json"));
  if (version.starts_with('v')) version.remove_prefix(1);
  return std::string(version);
}

}  // namespace

Terms parse_terms_json(std::string_view text, std::string_view name) {
  boost::system::error_code failed;
  json::monotonic_resource memory;
  json::stream_parser parser(&memory);
  const auto read = parser.write_some(text.data(), text.size(), failed);
  if (!failed) parser.finish(failed);
  if (failed)
    throw Error(Code::corrupt, fmt::format("'{}' is no JSON from byte {} on: {}.", name, read, failed.message()));
  const auto document = parser.release();
  Terms terms;
  const auto* object = document.if_object();
  if (object != nullptr && object->contains("graphs")) {
    each_at(*object, "graphs", [&](const json::object& graph) { Graph(terms).read(graph); });
    return terms;
  }
  if (object != nullptr) {
    for (const auto& [id, stated] : *object) {
      const auto* term = stated.if_object();
      if (term != nullptr && term->contains("label")) terms.terms.push_back(guide_term(id, *term));
      else terms.complain(0, fmt::format("'{}' has no label and is left out", std::string_view(id)));
    }
    // A JSON of another kind has next to no labels.
    if (!terms.terms.empty() && terms.terms.size() * 2 > object->size()) {
      terms.version = version_of_guide(name);
      return terms;
    }
  }
  throw Error(Code::corrupt, fmt::format("'{}' is JSON, but neither an OBO graph (with \"graphs\") nor a file of the "
                                         "CELLxGENE guide (a \"label\" for each term).",
                                         name));
}

}  // namespace lamin::format
