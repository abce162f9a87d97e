// names.hpp -- full names in RDF/XML: of elements and attributes by the prefixes that are declared, of resources by the
// document's base.
#pragma once
#include <deque>
#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lamin::format::owl {

inline constexpr std::string_view rdf_space = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

class Names {
 public:
  explicit Names(pugi::xml_node root);

  /// Of an element. Prefixes may be declared on any element; nearly always the root has them all.
  const std::string& of(pugi::xml_node node) const;
  /// Of an attribute of a top element.
  std::string of_attribute(std::string_view name) const { return expand(name, {}, false); }
  /// An attribute of RDF, such as rdf:about; "" if it is missing.
  std::string rdf(pugi::xml_node node, std::string_view name) const;
  /// What an element is about; "" if it does not say.
  std::string subject(pugi::xml_node node) const;
  std::string absolute(std::string_view iri) const {
    return std::string(iri.starts_with('#') ? std::string_view(base_) : "").append(iri);
  }
  /// Of a property: the resource that it leads to, or its text.
  std::string value(pugi::xml_node node) const;

 private:
  using Spaces = std::map<std::string, std::string, std::less<>>;
  static void take_spaces(pugi::xml_node node, Spaces& into);
  static Spaces spaces_at(pugi::xml_node node);
  std::string expand(std::string_view name, const Spaces& own, bool element) const;

  Spaces spaces_;
  std::string base_;
  mutable std::unordered_map<std::string, std::string> full_names_;
  mutable std::deque<std::string> names_;  // of elements that declare prefixes
};

}  // namespace lamin::format::owl
