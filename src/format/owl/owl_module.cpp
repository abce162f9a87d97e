// owl_module.cpp -- OWL in RDF/XML: what it says of classes, in the terms of OBO.
//
// A class may be stated in several elements (owl:Class, rdf:Description, owl:NamedIndividual): they are one term. Of
// its superclasses, a named one is a parent, a restriction "property some class" a relationship; what is said by
// equivalence or inside of other expressions is not asserted, and left out.
#include <fmt/format.h>
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <unordered_map>
#include <vector>
#include "format/owl.hpp"
#include "format/owl/entities.hpp"
#include "format/owl/line_ends.hpp"
#include "format/owl/names.hpp"
#include "format/term_names.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using owl::rdf_space;
using pugi::xml_node;
using Scope = Synonym::Scope;

constexpr std::string_view owl_space = "http://www.w3.org/2002/07/owl#";
constexpr std::string_view rdfs_space = "http://www.w3.org/2000/01/rdf-schema#";
constexpr std::string_view rdf_root = "http://www.w3.org/1999/02/22-rdf-syntax-ns#RDF";
constexpr std::string_view iao_space = "http://purl.obolibrary.org/obo/IAO_";
constexpr std::string_view obo_in_owl = "http://www.geneontology.org/formats/oboInOwl#";

constexpr std::string_view owl_ontology = "http://www.w3.org/2002/07/owl#Ontology";
constexpr std::string_view owl_versioniri = "http://www.w3.org/2002/07/owl#versionIRI";
constexpr std::string_view owl_versioninfo = "http://www.w3.org/2002/07/owl#versionInfo";
constexpr std::string_view owl_class = "http://www.w3.org/2002/07/owl#Class";
constexpr std::string_view owl_namedindividual = "http://www.w3.org/2002/07/owl#NamedIndividual";
constexpr std::string_view owl_restriction = "http://www.w3.org/2002/07/owl#Restriction";
constexpr std::string_view owl_onproperty = "http://www.w3.org/2002/07/owl#onProperty";
constexpr std::string_view owl_somevaluesfrom = "http://www.w3.org/2002/07/owl#someValuesFrom";
constexpr std::string_view owl_thing = "http://www.w3.org/2002/07/owl#Thing";
constexpr std::string_view owl_axiom = "http://www.w3.org/2002/07/owl#Axiom";
constexpr std::string_view owl_source = "http://www.w3.org/2002/07/owl#annotatedSource";
constexpr std::string_view owl_property = "http://www.w3.org/2002/07/owl#annotatedProperty";
constexpr std::string_view owl_target = "http://www.w3.org/2002/07/owl#annotatedTarget";
constexpr std::string_view rdf_description = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Description";
constexpr std::string_view rdfs_label = "http://www.w3.org/2000/01/rdf-schema#label";
constexpr std::string_view obo_shorthand = "http://www.geneontology.org/formats/oboInOwl#shorthand";

/// What a property of a class says; none: something that a term has no field for.
enum class Says {
  none,
  label,
  definition,
  exact,
  broad,
  narrow,
  related,
  deprecated,
  replaced_by,
  alternative_id,
  consider,
  xref,
  subset,
  id,
  parent,
  type
};

struct Meaning {
  std::string_view space, name;
  Says says;
};
constexpr Meaning properties[] = {
    {rdfs_space, "label", Says::label},
    {iao_space, "0000115", Says::definition},
    {obo_in_owl, "hasExactSynonym", Says::exact},
    {obo_in_owl, "hasBroadSynonym", Says::broad},
    {obo_in_owl, "hasNarrowSynonym", Says::narrow},
    {obo_in_owl, "hasRelatedSynonym", Says::related},
    {owl_space, "deprecated", Says::deprecated},
    {iao_space, "0100001", Says::replaced_by},
    {obo_in_owl, "hasAlternativeId", Says::alternative_id},
    {obo_in_owl, "consider", Says::consider},
    {obo_in_owl, "hasDbXref", Says::xref},
    {obo_in_owl, "inSubset", Says::subset},
    {obo_in_owl, "id", Says::id},
    {rdfs_space, "subClassOf", Says::parent},
    {rdf_space, "type", Says::type},
};

