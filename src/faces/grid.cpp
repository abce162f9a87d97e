#include "faces/grid.hpp"

#include <boost/json.hpp>
#include <unordered_map>

#include "base/json.hpp"
#include "faces/columns.hpp"
#include "faces/json_value.hpp"
#include "registry/path.hpp"

namespace lamin::faces {
namespace {

std::string joined(const Grid::Cell& cell, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < cell.values.size(); ++i)
    out += (i > 0 ? std::string(separator) : "") + display(cell.values[i]);
  return out;
}

/// As in RFC 4180.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

/// All values of a to-many path, by the row's id.
std::unordered_map<std::int64_t, std::vector<Value>> gathered(Database& db, const Query& query,
                                                              const std::string& path) {
  const std::string paths[] = {"id", path};
  auto columns = db.columns(query, paths);
  std::unordered_map<std::int64_t, std::vector<Value>> out;
  for (std::size_t i = 0; i < columns[0].size(); ++i)
    if (!columns[1][i].is_null()) out[columns[0][i].integer_or(0)].push_back(std::move(columns[1][i]));
  return out;
}

}  // namespace

Grid make_grid(Database& db, const schema::Table& table, std::span<const Record> rows,
               std::span<const std::string> paths) {
  Grid grid{.header = {paths.begin(), paths.end()}};
  std::vector<std::string> single = {"id"};
  std::vector<bool> several;
  for (const auto& path : paths) {
    several.push_back(registry::follow(table, path).to_many());
    if (!several.back()) single.push_back(path);
  }
  std::vector<Value> ids;
  for (const auto& row : rows) ids.emplace_back(row.id());
  const Query query{.registry = table.qualified.str(), .where = Expr::in("id", std::move(ids)), .any_branch = true};
  auto columns = db.columns(query, single);
  std::unordered_map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < columns[0].size(); ++i) place[columns[0][i].integer_or(0)] = i;
  std::vector<std::unordered_map<std::int64_t, std::vector<Value>>> lists;
  for (std::size_t p = 0; p < paths.size(); ++p)
    if (several[p]) lists.push_back(gathered(db, query, paths[p]));
  for (const auto& row : rows) {
    const auto at = place.find(row.id());
    if (at == place.end()) continue;
    auto& cells = grid.rows.emplace_back();
    for (std::size_t p = 0, next = 1, list = 0; p < paths.size(); ++p) {
      if (several[p]) cells.push_back({.values = std::move(lists[list++][row.id()]), .several = true});
      else cells.push_back({.values = {std::move(columns[next++][at->second])}});
    }
  }
  return grid;
}

std::vector<std::string> texts(const std::vector<Grid::Cell>& row) {
  std::vector<std::string> out;
  for (const auto& cell : row) out.push_back(joined(cell, ", "));
  return out;
}

std::string json_lines(const Grid& grid) {
  std::string out;
  for (const auto& row : grid.rows) {
    boost::json::object object;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row[i].several) {
        object[grid.header[i]] = json_value(row[i].values[0]);
        continue;
      }
      boost::json::array list;
      for (const auto& value : row[i].values) list.push_back(json_value(value));
      object[grid.header[i]] = std::move(list);
    }
    out += base::write_json(object) + "\n";
  }
  return out;
}

std::string csv_line(std::span<const std::string> cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? "," : "") + csv_field(cells[i]);
  return out + "\n";
}

std::string csv_lines(const Grid& grid) {
  std::string out;
  for (const auto& row : grid.rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row) cells.push_back(joined(cell, "|"));
    out += csv_line(cells);
  }
  return out;
}

}  // namespace lamin::faces
