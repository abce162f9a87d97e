#include "format/terms_json.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include "format/json_events.hpp"
#include "format/obo_frames.hpp"
#include "format/term_names.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using Scope = Synonym::Scope;

/// What the members of a container are.
enum class Within : std::uint8_t {
  ignored,
  document,
  root,
  graphs,
  graph,
  graph_meta,
  graph_properties,
  graph_property,
  nodes,
  node,
  meta,
  definition,
  definition_xrefs,
  synonyms,
  synonym,
  synonym_xrefs,
  properties,
  property,
  xrefs,
  xref,
  subsets,
  comments,
  edges,
  edge,
  guide_term,
  guide_synonyms,
  guide_ancestors,
  guide_consider,
  guide_comments,
};

struct Step {
  Within in;
  std::string_view key;
  bool object;
  Within to;
};
constexpr std::array<Step, 25> steps{{
    {Within::graphs, "", true, Within::graph},
    {Within::graph, "meta", true, Within::graph_meta},
    {Within::graph, "nodes", false, Within::nodes},
    {Within::graph, "edges", false, Within::edges},
    {Within::graph_meta, "basicPropertyValues", false, Within::graph_properties},
    {Within::graph_properties, "", true, Within::graph_property},
    {Within::nodes, "", true, Within::node},
    {Within::node, "meta", true, Within::meta},
    {Within::meta, "definition", true, Within::definition},
    {Within::definition, "xrefs", false, Within::definition_xrefs},
    {Within::meta, "synonyms", false, Within::synonyms},
    {Within::synonyms, "", true, Within::synonym},
    {Within::synonym, "xrefs", false, Within::synonym_xrefs},
    {Within::meta, "basicPropertyValues", false, Within::properties},
    {Within::properties, "", true, Within::property},
    {Within::meta, "xrefs", false, Within::xrefs},
    {Within::xrefs, "", true, Within::xref},
    {Within::meta, "subsets", false, Within::subsets},
    {Within::meta, "comments", false, Within::comments},
    {Within::edges, "", true, Within::edge},
    {Within::guide_term, "synonyms", false, Within::guide_synonyms},
    {Within::guide_term, "ancestors", true, Within::guide_ancestors},
    {Within::guide_term, "consider", false, Within::guide_consider},
    {Within::guide_term, "comments", false, Within::guide_comments},
    {Within::document, "", true, Within::root},
}};

Scope scope_of(std::string_view predicate) {
  if (predicate == "hasExactSynonym") return Scope::exact;
  if (predicate == "hasBroadSynonym") return Scope::broad;
  if (predicate == "hasNarrowSynonym") return Scope::narrow;
  return Scope::related;
}

/// A property of a node or of the graph.
struct Property {
  std::string predicate, value;
};

void take_property(Property&& property, Term& term) {
  const auto name = local_name(property.predicate);
  if (name == "hasAlternativeId") add_id(term.alt_ids, curie_of(property.value));
  else if (name == "IAO_0100001") add_id(term.replaced_by, curie_of(property.value));
  else if (name == "consider") add_id(term.consider, curie_of(property.value));
  else if (!property.value.empty()) term.properties.emplace_back(property_called(name), std::move(property.value));
}

/// The terms of OBO graphs: nodes are terms and relations, edges lead from a term to another. In files whose keys are
/// sorted, edges come first.
class Graphs {
 public:
  explicit Graphs(std::size_t bytes) { frames_.expect(bytes / 2); }  // JSON is more than twice as long as OBO
  /// Returns what there is to complain of.
  std::string take_node(std::string_view id, std::string&& label, std::string_view type, Term&& term) {
    term.id = curie_of(id);
    if (type == "PROPERTY") {
      std::ranges::replace(label, ' ', '_');
      relations_.emplace(std::move(term.id), std::move(label));
      return {};
    }
    if (type == "INDIVIDUAL") individuals_.insert(term.id);
    if (type == "INDIVIDUAL" || id.starts_with("_:")) return {};
    term.name = std::move(label);
    return frames_.add(std::move(term));
  }
  void take_edge(std::string_view subject, std::string_view predicate, std::string_view object) {
    const bool of_terms = predicate == "is_a" || predicate.find("://") != predicate.npos;
    if (!of_terms || subject.starts_with("_:")) return;  // "type", "subPropertyOf", "inverseOf"
    auto [number, is_new] = predicate_numbers_.try_emplace(std::string(predicate), predicates_.size());
    if (is_new) predicates_.push_back(number->first);
    edges_.push_back({curie_of(subject), curie_of(object), static_cast<std::uint32_t>(number->second)});
  }
  std::vector<Term> take() {
    std::vector<std::string> called;
    for (const auto& predicate : predicates_) called.push_back(predicate == "is_a" ? "" : relation(predicate));
    Term* term = nullptr;  // of the edge before: those of one term mostly follow each other
    for (auto& [subject, object, predicate] : edges_) {
      if (term == nullptr || term->id != subject) {
        if (relations_.contains(subject) || individuals_.contains(subject)) continue;
        term = &frames_.term(subject);  // one of which nothing else is said has no node
      }
      if (called[predicate].empty()) term->is_a.push_back(std::move(object));
      else term->relationships.emplace_back(called[predicate], std::move(object));
    }
    return frames_.take();
  }

