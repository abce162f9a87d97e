#include "lake/feature/not_validated.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "lake/label/suggest.hpp"

namespace lamin::lake {
namespace {

constexpr std::size_t most_listed = 10;  // values listed in a message

Words synonym_lines(const NotValidated& said, const Inspection& inspection) {
  if (inspection.synonyms.empty()) return "";
  const std::size_t n = inspection.synonyms.size();
  std::string text = "\n    " + std::to_string(n) + (n == 1 ? " synonym" : " synonyms") + " found: ";
  std::size_t shown = 0;
  for (const auto& [from, to] : inspection.synonyms) {
    if (shown == most_listed) break;
    text += (shown++ ? ", \"" : "\"") + from + "\" → \"" + to + "\"";
  }
  if (n > most_listed) text += ", ...";
  if (said.standardize.empty()) return text + "\n    → pass the standard names";
  return text + "\n    → curate synonyms via: " +
         Words(Remedy{.verb = Remedy::Verb::standardize, .name = said.key, .field = said.standardize});
}

std::string suggestion_lines(const Inspection& inspection) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [value, suggestions] : inspection.suggestions) {
    if (suggestions.empty()) continue;
    if (shown++ == most_listed) break;
    text += "\n    '" + value + "': did you mean ";
    for (std::size_t i = 0; i < suggestions.size(); ++i) {
      text += (i ? " or '" : "'") + suggestions[i].value + "'";
      if (suggestions[i].value == squeezed(value)) text += " (it differs in white space)";
      if (!suggestions[i].via.empty()) text += " (by its synonym '" + suggestions[i].via + "')";
    }
    text += "?";
  }
  return text;
}

}  // namespace

std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), most_listed); ++i) text += (i ? ", '" : "'") + values[i] + "'";
  return values.size() > most_listed ? text + ", ..." : text;
}

std::string terms(std::size_t n) { return std::to_string(n) + (n == 1 ? " term" : " terms"); }

Words not_validated_text(const NotValidated& said, const Inspection& inspection) {
  Words text = terms(inspection.non_validated.size()) + " not validated in " + said.what + said.place + ": " +
               listed(inspection.non_validated) + synonym_lines(said, inspection);
  const bool all_shown = !said.type.name.empty() && said.type.labels.size() <= most_listed;
  if (!all_shown) text += suggestion_lines(inspection);
  std::vector<std::string> rest;
  for (const std::string& value : inspection.non_validated) {
    if (!inspection.synonyms.contains(value)) rest.push_back(value);
  }
  if (rest.empty()) return text;
  text += inspection.synonyms.empty() ? "\n    → " : "\n    for remaining terms:\n    → ";
  text += "fix typos, remove non-existent values, or create objects via:\n\n";
  const bool public_terms = said.registry->find_column("source") != nullptr;
  text += Remedy{.verb = public_terms ? Remedy::Verb::register_terms : Remedy::Verb::register_values,
                 .name = said.registry->qualified.str(),
                 .field = said.field,
                 .values = rest};
  if (!said.type.name.empty()) {
    text += fmt::format("\n    → a valid label for subtype '{}' has to be one of [{}]", said.type.name,
                        listed(said.type.labels));
  }
  return text;
}

}  // namespace lamin::lake
