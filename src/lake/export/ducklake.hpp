// ducklake.hpp -- the catalog of a DuckLake (version 1.0) over Parquet files that exist already, as a SQLite database.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>
#include "lamin/frame.hpp"

namespace lamin::lake {

struct LakeFile {
  std::string path;  ///< below the folder of its table
  std::int64_t rows = 0, bytes = 0, footer = 0;
};
struct LakeTable {
  std::string name;  ///< also that of its folder
  std::vector<std::string> columns = {};
  std::vector<Column::Kind> kinds = {};  ///< of the columns
  std::vector<LakeFile> files = {};
};

/// `folder` is where the files will be found. Throws what writing a database throws.
void write_ducklake(const std::filesystem::path& catalog, const std::filesystem::path& folder,
                    const std::vector<LakeTable>& tables);

}  // namespace lamin::lake