 private:
  struct Edge {
    std::string subject, object;
    std::uint32_t predicate;
  };
  std::string relation(std::string_view predicate) const {
    auto curie = curie_of(predicate);
    if (const auto known = relation_called(curie); !known.empty()) return std::string(known);
    const auto named = relations_.find(curie);
    return named == relations_.end() || named->second.empty() ? curie : named->second;
  }

  obo::Frames frames_;
  std::vector<Edge> edges_;
  std::vector<std::string> predicates_;
  std::unordered_map<std::string, std::size_t> predicate_numbers_;
  std::unordered_map<std::string, std::string> relations_;
  std::unordered_set<std::string> individuals_;
};

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

/// Both kinds of documents. Which one it is, is known when "graphs" is met, or at the end.
class Document {
 public:
  using Where = Within;
  Document(std::string_view text, std::string_view name)
      : text_(text), name_(name), places_(text), graphs_(text.size()) {}
  void at(const char* key) { key_ = key; }

  Within enter(Within in, std::string_view key, bool object) {
    if (in == Within::root) {
      is_graph_ = is_graph_ || key == "graphs";
      if (key == "graphs") return object ? Within::ignored : Within::graphs;
      ++members_;
      return object ? Within::guide_term : Within::ignored;
    }
    const auto step = std::ranges::find_if(
        steps, [&](const Step& one) { return one.in == in && one.key == key && one.object == object; });
    if (step == steps.end()) return Within::ignored;
    if (step->to == Within::synonym) term_.synonyms.emplace_back();
    return step->to;
  }
  void leave(Within where, std::string_view key);
  void text(Within in, std::string_view key, std::string_view value);
  void number(Within in, std::string_view key, std::int64_t value) {
    if (in == Within::root) ++members_;
    if (in == Within::guide_ancestors && value == 1)
      add_id(term_.is_a, std::string(key));  // the distance: 1 is a parent
  }
  void truth(Within in, std::string_view key, bool value) {
    if (in == Within::root) ++members_;
    const bool deprecated = key == "deprecated" && (in == Within::meta || in == Within::guide_term);
    if (deprecated) term_.obsolete = value;
  }
  Terms terms() &&;

 private:
  void text_of_node(Within in, std::string_view key, std::string_view value);
  void text_of_guide(Within in, std::string_view key, std::string_view value);
  void end_node();
  void end_edge();
  void end_guide_term(std::string_view id);

  /// Of the last key; one with escapes is no part of the text.
  Place line() {
    const bool inside = key_ >= text_.data() && key_ <= text_.data() + text_.size();
    return inside ? Place{places_.of(key_).line} : Place{};
  }

  std::string_view text_, name_;
  Places places_;
  const char* key_ = nullptr;
  Terms terms_;
  Graphs graphs_;
  bool is_graph_ = false;
  std::string id_, label_, type_;  // of the node
  bool labelled_ = false;
  Term term_;
  Property property_;
  std::string subject_, predicate_, object_;  // of the edge
  std::string version_info_;
  std::size_t members_ = 0;
  std::vector<Term> guide_;
  Complaints of_guide_;
};

void Document::text(Within in, std::string_view key, std::string_view value) {
  switch (in) {
    case Within::graph:
      if (key == "id" && terms_.ontology.empty()) terms_.ontology = ontology_in(value);
      return;
    case Within::graph_meta:
      if (key == "version" && terms_.version.empty()) terms_.version = version_in(value);
      return;
    case Within::graph_property:
    case Within::property:
      if (key == "pred") property_.predicate = value;
      else if (key == "val") property_.value = value;
      return;
    case Within::edge:
      if (key == "sub") subject_ = value;
      else if (key == "pred") predicate_ = value;
      else if (key == "obj") object_ = value;
      return;
    case Within::root: ++members_; return;
    default: in >= Within::guide_term ? text_of_guide(in, key, value) : text_of_node(in, key, value);
  }
}

