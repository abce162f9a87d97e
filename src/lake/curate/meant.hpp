// meant.hpp -- which rows the texts of a column name.
//
// A text that several rows of a typed registry have is ambiguous, except in a table that was exported from a sheet:
// there the rows of the sheet say which record they are linked to.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lake/curate/part.hpp"

namespace lamin::lake {

/// Ids of the rows of one target, sorted. Throws what `matches` throws for a text that stays ambiguous.
std::vector<std::int64_t> meant(Instance& instance, const Part& part, const Frame& frame, const DatasetColumn& column,
                                const Dtype::Target& target, std::span<const std::string> texts);

}  // namespace lamin::lake
