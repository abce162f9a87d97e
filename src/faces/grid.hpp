// grid.hpp -- chosen columns of a query's rows, with several values per cell where a path leads to several: what the
// shell prints and writes as JSON or CSV.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "lamin/database.hpp"

namespace lamin::faces {

struct Grid {
  struct Cell {
    std::vector<Value> values;  ///< for a to-one path exactly one, perhaps null; for a to-many path any number
    bool several = false;
  };
  std::vector<std::string> header;
  std::vector<std::vector<Cell>> rows;
};

/// `paths` as in a Query: "key", "cell_types.name", "created_at.year". Throws unknown_field.
Grid make_grid(Database& db, const Query& query, std::span<const std::string> paths);

std::string text_table(const Grid& grid, std::size_t width);
std::string json_lines(const Grid& grid);  ///< one object per line; several values are a list
std::string csv(const Grid& grid);         ///< several values are separated by "|"

}  // namespace lamin::faces