void Document::text_of_node(Within in, std::string_view key, std::string_view value) {
  switch (in) {
    case Within::node:
      if (key == "id") id_ = value;
      else if (key == "lbl") label_ = value;
      else if (key == "type") type_ = value;
      return;
    case Within::definition:
      if (key == "val") term_.definition = value;
      return;
    case Within::definition_xrefs: return add_id(term_.definition_sources, std::string(value));
    case Within::synonym:
      if (key == "val") term_.synonyms.back().text = value;
      else if (key == "pred") term_.synonyms.back().scope = scope_of(value);
      else if (key == "synonymType") term_.synonyms.back().type = local_name(value);
      return;
    case Within::synonym_xrefs: term_.synonyms.back().sources.emplace_back(value); return;
    case Within::xref:
      if (key == "val") add_id(term_.xrefs, std::string(value));
      return;
    case Within::subsets: return add_id(term_.subsets, std::string(local_name(value)));
    case Within::comments: term_.properties.emplace_back("comment", value); return;
    default: return;
  }
}

void Document::text_of_guide(Within in, std::string_view key, std::string_view value) {
  switch (in) {
    case Within::guide_term:
      if (key == "label") {
        term_.name = value;
        labelled_ = true;
      } else if (key == "description") {
        term_.definition = value;
      } else if (key == "replaced_by") {
        add_id(term_.replaced_by, curie_of(value));
      } else if (key == "term_tracker" && !value.empty()) {
        term_.properties.emplace_back("term_tracker", value);
      }
      return;
    case Within::guide_synonyms:
      if (!value.empty()) term_.synonyms.push_back({.text = std::string(value), .scope = Scope::exact});
      return;
    case Within::guide_consider: return add_id(term_.consider, curie_of(value));
    case Within::guide_comments: term_.properties.emplace_back("comment", value); return;
    default: return;
  }
}

void Document::leave(Within where, std::string_view key) {
  switch (where) {
    case Within::node: return end_node();
    case Within::edge: return end_edge();
    case Within::guide_term: return end_guide_term(key);
    case Within::synonym:
      if (term_.synonyms.back().text.empty()) term_.synonyms.pop_back();
      return;
    case Within::property:
      take_property(std::move(property_), term_);
      property_ = {};
      return;
    case Within::graph_property:
      if (local_name(property_.predicate) == "versionInfo") version_info_ = std::move(property_.value);
      property_ = {};
      return;
    default: return;
  }
}

void Document::end_node() {
  if (id_.empty()) terms_.complaints.add([&] { return line(); }, "a node without an id is left out");
  else if (auto other = graphs_.take_node(id_, std::move(label_), type_, std::move(term_)); !other.empty())
    terms_.complaints.add([&] { return line(); }, std::move(other));
  id_.clear();
  label_.clear();
  type_.clear();
  term_ = {};
}

void Document::end_edge() {
  if (subject_.empty() || predicate_.empty() || object_.empty()) {
    terms_.complaints.add([&] { return line(); },
                          fmt::format("an edge of '{}' without an end or a predicate is left out", subject_));
  } else {
    graphs_.take_edge(subject_, predicate_, object_);
  }
  subject_.clear();
  predicate_.clear();
  object_.clear();
}

void Document::end_guide_term(std::string_view id) {
  if (id.empty() || !labelled_) {
    of_guide_.add([&] { return line(); },
                  fmt::format("'{}' has no {} and is left out", id, id.empty() ? "id" : "label"));
  } else {
    term_.id = id;
    guide_.push_back(std::move(term_));
  }
  labelled_ = false;
  term_ = {};
}

Terms Document::terms() && {
  if (is_graph_) {
    terms_.terms = graphs_.take();
    if (terms_.version.empty()) terms_.version = std::move(version_info_);
    return std::move(terms_);
  }
  // A JSON of another kind has next to no labels.
  if (guide_.empty() || guide_.size() * 2 <= members_) {
    throw Error(Code::corrupt, fmt::format("'{}' is JSON, but neither an OBO graph (with \"graphs\") nor a file of the "
                                           "CELLxGENE guide (a \"label\" for each term).",
                                           name_));
  }
  return {.version = version_of_guide(name_), .terms = std::move(guide_), .complaints = std::move(of_guide_)};
}

}  // namespace

Terms parse_terms_json(std::string_view text, std::string_view name) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Document document(text, name);
  read_json(text, name, document);
  return std::move(document).terms();
}

}  // namespace lamin::format
