#include "lake/curate/sketched.hpp"

#include <algorithm>
#include <numeric>

namespace lamin::lake {
namespace {

using Kind = Column::Kind;
using format::ColumnSketch;

constexpr std::int64_t few = 64;

/// How many values of a column are shown.
std::int64_t shown(const ColumnSketch& column, bool whole) {
  const auto n = column.values.size();
  // Those of an incomplete column, and of one that is not compared but converted, are one of a kind.
  const bool all = whole || !column.complete || column.kind != Kind::text;
  return all ? n : std::min(n, few);
}

template <class Add>
void each_row(std::int64_t values, bool null, std::int64_t rows, Add add) {
  const std::int64_t filler = values > 0 ? 0 : -1;
  for (std::int64_t row = 0; row < rows; ++row) add(row < values ? row : row == values && null ? -1 : filler);
}

Column texts(const Column& values, std::int64_t n, bool null, std::int64_t rows) {
  std::vector<std::string> cells;
  std::vector<bool> valid;
  each_row(n, null, rows, [&](std::int64_t at) {
    cells.emplace_back(at < 0 ? std::string_view() : values.text(at));
    valid.push_back(at >= 0);
  });
  return Column::texts(cells, valid);
}

Column categories(const ColumnSketch& column, std::int64_t n, bool null, std::int64_t rows) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < n; ++i) names.emplace_back(column.values.text(i));
  std::vector<std::int32_t> codes;
  each_row(n, null, rows, [&](std::int64_t at) { codes.push_back(static_cast<std::int32_t>(at)); });
  return Column::categories(std::move(codes), names, column.ordered);
}

/// All items in one list, so that they are there once.
Column lists(const ColumnSketch& column, bool null, std::int64_t rows) {
  std::vector<std::int64_t> lengths(static_cast<std::size_t>(rows), 0);
  if (rows > 0) lengths[0] = column.values.size();
  if (rows > 1 && null) lengths[1] = -1;
  return Column::lists(lengths, column.values);
}

Column cells(const ColumnSketch& column, bool null, std::int64_t rows) {
  std::vector<Value> values;
  std::map<std::int64_t, std::string> foreign;
  const auto& alien = column.values.foreign();
  each_row(column.values.size(), null, rows, [&](std::int64_t at) {
    const auto found = alien.find(at);
    if (found != alien.end()) foreign.emplace(static_cast<std::int64_t>(values.size()), found->second);
    values.push_back(at < 0 || found != alien.end() ? Value() : column.values.value(at));
  });
  if (column.kind == Kind::object) return Column::objects(std::move(values), std::move(foreign));
  const auto made = Column::from_values(column.kind, values);
  return column.kind == Kind::time ? made.with_zone(column.zoned) : made;
}

}  // namespace

Frame frame_of(const format::TableSketch& table, const std::set<std::string, std::less<>>& whole) {
  std::int64_t rows = table.rows > 0 ? 1 : 0;
  for (const auto& column : table.columns) {
    const bool list = column.kind == Kind::list;
    rows = std::max(rows, (list ? 1 : shown(column, whole.contains(column.name))) + (column.nulls > 0 ? 1 : 0));
  }
  Frame frame;
  frame.index = table.index;
  for (const auto& column : table.columns) {
    const bool null = column.nulls > 0;
    const auto n = shown(column, whole.contains(column.name));
    switch (column.kind) {
      case Kind::text: frame.add(column.name, texts(column.values, n, null, rows)); break;
      case Kind::category: frame.add(column.name, categories(column, n, null, rows)); break;
      case Kind::list: frame.add(column.name, lists(column, null, rows)); break;
      default: frame.add(column.name, cells(column, null, rows));
    }
  }
  return frame;
}

}  // namespace lamin::lake
