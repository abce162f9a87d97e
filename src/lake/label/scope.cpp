#include "lake/label/scope.hpp"

#include <array>

#include "base/text.hpp"
#include "lamin/error.hpp"
#include "lamin/label.hpp"

namespace lamin::lake {

const schema::Column& text_column(const schema::Table& table, std::string_view field) {
  if (field.empty()) field = table.name_field.view();
  if (field.empty()) {
    throw Error(Code::invalid_argument,
                table.qualified.str() + " has no field that names its rows: pass the field to look in");
  }
  const schema::Column& column = table.column(field);
  if (column.type != Type::text) {
    throw Error(Code::invalid_argument, "field '" + std::string(field) + "' of " + table.qualified.str() +
                                            " holds no text: values can only be looked up in text fields");
  }
  return column;
}

bool needs_organism(const schema::Table& table) {
  const schema::Column* organism = table.find_column("organism");
  return organism && organism->to && organism->field && !organism->field->optional;
}

std::optional<Record> find_organism(Instance& instance, std::string_view name) {
  const schema::Table* table = instance.catalog().find("bionty.Organism");
  if (!table) return {};
  const std::string text(base::trim(name));
  std::string with_blanks = text;
  for (char& c : with_blanks) c = c == '_' ? ' ' : c;
  for (const auto& [field, value] : {std::pair<const char*, std::string>{"name", text},
                                     {"scientific_name", with_blanks},
                                     {"scientific_name", text},
                                     {"ontology_id", text}}) {
    Query query{.registry = table->qualified.str(),
                .where = Expr::compare(field, Op::iexact, value),
                .order_by = {"id"},
                .limit = 1};
    if (auto found = instance.database().first(query)) return found;
  }
  return {};
}

ValueScope label_scope(Instance& instance, std::string_view registry, const LabelOptions& options,
                       std::string_view synonyms_field) {
  const schema::Table& table = instance.catalog().table(registry);
  ValueScope scope{.table = &table, .field = &text_column(table, options.field), .within = options.within};
  if (const schema::Column* synonyms = table.find_column(synonyms_field); synonyms && synonyms->type == Type::text) {
    scope.synonyms = synonyms;
  }
  const bool any_organism = options.default_organism && scope.field->field && scope.field->field->unique;
  if (!options.organism.empty() && options.organism != "all" && table.find_column("organism") && !any_organism) {
    const auto organism = find_organism(instance, options.organism);
    if (!organism && !is_known_organism(options.organism)) {
      throw Error(Code::not_found, "no organism '" + options.organism +
                                       "' is registered: create it first, for example by importing its terms with " +
                                       "this organism, or check the spelling");
    }
    scope.organism = organism ? organism->id() : -1;  // -1: it cannot have any rows yet
  }
  if (options.strict_source && !options.source_uid.empty() && table.find_column("source")) {
    const schema::Table& sources = instance.catalog().table("bionty.Source");
    scope.source = instance.database().get(sources, options.source_uid).id();
  }
  return scope;
}

}  // namespace lamin::lake
