// The organism that an identifier of Ensembl names.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>
#include "lamin/public_terms.hpp"

namespace lamin {
namespace {

// Of https://www.ensembl.org/info/genome/stable_ids/prefixes.html: those that people work with, by what precedes the
// letter for the kind of object.
constexpr auto prefixes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"ENS", "human"},         {"ENSMUS", "mouse"},
    {"ENSRNO", "rat"},        {"ENSDAR", "zebrafish"},
    {"ENSMMU", "macaque"},    {"ENSMFA", "crab-eating macaque"},
    {"ENSPTR", "chimpanzee"}, {"ENSPPA", "bonobo"},
    {"ENSGGO", "gorilla"},    {"ENSCJA", "white-tufted-ear marmoset"},
    {"ENSSSC", "pig"},        {"ENSBTA", "cow"},
    {"ENSOAR", "sheep"},      {"ENSCHI", "goat"},
    {"ENSECA", "horse"},      {"ENSCAF", "dog"},
    {"ENSFCA", "cat"},        {"ENSOCU", "rabbit"},
    {"ENSCPO", "guinea pig"}, {"ENSMAU", "golden hamster"},
    {"ENSGAL", "chicken"},    {"ENSXET", "tropical clawed frog"},
    {"ENSMOD", "opossum"},    {"ENSOAN", "platypus"},
});

}  // namespace

std::string_view organism_of_id(std::string_view id) {
  const auto digits = std::ranges::find_if(id, [](unsigned char c) { return std::isdigit(c) != 0; });
  const std::string_view letters = id.substr(0, static_cast<std::size_t>(digits - id.begin()));
  if (letters.empty() || digits == id.end()) return {};
  const auto species = letters.substr(0, letters.size() - 1);  // without the G of a gene
  const auto found = std::ranges::find(prefixes, species, &std::pair<std::string_view, std::string_view>::first);
  return found == prefixes.end() ? std::string_view() : found->second;
}

}  // namespace lamin
