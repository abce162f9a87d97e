// index.hpp -- the table of a dataset as a Parquet file, which SQL engines read without the dataset.
#pragma once
#include <filesystem>
#include <string>
#include "lamin/instance.hpp"

namespace lamin::lake {

/// Its path in `folder`: <uid>-<digest>.parquet, or <uid>.<table>-<digest>.parquet of another table than obs. One that
/// is there is taken as it is; others of the same uid go. Throws invalid_argument (it has no such table), unsupported
/// (a format without tables), and what cache_artifact throws.
std::filesystem::path index_table(Instance& instance, const Record& artifact, const std::string& table,
                                  const std::filesystem::path& folder);

}  // namespace lamin::lake
