// matches.hpp -- which row a value names, where several rows of a typed registry have it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lamin/label.hpp"

namespace lamin::lake {

/// Of the rows called `name`, the one nearest to the root of the types. Throws validation if several are equally near.
std::int64_t topmost(Instance& instance, const schema::Table& table, std::string_view name,
                     std::span<const std::int64_t> ids);

/// Ids of the rows with these values in the field, sorted; of a typed registry the topmost of each value. Throws
/// validation if several rows are equally near to the root.
std::vector<std::int64_t> matches(Instance& instance, std::string_view registry, const LabelOptions& options,
                                  std::span<const std::string> values);

/// Which of the values several rows have; of a registry without types none, since there it makes no difference.
std::vector<bool> shared_labels(Instance& instance, std::string_view registry, const LabelOptions& options,
                                std::span<const std::string> values);

}  // namespace lamin::lake
