// tables.cpp -- tables, and datasets that consist of tables and matrices.
#include <fmt/format.h>
#include <algorithm>
#include <numeric>
#include "base/json.hpp"
#include "format/format.hpp"
#include "format/formats.hpp"
#include "format/sketch.hpp"
#include "format/table_scan.hpp"
#include "lake/preview/parts.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

namespace fs = std::filesystem;
using format::ColumnSketch;
using format::FileSketch;
using format::TableSketch;

/// As a person reads it; texts without quotes.
std::string shown(const Column& column, std::int64_t row) {
  if (column.foreign().contains(row)) return column.foreign().at(row);
  if (column.is_null(row)) return "";
  if (column.kind() == Column::Kind::text || column.kind() == Column::Kind::category)
    return std::string(column.text(row));
  const auto value = column.value(row);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:.6g}", *real);
  if (const auto* json = std::get_if<Json>(&value)) return json->text;
  if (const auto* yes = std::get_if<bool>(&value)) return *yes ? "true" : "false";
  return to_string(value);
}

/// The end of a scan that has seen enough.
struct Enough {};

/// The first rows, in the types that these suggest.
Frame first_part(const fs::path& path, const std::function<void(const fs::path&, const format::TableScan&)>& scan) {
  Frame first;
  try {
    scan(path, {.start = [&](const std::string& index) { first.index = index; },
                .add =
                    [&](const Frame& part) {
                      auto index = first.index;
                      first = part;
                      first.index = std::move(index);
                      throw Enough();
                    }});
  } catch (const Enough&) {}  // NOLINT(bugprone-empty-catch): the way out
  return first;
}

void add_plain(const Frame& frame, std::int64_t rows, const PreviewOptions& options, Preview& out) {
  PreviewTable table{.rows = rows, .n_columns = frame.size()};
  const auto shown_columns = std::min(frame.size(), options.columns);
  for (std::size_t i = 0; i < shown_columns; ++i) {
    table.columns.push_back({.name = frame.names()[i], .type = std::string(name_of(frame.at(i).kind()))});
  }
  const auto shown_rows = std::min(frame.rows(), static_cast<std::int64_t>(options.rows));
  for (std::int64_t row = 0; row < shown_rows; ++row) {
    auto& cells = table.first.emplace_back();
    for (std::size_t i = 0; i < shown_columns; ++i) cells.push_back(shown(frame.at(i), row));
  }
  if (!frame.index.empty()) out.facts.emplace_back("rows are named by", frame.index);
  out.tables.push_back(std::move(table));
}

/// The values by how often they occur, or what numbers range over.
std::string values_of(const ColumnSketch& column, std::int64_t rows, std::size_t most) {
  const auto& values = column.values;
  const auto n = values.size();
  if (n == 0) return "";
  const bool number = values.kind() == Column::Kind::int64 || values.kind() == Column::Kind::float64 ||
                      values.kind() == Column::Kind::time || values.kind() == Column::Kind::date;
  const bool counted = column.complete && n <= 50 && n < rows;
  if (number && !(counted && n <= static_cast<std::int64_t>(most))) {
    std::int64_t least = 0, greatest = 0;
    const auto at = [&](std::int64_t row) {
      if (values.kind() == Column::Kind::float64) return values.reals()[static_cast<std::size_t>(row)];
      const auto value = values.value(row);
      if (const auto* time = std::get_if<Time>(&value)) return static_cast<double>(time->micros);
      if (const auto* date = std::get_if<Date>(&value)) return static_cast<double>(date->days);
      return static_cast<double>(value.integer_or(0));
    };
    for (std::int64_t row = 1; row < n; ++row) {
      if (at(row) < at(least)) least = row;
      if (at(row) > at(greatest)) greatest = row;
    }
    return least == greatest ? shown(values, least)
                             : fmt::format("{} to {}", shown(values, least), shown(values, greatest));
  }
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  if (counted)
    std::ranges::stable_sort(order, [&](auto a, auto b) {
      return column.counts[static_cast<std::size_t>(a)] > column.counts[static_cast<std::size_t>(b)];
    });
  std::string text;
  for (std::size_t i = 0; i < order.size() && i < most; ++i) {
    if (!text.empty()) text += ", ";
    text += shown(values, order[i]);
    if (counted) text += fmt::format(" ({})", column.counts[static_cast<std::size_t>(order[i])]);
  }
  if (static_cast<std::size_t>(n) > most || !column.complete) text += ", …";
  return text;
}

