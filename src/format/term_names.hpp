// term_names.hpp -- identifiers, relations and versions as ontologies spell them, in the spelling of OBO.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lamin::format {

/// "CL:0000084" for "http://purl.obolibrary.org/obo/CL_0000084", "CVCL_0001" for Cellosaurus, which spells it so; the
/// local name of another IRI. What is no IRI, and an IRI that ends in "/" or "#", stay as they are: only "" gives "".
std::string curie_of(std::string_view iri);
/// Files have elements without a value; they name nothing.
void add_id(std::vector<std::string>& ids, std::string id);
/// The local name of an IRI: what follows the last "/" or "#".
std::string_view local_name(std::string_view iri);
/// "part_of" for "BFO:0000050"; "" for a relation that has no well-known name.
std::string_view relation_called(std::string_view curie);
/// The tag of OBO for the local name of a property: "namespace" for "hasOBONamespace"; others stay as they are.
std::string_view property_called(std::string_view local);
/// "2022-11-25" for "http://purl.obolibrary.org/obo/cl/releases/2022-11-25/cl-simple.owl"; "" if it names none.
std::string version_in(std::string_view iri);
/// "cl" for ".../obo/cl.owl", "cl/cl-simple" for ".../obo/cl/cl-simple.owl".
std::string ontology_in(std::string_view iri);

}  // namespace lamin::format