const std::map<std::string, Says, std::less<>>& meanings() {
  static const auto known = [] {
    std::map<std::string, Says, std::less<>> all;
    for (const auto& [space, name, says] : properties) all.emplace(fmt::format("{}{}", space, name), says);
    return all;
  }();
  return known;
}

class Document {
 public:
  Document(xml_node root, std::string_view name, const owl::LineEnds& line_ends)
      : name_(name), line_ends_(line_ends), names_(root) {
    if (names_.of(root) != rdf_root) {
      throw Error(
          Code::unsupported,
          fmt::format("'{}' is XML, but not OWL in RDF/XML (its first element is <{}>): bring the release as OBO "
                      "or as OWL in RDF/XML.",
                      name_, root.name()));
    }
    for (const auto node : root.children()) {
      if (node.type() != pugi::node_element) continue;
      if (auto label = names_.rdf(node, "nodeID"); !label.empty()) unnamed_.emplace(std::move(label), node);
    }
    for (auto node = root.first_child(); node;) {
      const auto next = node.next_sibling();
      if (node.type() == pugi::node_element) read(node);
      if (names_.rdf(node, "nodeID").empty()) root.remove_child(node);  // the terms take its memory
      node = next;
    }
  }

  /// When the text and its elements are gone: they take as much memory as the terms.
  Terms terms() {
    Terms out = std::move(out_);
    out.ontology = std::move(ontology_);
    out.version = std::move(version_);
    for (const auto& axiom : axioms_) apply(axiom);
    out.terms.reserve(classes_.size());
    for (; !classes_.empty(); classes_.pop_front()) {
      auto& class_ = classes_.front();
      if (!class_.is_class) continue;
      for (auto& [relation, to] : class_.term.relationships) relation = relation_name(relation);
      out.terms.push_back(std::move(class_.term));
    }
    return out;
  }

 private:
  struct Class {
    Term term;
    bool is_class = false, plain_label = false;
  };

  /// What is said of a statement: who says so, and what kind of synonym it is.
  struct Axiom {
    std::string source, property, target, type;
    std::vector<std::string> sources;
  };

  void read_axiom(xml_node node) {
    Axiom axiom;
    for (const auto child : node.children()) {
      const std::string_view name = names_.of(child);
      if (name == owl_source) axiom.source = names_.absolute(names_.rdf(child, "resource"));
      else if (name == owl_property) axiom.property = names_.rdf(child, "resource");
      else if (name == owl_target) axiom.target = child.text().get();
      else if (name.ends_with("#hasDbXref")) add_id(axiom.sources, names_.value(child));
      else if (name.ends_with("#hasSynonymType")) axiom.type = local_name(names_.value(child));
    }
    if (!axiom.source.empty() && (!axiom.sources.empty() || !axiom.type.empty())) axioms_.push_back(std::move(axiom));
  }
  void apply(const Axiom& axiom) {
    const auto place = places_.find(axiom.source);
    const auto meaning = meanings().find(axiom.property);
    if (place == places_.end() || meaning == meanings().end()) return;
    auto& term = classes_[place->second].term;
    if (meaning->second == Says::definition) {
      for (const auto& one : axiom.sources) term.definition_sources.push_back(one);
      return;
    }
    for (auto& synonym : term.synonyms) {
      if (synonym.text != axiom.target || scope_said(meaning->second) != synonym.scope) continue;
      for (const auto& one : axiom.sources) synonym.sources.push_back(one);
      if (!axiom.type.empty()) synonym.type = axiom.type;
    }
  }
  static std::optional<Scope> scope_said(Says says) {
    switch (says) {
      case Says::exact: return Scope::exact;
      case Says::broad: return Scope::broad;
      case Says::narrow: return Scope::narrow;
      case Says::related: return Scope::related;
      default: return std::nullopt;
    }
  }

  void read(xml_node node) {
    const std::string_view kind = names_.of(node);
    if (kind == owl_ontology) return read_header(node);
    if (kind == owl_axiom) return read_axiom(node);
    const auto subject = names_.subject(node);
    if (subject.empty()) return;
    const bool property = kind.starts_with(owl_space) && kind.ends_with("Property");
    if (property) return read_property(node, subject);
    const bool class_ = kind == owl_class;
    if (!class_ && kind != rdf_description && kind != owl_namedindividual) return;
    read_class(node, subject, class_);
  }

