// extras.cpp -- what a record has beside its fields: abbreviation, and the notes that LaminDB keeps in `_aux`.
#include <fmt/format.h>
#include "base/text.hpp"
#include "lake/rows/aux_json.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using lake::aux_of, lake::to_aux;

}  // namespace

void set_abbreviation(Instance& instance, Record& record, std::string_view text) {
  const auto& table = record.table();
  const std::string abbreviation(base::trim(text));
  if (abbreviation.empty() || !table.has(schema::Trait::abbreviated)) {
    throw Error(Code::invalid_argument, abbreviation.empty()
                                            ? "an abbreviation cannot be empty"
                                            : fmt::format("rows of {} have no abbreviation", table.qualified.view()));
  }
  Record work;
  instance.database().transaction([&] {
    work = record;
    work.set("abbr", Value(abbreviation));
    const bool another = table.name_field.empty() || record.text(table.name_field) != abbreviation;
    if (another && table.has(schema::Trait::synonyms)) add_synonym(instance, work, abbreviation, {.save = false});
    if (work.saved()) registry::Writes(instance.database()).save(work);
  });
  record = std::move(work);
}

std::string emoji(const Record& record) {
  const auto aux = aux_of(record.at("_aux"));
  const auto* sign = aux.if_contains("ei");
  return sign != nullptr && sign->is_string() ? std::string(base::trim(std::string_view(sign->get_string()))) : "";
}

void set_emoji(Record& record, std::string_view sign) {
  auto aux = aux_of(record.at("_aux"));
  const auto trimmed = base::trim(sign);
  if (trimmed.empty()) aux.erase("ei");
  else aux["ei"] = std::string(trimmed);
  record.set("_aux", to_aux(aux));
}

SingleSpace single_space(const Record& type) {
  const auto aux = aux_of(type.at("_aux"));
  const auto* said = aux.if_contains("ss");
  if (said == nullptr || said->is_null()) return {};
  // LaminDB's web interface writes the policy "that of the type" as a text.
  if (said->is_string() && said->get_string() != "1")
    return {.any = false, .of_type = false, .uid = std::string(said->get_string())};
  return {.any = false, .of_type = true};
}

void set_single_space(Record& type, const SingleSpace& space) {
  auto aux = aux_of(type.at("_aux"));
  if (space.any) aux.erase("ss");
  else if (space.of_type) aux["ss"] = 1;
  else aux["ss"] = space.uid;
  type.set("_aux", to_aux(aux));
}

}  // namespace lamin
