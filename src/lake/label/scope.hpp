// scope.hpp -- from the caller's names (registry, field, organism, source) to rows and columns.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lake/label/value_index.hpp"
#include "lamin/label.hpp"

namespace lamin::lake {

/// Throws not_found (registry, organism, source), unknown_field, invalid_argument (not a text field).
ValueScope label_scope(Instance& instance, std::string_view registry, const LabelOptions& options,
                       std::string_view synonyms_field = "synonyms");

/// The text column `field`; the registry's name field if it is empty.
const schema::Column& text_column(const schema::Table& table, std::string_view field);

/// A registry whose rows belong to one organism, which a look-up by a field that is not unique must name.
bool needs_organism(const schema::Table& table);
/// A registered organism, by name or scientific name, ignoring case.
std::optional<Record> find_organism(Instance& instance, std::string_view name);
/// An organism that need not be registered first.
bool is_known_organism(std::string_view name);
/// Lower case: "mouse", "mus musculus", "house mouse" for any of them; of another the name itself.
std::vector<std::string> names_of_organism(std::string_view name);

}  // namespace lamin::lake