  void read_header(xml_node node) {
    ontology_ = ontology_in(names_.rdf(node, "about"));
    for (const auto child : node.children()) {
      const std::string_view name = names_.of(child);
      if (name == owl_versioniri && version_.empty()) version_ = version_in(names_.rdf(child, "resource"));
      if (name == owl_versioninfo) version_info_ = child.text().get();
    }
    if (version_.empty()) version_ = version_info_;
  }

  void read_property(xml_node node, const std::string& subject) {
    std::string name;
    for (const auto child : node.children()) {
      const std::string_view says = names_.of(child);
      if (says == obo_shorthand) name = child.text().get();
      else if (says == rdfs_label && name.empty()) name = child.text().get();
    }
    std::ranges::replace(name, ' ', '_');
    if (!name.empty()) relations_.emplace(curie_of(subject), std::move(name));
  }

  void read_class(xml_node node, const std::string& subject, bool is_class) {
    auto& class_ = class_of(subject);
    class_.is_class = class_.is_class || is_class;
    for (const auto one : node.attributes()) {  // literals may be attributes
      const auto meaning = meanings().find(names_.of_attribute(one.name()));
      if (meaning != meanings().end()) take(class_, meaning->second, one.value(), {});
    }
    for (const auto child : node.children()) {
      if (child.type() != pugi::node_element) continue;
      const auto& name = names_.of(child);
      const auto meaning = meanings().find(name);
      if (meaning != meanings().end()) take(class_, meaning->second, child.text().get(), child);
      else if (!name.starts_with(owl_space) && !name.starts_with(rdf_space)) take_property(class_.term, name, child);
    }
  }
  /// Literals and resources; what is nested is not said of the class alone.
  void take_property(Term& term, const std::string& name, xml_node node) const {
    auto value = names_.value(node);
    if (!value.empty()) term.properties.emplace_back(property_called(local_name(name)), std::move(value));
  }

  Class& class_of(const std::string& subject) {
    const auto [found, is_new] = places_.emplace(subject, classes_.size());
    if (is_new) classes_.push_back({.term = {.id = curie_of(subject)}});
    return classes_[found->second];
  }

  void take(Class& class_, Says says, std::string_view text, xml_node node) {
    auto& term = class_.term;
    switch (says) {
      case Says::label: return take_label(class_, text, node);
      case Says::definition:
        if (term.definition.empty()) term.definition = text;
        return;
      case Says::exact: return add_synonym(term, text, Scope::exact);
      case Says::broad: return add_synonym(term, text, Scope::broad);
      case Says::narrow: return add_synonym(term, text, Scope::narrow);
      case Says::related: return add_synonym(term, text, Scope::related);
      case Says::deprecated: term.obsolete = text == "true" || text == "1"; return;
      case Says::replaced_by: return add_id(term.replaced_by, curie_of(resource_or(text, node)));
      case Says::alternative_id: return add_id(term.alt_ids, std::string(text));
      case Says::consider: return add_id(term.consider, curie_of(resource_or(text, node)));
      case Says::xref: return add_id(term.xrefs, std::string(text));
      case Says::subset:
        return add_id(term.subsets, std::string(local_name(node ? names_.value(node) : std::string(text))));
      case Says::id:
        if (text.find(':') != text.npos) term.id = text;
        return;
      case Says::parent:
        if (node) take_parent(class_, node);
        return;
      case Says::type:
        if (node && names_.rdf(node, "resource") == owl_class) class_.is_class = true;
        return;
      case Says::none: return;
    }
  }

  std::string resource_or(std::string_view text, xml_node node) const {
    auto resource = node ? names_.rdf(node, "resource") : std::string();
    return resource.empty() ? std::string(text) : resource;
  }

  /// Without a language, or in English; the first of them.
  void take_label(Class& class_, std::string_view text, xml_node node) {
    const std::string_view language = node ? node.attribute("xml:lang").value() : "";
    const bool plain = language.empty() || language == "en";
    auto& name = class_.term.name;
    if (plain && class_.plain_label && name != text) {
      out_.complaints.add([&] { return place_of(node); },
                          fmt::format("{} is called '{}' and '{}'; the first is taken", class_.term.id, name, text));
    }
    if (!name.empty() && (class_.plain_label || !plain)) return;
    name = text;
    class_.plain_label = plain;
  }
  Place place_of(xml_node node) const {
    const auto offset = node.offset_debug();
    return offset < 0 ? Place{} : line_ends_.at(static_cast<std::size_t>(offset));
  }

