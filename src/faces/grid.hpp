// grid.hpp -- chosen columns of rows, with several values per cell where a path leads to several: what the shell prints
// and writes as JSON or CSV, one page of rows at a time.
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

/// These rows of one table, in their order; one that is gone by now is left out. `paths` as in a Query: "key",
/// "cell_types.name", "created_at.year". Throws unknown_field.
Grid make_grid(Database& db, const schema::Table& table, std::span<const Record> rows,
               std::span<const std::string> paths);

std::vector<std::string> texts(const std::vector<Grid::Cell>& row);  ///< several values are separated by ", "
std::string json_lines(const Grid& grid);                            ///< one object per line; several values are a list
std::string csv_lines(const Grid& grid);                             ///< several values are separated by "|"
std::string csv_line(std::span<const std::string> cells);            ///< as in RFC 4180, such as the header

}  // namespace lamin::faces
