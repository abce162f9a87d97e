// term_called.hpp -- a registered term by what people call it.
#pragma once
#include <optional>
#include <string_view>

#include "lamin/instance.hpp"

namespace lamin::lake {

/// By public identifier, name, name ignoring case, or synonym; in this order.
std::optional<Record> find_term(Instance& instance, const schema::Table& table, std::string_view text);
/// The same; throws not_found, naming the nearest.
Record term_called(Instance& instance, const schema::Table& table, std::string_view text);
/// What not_found says: "; did you mean 'T cell'?", or `otherwise` if nothing is near.
std::string nearest_terms(Instance& instance, const schema::Table& table, std::string_view text,
                          std::string_view otherwise);

}  // namespace lamin::lake