  static void add_synonym(Term& term, std::string_view text, Scope scope) {
    if (text.empty()) return;
    const bool there =
        std::ranges::any_of(term.synonyms, [&](const Synonym& one) { return one.text == text && one.scope == scope; });
    if (!there) term.synonyms.push_back({.text = std::string(text), .scope = scope});
  }

  void take_parent(Class& class_, xml_node node) {
    auto& term = class_.term;
    class_.is_class = true;
    if (const auto named = names_.rdf(node, "resource"); !named.empty()) return add_parent(term, named);
    // Restrictions that are annotated stand apart, under a label.
    if (const auto apart = unnamed_.find(names_.rdf(node, "nodeID")); apart != unnamed_.end()) {
      if (names_.of(apart->second) == owl_restriction) take_restriction(term, apart->second);
      return;
    }
    for (const auto child : node.children()) {
      if (child.type() != pugi::node_element) continue;
      const std::string_view kind = names_.of(child);
      if (kind == owl_class || kind == rdf_description) {
        if (const auto named = names_.subject(child); !named.empty()) add_parent(term, named);
      } else if (kind == owl_restriction) {
        take_restriction(term, child);
      }
    }
  }
  void add_parent(Term& term, const std::string& iri) const {
    if (iri == owl_thing) return;
    auto id = curie_of(names_.absolute(iri));
    if (std::ranges::find(term.is_a, id) == term.is_a.end()) term.is_a.push_back(std::move(id));
  }
  void take_restriction(Term& term, xml_node node) const {
    std::string property, some;
    for (const auto child : node.children()) {
      const std::string_view name = names_.of(child);
      if (name == owl_onproperty) property = names_.rdf(child, "resource");
      if (name == owl_somevaluesfrom) some = names_.rdf(child, "resource");
    }
    if (property.empty() || some.empty()) return;
    std::pair<std::string, std::string> relationship{curie_of(names_.absolute(property)),
                                                     curie_of(names_.absolute(some))};
    if (std::ranges::find(term.relationships, relationship) == term.relationships.end())
      term.relationships.push_back(std::move(relationship));
  }
  std::string relation_name(const std::string& curie) const {
    if (const auto known = relation_called(curie); !known.empty()) return std::string(known);
    const auto named = relations_.find(curie);
    return named == relations_.end() ? curie : named->second;
  }

  std::string_view name_;
  const owl::LineEnds& line_ends_;
  owl::Names names_;
  Terms out_;
  std::string ontology_, version_, version_info_;
  std::deque<Class> classes_;  // grows into the memory of the elements that were read
  std::vector<Axiom> axioms_;
  std::unordered_map<std::string, std::size_t> places_;
  std::unordered_map<std::string, std::string> relations_;
  std::unordered_map<std::string, xml_node> unnamed_;  // top elements with an rdf:nodeID
};

class Reader final : public OwlReader {
 public:
  Terms read(std::string text, std::string_view name) const override {
    constexpr std::size_t growth = 4, floor = 1 << 20;
    const auto most = std::max(floor, text.size() * growth);
    text = owl::expanded(std::move(text), most, name);
    const owl::LineEnds line_ends(text);
    pugi::xml_document document;
    // Most elements hold nothing but a text: it needs no node.
    constexpr auto how = pugi::parse_default | pugi::parse_embed_pcdata;
    const auto parsed = document.load_buffer_inplace(text.data(), text.size(), how, pugi::encoding_auto);
    if (!parsed) {
      const auto at =
          line_ends.at(std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0)), text.size()));
      throw Error(Code::corrupt,
                  fmt::format("{}, {}; the file is cut short or no XML.", name, to_string({at, parsed.description()})));
    }
    Document read(document.document_element(), name, line_ends);
    document.reset();
    std::string().swap(text);
    return read.terms();
  }
};

}  // namespace
}  // namespace lamin::format

extern "C" __attribute__((visibility("default"))) const lamin::format::OwlReader* lamin_owl() {
  static const lamin::format::Reader reader;
  return &reader;
}
