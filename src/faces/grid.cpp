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

Grid make_grid(Database& db, const Query& query, std::span<const std::string> paths) {
  const auto& table = db.catalog().table(query.registry);
  Grid grid{.header = {paths.begin(), paths.end()}};
  std::vector<std::string> single = {"id"};
  std::vector<bool> several;
  for (const auto& path : paths) {
    several.push_back(registry::follow(table, path).to_many());
    if (!several.back()) single.push_back(path);
  }
  auto columns = db.columns(query, single);
  grid.rows.resize(columns[0].size());
  for (std::size_t p = 0, next = 1; p < paths.size(); ++p) {
    if (!several[p]) {
      auto& column = columns[next++];
      for (std::size_t i = 0; i < grid.rows.size(); ++i) grid.rows[i].push_back({.values = {std::move(column[i])}});
      continue;
    }
    auto found = gathered(db, query, paths[p]);
    for (std::size_t i = 0; i < grid.rows.size(); ++i)
      grid.rows[i].push_back({.values = std::move(found[columns[0][i].integer_or(0)]), .several = true});
  }
  return grid;
}

std::string text_table(const Grid& grid, std::size_t width) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : grid.rows) {
    auto& texts = rows.emplace_back();
    for (const auto& cell : row) texts.push_back(joined(cell, ", "));
  }
  return text_table(grid.header, std::move(rows), width);
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

std::string csv(const Grid& grid) {
  std::string out;
  auto line = [&](std::size_t n, const auto& field) {
    for (std::size_t i = 0; i < n; ++i) out += (i > 0 ? "," : "") + csv_field(field(i));
    out += '\n';
  };
  line(grid.header.size(), [&](std::size_t i) { return grid.header[i]; });
  for (const auto& row : grid.rows) line(row.size(), [&](std::size_t i) { return joined(row[i], "|"); });
  return out;
}

}  // namespace lamin::faces
