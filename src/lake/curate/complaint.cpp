#include "lake/curate/complaint.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "lake/feature/dtype_target.hpp"

namespace lamin::lake {
namespace {

constexpr std::size_t most_listed = 10;  // values listed in a message

// Dtypes that columns of a table have themselves; others are compared value by value.
constexpr std::array typed_bases{Dtype::Base::integer,  Dtype::Base::floating,     Dtype::Base::date,
                                 Dtype::Base::datetime, Dtype::Base::datetime_utc, Dtype::Base::category};

Words synonym_lines(const Part& part, const Inspection& inspection, const std::string& key) {
  if (inspection.synonyms.empty()) return "";
  const std::size_t n = inspection.synonyms.size();
  std::string text = "\n    " + std::to_string(n) + (n == 1 ? " synonym" : " synonyms") + " found: ";
  std::size_t shown = 0;
  for (const auto& [from, to] : inspection.synonyms) {
    if (shown == most_listed) break;
    text += (shown++ ? ", \"" : "\"") + from + "\" → \"" + to + "\"";
  }
  const std::string slot = part.slot.empty() ? "" : ".slots['" + part.slot + "']";
  return text + (n > most_listed ? ", ..." : "") + "\n    → curate synonyms via: " +
         Words(Remedy{.verb = Remedy::Verb::standardize, .name = key, .field = "curator" + slot + ".cat"});
}

std::string suggestion_lines(const Inspection& inspection) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [value, suggestions] : inspection.suggestions) {
    if (shown++ == most_listed) break;
    text += "\n    '" + value + "': did you mean ";
    for (std::size_t i = 0; i < suggestions.size(); ++i) {
      text += (i ? " or '" : "'") + suggestions[i].value + "'";
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

std::string place(const Part& part) { return part.slot.empty() ? "" : " in slot '" + part.slot + "'"; }

Words wrong_type_text(const Part& part, const DatasetColumn& one, const std::string& held) {
  const std::string wanted(one.feature.text("_dtype_str"));
  const bool typed = !one.dtype.list && std::ranges::find(typed_bases, one.dtype.base) != typed_bases.end();
  if (!typed && !one.is_index) {
    return fmt::format("Column '{}' failed dtype check for '{}': got {}{}: convert it", one.column, wanted, held,
                       place(part));
  }
  const std::string name = one.dtype.is_category() ? one.is_index ? "str" : "category" : wanted;
  return fmt::format("expected series '{}' to have type {}, got {}{}: convert it, or ", one.column, name, held,
                     place(part)) +
         Words(Remedy{Remedy::Verb::coerce}) + " where all values can be converted";
}

TypeLabels type_labels(Instance& instance, const Dtype::Target& target) {
  if (target.type_uid.empty()) return {};
  const schema::Table& table = instance.catalog().table(target.registry);
  const auto type = instance.database().find(table, target.type_uid);
  if (!type) return {};
  TypeLabels found{.name = std::string(type->text("name"))};
  Query query{.registry = target.registry,
              .where = target_options(instance, target).within,
              .order_by = {"id"},
              .limit = static_cast<std::int64_t>(most_listed) + 1};
  for (const Record& row : instance.database().all(query)) found.labels.emplace_back(row.text(target.field));
  return found;
}

Words not_registered_text(const Part& part, const Lookup& lookup, const Inspection& inspection) {
  Words text = terms(inspection.non_validated.size()) + " not validated in " + lookup.what + place(part) + ": " +
               listed(inspection.non_validated) + synonym_lines(part, inspection, lookup.key);
  const bool all_shown = !lookup.type.name.empty() && lookup.type.labels.size() <= most_listed;
  if (!all_shown) text += suggestion_lines(inspection);
  std::vector<std::string> rest;
  for (const std::string& value : inspection.non_validated) {
    if (!inspection.synonyms.contains(value)) rest.push_back(value);
  }
  if (rest.empty()) return text;
  text += inspection.synonyms.empty() ? "\n    → " : "\n    for remaining terms:\n    → ";
  text += "fix typos, remove non-existent values, or create objects via:\n\n";
  const bool public_terms = lookup.registry->find_column("source") != nullptr;
  text += Remedy{.verb = public_terms ? Remedy::Verb::register_terms : Remedy::Verb::register_values,
                 .name = lookup.registry->qualified.str(),
                 .field = lookup.field,
                 .values = rest};
  if (!lookup.type.name.empty()) {
    text += fmt::format("\n    → a valid label for subtype '{}' has to be one of [{}]", lookup.type.name,
                        listed(lookup.type.labels));
  }
  return text;
}

}  // namespace lamin::lake
