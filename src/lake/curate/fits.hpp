// fits.hpp -- whether a column holds values of a dtype.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include "lamin/dtype.hpp"

namespace lamin::lake {

/// What a column holds that does not fit, for a message: "int", "'x' in row 2, which is not a list". "" if all fits;
/// missing values always do. `rows` says which row of a file each stands for, if not its own.
std::string misfit(const Dtype& dtype, const Column& column, std::span<const std::int64_t> rows = {});
/// The column with all values as the dtype has them; nullopt if some cannot be converted, or if the dtype is a list.
/// The first value that cannot be converted, and its row: "'x' in row 3"; "" if each can be.
std::string unconvertible(const Dtype& dtype, const Column& column, std::span<const std::int64_t> rows = {});
std::optional<Column> coerced_to(const Dtype& dtype, const Column& column);

}  // namespace lamin::lake
