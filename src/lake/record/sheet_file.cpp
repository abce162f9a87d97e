// sheet_file.cpp -- sheets from files and to files.
#include <fmt/format.h>
#include <algorithm>
#include <numeric>
#include "base/fresh_file.hpp"
#include "format/formats.hpp"
#include "format/xlsx.hpp"
#include "lake/feature/links.hpp"
#include "lake/feature/sheet.hpp"
#include "lake/record/sheet_cells.hpp"
#include "lamin/error.hpp"
#include "lamin/sheet.hpp"

namespace lamin {
namespace {

using Kind = Column::Kind;
using format::Format;

bool holds_table(const Format& format) {
  return format.texts != nullptr || format.worksheet != nullptr ||
         (format.slots != nullptr && format.otype == "DataFrame");
}
bool takes_table(const Format& format) { return format.write != nullptr; }

/// Of one feature, by row.
struct Cells {
  std::vector<std::vector<Value>> values;
  std::vector<bool> given;  ///< also without a value: an empty list

  explicit Cells(std::size_t rows) : values(rows), given(rows, false) {}
};

Column texts_of(const Cells& cells) {
  std::vector<Value> texts;
  for (const auto& values : cells.values)
    texts.push_back(values.empty() ? Value() : Value(lake::written(values.front())));
  return Column::from_values(Kind::text, texts);
}

/// The items of lists, all of the kind that the dtype has.
Column lists_of(const Cells& cells, Kind kind) {
  std::vector<std::int64_t> lengths;
  std::vector<Value> items;
  for (std::size_t r = 0; r < cells.values.size(); ++r) {
    const auto& values = cells.values[r];
    lengths.push_back(cells.given[r] ? static_cast<std::int64_t>(values.size()) : -1);
    for (const Value& value : values) items.push_back(kind == Kind::text ? Value(lake::written(value)) : value);
  }
  return Column::lists(lengths, Column::from_values(kind, items));
}

/// As a file stores them: documents and values of any type are texts.
Kind kind_of(const Dtype& dtype) {
  const auto& kinds = row(dtype.base).columns;
  const auto kind = kinds.empty() || dtype.is_category() ? Kind::text : kinds.front();
  return kind == Kind::object || kind == Kind::category ? Kind::text : kind;
}

Value as_real(Value value) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole == nullptr ? value : Value(static_cast<double>(*whole));
}

Column column_of(const Dtype& dtype, Cells cells) {
  const auto kind = kind_of(dtype);
  if (kind == Kind::float64) {
    for (auto& values : cells.values)
      for (auto& value : values) value = as_real(std::move(value));
  }
  const bool several = std::ranges::any_of(cells.values, [](const auto& values) { return values.size() > 1; });
  if (dtype.list || several) return lists_of(cells, kind);
  if (kind == Kind::text) return texts_of(cells);
  std::vector<Value> values;
  for (const auto& one : cells.values) values.push_back(one.empty() ? Value() : one.front());
  try {
    const auto made = Column::from_values(kind, values);
    return kind == Kind::time ? made.with_zone(dtype.base == Dtype::Base::datetime_utc) : made;
  } catch (const Error& error) {
    if (error.code() != Code::validation) throw;
    return texts_of(cells);  // stored by a program that does not check
  }
}

Cells cells_of(const FeatureColumn& column, std::size_t rows) {
  Cells cells(rows);
  for (const auto row : column.empty) cells.given[row] = true;
  for (const auto& [row, value] : column.cells) {
    cells.given[row] = true;
    cells.values[row].push_back(column.values[value]);
  }
  return cells;
}

Column field_of(const std::vector<Record>& rows, const char* field) {
  std::vector<Value> values;
  for (const Record& row : rows) values.push_back(row.at(field));
  return Column::from_values(Kind::text, values);
}

}  // namespace

