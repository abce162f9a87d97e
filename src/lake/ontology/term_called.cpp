#include "lake/ontology/term_called.hpp"

#include <array>

#include "base/text.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"

namespace lamin::lake {

std::optional<Record> find_term(Instance& instance, const schema::Table& table, std::string_view text) {
  Database& database = instance.database();
  if (!table.id_field.empty() && table.id_field != table.name_field) {
    Query by_id{.registry = table.qualified.str(),
                .where = Expr::compare(table.id_field.str(), Op::exact, Value(text)),
                .order_by = {"id"},
                .limit = 1};
    if (auto found = database.first(by_id)) return found;
  }
  if (auto found = find_by_name(instance, table, text)) return found;
  if (table.find_column("synonyms") == nullptr) return std::nullopt;
  const std::array<std::string, 1> values{std::string(text)};
  const auto names = standardize(instance, table.qualified, values);
  if (names.empty() || names[0].size() != 1 || names[0][0] == values[0]) return std::nullopt;
  return find_by_name(instance, table, names[0][0]);
}

std::string nearest_terms(Instance& instance, const schema::Table& table, std::string_view text,
                          std::string_view otherwise) {
  const std::array<std::string, 1> values{std::string(text)};
  const Inspection inspection = inspect(instance, table.qualified, values);
  std::vector<std::string> near;
  for (const auto& [value, name] : inspection.synonyms) near.push_back("'" + name + "'");
  for (const auto& [value, suggestions] : inspection.suggestions) {
    for (const Suggestion& suggestion : suggestions) near.push_back("'" + suggestion.value + "'");
  }
  return near.empty() ? std::string(otherwise) : "; did you mean " + base::join(near, " or ") + "?";
}

Record term_called(Instance& instance, const schema::Table& table, std::string_view text) {
  if (auto found = find_term(instance, table, text)) return std::move(*found);
  throw Error(Code::not_found, "there is no " + table.qualified.str() + " named '" + std::string(text) + "'" +
                                   nearest_terms(instance, table, text, ": register it first"));
}

}  // namespace lamin::lake
