// expr.hpp -- names of comparisons.
#pragma once
#include <optional>
#include <string_view>

#include "lamin/query.hpp"

namespace lamin::registry {

std::string_view op_name(Op op);
/// nullopt for what is no comparison: then it is part of the path.
std::optional<Op> find_op(std::string_view name);

}  // namespace lamin::registry
