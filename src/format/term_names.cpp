#include "format/term_names.hpp"
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace lamin::format {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> relations{{
    {"BFO:0000050", "part_of"},
    {"BFO:0000051", "has_part"},
    {"RO:0002202", "develops_from"},
    {"RO:0002160", "only_in_taxon"},
}};

}  // namespace

std::string_view local_name(std::string_view iri) {
  const auto end = iri.find_last_of("/#");
  return end == iri.npos ? iri : iri.substr(end + 1);
}

std::string curie_of(std::string_view iri) {
  constexpr std::string_view short_iri = "obo.";  // of "obo.CL_0000084", as releases of CL name terms to consider
  const bool is_short = iri.starts_with(short_iri);
  if (!is_short && !iri.starts_with("http://") && !iri.starts_with("https://")) return std::string(iri);
  const auto local = is_short ? iri.substr(short_iri.size()) : local_name(iri);
  if (local.empty()) return std::string(iri);
  const auto line = local.rfind('_');
  if (line == local.npos || line == 0 || line + 1 == local.size() || local.starts_with("CVCL_"))
    return std::string(local);
  const auto prefix = local.substr(0, line);
  const bool is_prefix = std::ranges::all_of(
      prefix, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_'; });
  const bool has_digit = std::ranges::any_of(local.substr(line), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (!is_prefix || !has_digit) return std::string(local);
  return std::string(prefix) + ":" + std::string(local.substr(line + 1));
}

void add_id(std::vector<std::string>& ids, std::string id) {
  if (!id.empty()) ids.push_back(std::move(id));
}

std::string_view relation_called(std::string_view curie) {
  const auto found = std::ranges::find(relations, curie, &std::pair<std::string_view, std::string_view>::first);
  return found == relations.end() ? std::string_view() : found->second;
}

std::string_view property_called(std::string_view local) {
  if (local == "hasOBONamespace") return "namespace";
  if (local == "IAO_0000116") return "editor_note";
  if (local == "IAO_0000233") return "term_tracker_item";
  return local;
}

std::string version_in(std::string_view iri) {
  constexpr std::string_view mark = "releases/";
  const auto at = iri.find(mark);
  if (at == iri.npos) return {};
  const auto rest = iri.substr(at + mark.size());
  return std::string(rest.substr(0, rest.find('/')));
}

std::string ontology_in(std::string_view iri) {
  constexpr std::string_view obo = "/obo/";
  const auto at = iri.find(obo);
  auto name = at == iri.npos ? local_name(iri) : iri.substr(at + obo.size());
  if (const auto dot = name.rfind('.'); dot != name.npos) name = name.substr(0, dot);
  return std::string(name);
}

}  // namespace lamin::format