void add_slot(const TableSketch& sketch, const PreviewOptions& options, Preview& out) {
  PreviewTable table{.name = sketch.slot, .rows = sketch.rows, .seen = sketch.seen, .n_columns = sketch.columns.size()};
  const auto counted = sketch.seen < 0 ? sketch.rows : sketch.seen;
  for (const auto& column : sketch.columns) {
    if (table.columns.size() == options.columns) break;
    table.columns.push_back({.name = column.name == sketch.index ? column.name + " (names)" : column.name,
                             .type = std::string(name_of(column.kind)),
                             .values = values_of(column, counted, options.values),
                             .missing = column.nulls});
  }
  out.tables.push_back(std::move(table));
}

std::string numbers(const std::vector<std::int64_t>& all) { return fmt::format("{}", fmt::join(all, " x ")); }

void add_dataset(const FileSketch& sketch, const PreviewOptions& options, Preview& out) {
  out.what = sketch.otype;
  out.size = sketch.bytes;
  if (sketch.n_obs >= 0) out.facts.emplace_back("shape", numbers({sketch.n_obs, sketch.n_vars}));
  if (sketch.zarr_format > 0) out.facts.emplace_back("zarr format", fmt::format("{}", sketch.zarr_format));
  std::vector<std::string> parts;
  for (const auto& [name, encoding] : sketch.layers) parts.push_back(fmt::format("{} ({})", name, encoding));
  if (!parts.empty()) out.facts.emplace_back("layers", fmt::format("{}", fmt::join(parts, ", ")));
  parts.clear();
  for (const auto& [name, shape] : sketch.obsm) parts.push_back(fmt::format("{} ({})", name, numbers(shape)));
  if (!parts.empty()) out.facts.emplace_back("obsm", fmt::format("{}", fmt::join(parts, ", ")));
  for (const auto& image : sketch.images) {
    const auto size = image.scales.empty() ? std::string("?") : numbers(image.scales[0].shape);
    out.facts.emplace_back("image " + image.name,
                           fmt::format("{} ({}), {} scales", size, fmt::join(image.axes, ""), image.scales.size()));
  }
  for (const auto& table : sketch.tables) {
    const auto last = table.slot.substr(table.slot.rfind(':') + 1);
    if (last == "obs" || last == "var") {
      add_slot(table, options, out);
      continue;
    }
    std::vector<std::string> keys;  // a dictionary
    for (const auto& column : table.columns) keys.push_back(column.name);
    if (!keys.empty() && table.slot.find(':') == table.slot.npos)
      out.facts.emplace_back(table.slot, fmt::format("{}", fmt::join(keys, ", ")));
  }
}

}  // namespace

void look_at_tables(const fs::path& path, const std::string& name, const PreviewOptions& options, Preview& out) {
  const auto& format = *format::format_of(fs::path(name));
  if (format.name == "parquet") {
    out.what = "Parquet table";
    const auto rows = format::parquet_rows(path);
    add_plain(first_part(path, format::scan_parquet), rows, options, out);
    return;
  }
  if (format.name == "csv" || format.name == "tsv") {
    out.what = format.name == "csv" ? "CSV table" : "TSV table";
    const char separator = format.name == "csv" ? ',' : '\t';
    const auto scan = [&](const fs::path& file, const format::TableScan& to) { format::scan_csv(file, separator, to); };
    add_plain(first_part(path, scan), -1, options, out);
    return;
  }
  if (format.name == "xlsx") {
    out.what = "Excel workbook";
    const auto slots = format.slots(path);
    add_plain(slots.at(0).frame, slots.at(0).frame.rows(), options, out);
    return;
  }
  add_dataset(format.glance == nullptr ? format.sketch(path) : format.glance(path, options.counted_rows), options, out);
}

}  // namespace lamin::lake
