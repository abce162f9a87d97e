// expr.hpp -- names of comparisons.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "lamin/query.hpp"

namespace lamin::registry {

std::string_view op_name(Op op);
/// nullopt if the name is not a comparison but part of the path.
std::optional<Op> find_op(std::string_view name);
std::span<const std::string_view> all_op_names();

/// Whether a comparison selects rows by what identifies them (id, uid, hash) or by branch: such rows are found wherever
/// they are, even in the trash.
bool selects_rows(const Expr& comparison);
/// Whether it takes any number of values.
inline bool takes_list(Op op) { return op == Op::in || op == Op::has_keys || op == Op::has_any_keys; }
inline bool asks_keys(Op op) { return op == Op::has_key || op == Op::has_keys || op == Op::has_any_keys; }

}  // namespace lamin::registry