SheetTable read_sheet(const std::filesystem::path& path, std::string_view worksheet) {
  const auto* format = format::format_of(path);
  if (format == nullptr || !holds_table(*format)) {
    throw Error(Code::unsupported, fmt::format("'{}' is not a table: files that hold one end in {}", path.string(),
                                               format::suffixes_that(holds_table)));
  }
  if (format->worksheet != nullptr) {
    auto [table, rows, letters] = format->worksheet(path, worksheet);
    return {.frame = std::move(table), .typed = false, .rows = std::move(rows), .letters = std::move(letters)};
  }
  if (!worksheet.empty()) {
    throw Error(Code::invalid_argument, fmt::format("'{}' holds one table without a name: leave out the worksheet '{}'",
                                                    path.string(), worksheet));
  }
  SheetTable out{.typed = false};
  out.frame = format->texts != nullptr ? format->texts(path) : std::move(format->slots(path).front().frame);
  out.rows.resize(static_cast<std::size_t>(out.frame.rows()));
  std::iota(out.rows.begin(), out.rows.end(), 2);
  return out;
}

namespace {

Query rows_of(const Record& type) {
  lake::check_is_sheet(type);
  return {.registry = "Record",
          .where = Expr::all_of(
              {Expr::compare("type", Op::exact, type.id()), Expr::compare("is_type", Op::exact, Value(false))}),
          .order_by = {"id"}};
}

Frame frame_of(Instance& instance, const Record& type, const std::vector<Record>& rows) {
  std::vector<std::int64_t> ids;
  for (const Record& row : rows) ids.push_back(row.id());
  const auto columns = feature_columns(instance, type.table(), ids);
  Record one(type.table());
  one.set("type", type.id());
  lake::Sheets sheets(instance);
  const lake::Sheet* sheet = sheets.of(one);
  Frame frame;
  const auto add = [&](const Record& feature) {
    const std::string name(feature.text("name"));
    if (frame.find(name) != nullptr) return;
    const auto found = columns.find(name);
    frame.add(name, column_of(parse_dtype(instance.catalog(), feature.text("_dtype_str")),
                              found == columns.end() ? Cells(rows.size()) : cells_of(found->second, rows.size())));
  };
  if (sheet != nullptr) {
    if (sheet->index) frame.add(std::string(sheet->index->text("name")), field_of(rows, "name"));
    for (const Record& feature : sheet->features) add(feature);
    if (sheet->index) return frame;
  } else {
    for (const auto& [name, column] : columns)
      if (const auto feature = lake::find_feature(instance, name)) add(*feature);
  }
  frame.add(lake::uid_column, field_of(rows, "uid"));
  frame.add(lake::own_name_column, field_of(rows, "name"));
  return frame;
}

}  // namespace

Frame sheet_frame(Instance& instance, const Record& type) {
  return frame_of(instance, type, instance.database().all(rows_of(type)));
}

Frame sheet_frame(Instance& instance, const Record& type, std::int64_t limit) {
  auto query = rows_of(type);
  if (limit < 0) throw Error(Code::invalid_argument, fmt::format("a limit is at least 0, not {}", limit));
  if (limit == 0) return frame_of(instance, type, {});
  query.limit = limit;
  return frame_of(instance, type, instance.database().all(query));
}

std::int64_t sheet_size(Instance& instance, const Record& type) { return instance.database().count(rows_of(type)); }

void export_rows(Instance& instance, const Record& type, const std::filesystem::path& path, bool replace) {
  const auto* format = format::format_of(path);
  if (format == nullptr || !takes_table(*format)) {
    throw Error(Code::unsupported, fmt::format("a table cannot be written to '{}': {} take one", path.string(),
                                               format::suffixes_that(takes_table)));
  }
  if (!replace && std::filesystem::exists(path))
    throw Error(Code::conflict, fmt::format("'{}' already exists: choose another name, or set the option 'replace' to "
                                            "overwrite it",
                                            path.string()));
  const auto frame = sheet_frame(instance, type);
  base::FreshFile fresh(path);
  try {
    if (format->worksheet != nullptr) format::write_worksheet(frame, type.text("name"), fresh.path());
    else format->write(frame, fresh.path());
  } catch (const Error& error) {  // nobody knows the file that was to become this one
    std::string said = error.what();
    const auto own = fresh.path().string();
    if (const auto at = said.find(own); at != said.npos) said.replace(at, own.size(), path.string());
    throw Error(error.code(), said);
  }
  fresh.put(replace);
}

}  // namespace lamin
