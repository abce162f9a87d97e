// tables.cpp -- CSV and Parquet through the module library `arrow`.
#include <fmt/format.h>
#include <filesystem>
#include <optional>
#include <utility>
#include "base/json.hpp"
#include "base/module.hpp"
#include "base/source_file.hpp"
#include "format/arrow_module.hpp"
#include "format/format.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

const ArrowFiles& files() {
  auto* make = reinterpret_cast<const ArrowFiles* (*)()>(base::module_symbol("arrow", "lamin_arrow"));
  return *make();
}

// Before the library is loaded: a missing file does not need it.
void check_file(const std::filesystem::path& path) { const base::SourceFile file(path); }

// pandas notes the columns that name the rows: by name, or as a range that is not a column.
std::string index_of(const std::string& pandas_metadata) {
  if (pandas_metadata.empty()) return {};
  const auto noted = base::parse_json(pandas_metadata);
  auto* columns = noted.is_object() ? noted.get_object().if_contains("index_columns") : nullptr;
  if (!columns || !columns->is_array()) return {};
  for (auto& column : columns->get_array()) {
    if (column.is_string()) return std::string(column.get_string());
  }
  return {};
}

struct PandasType {
  const char* pandas;
  const char* numpy;
};

PandasType pandas_type(const Column& column, bool nullable) {
  switch (column.kind()) {
    case Column::Kind::boolean: return {"bool", "bool"};
    case Column::Kind::int64: return {"int64", nullable ? "Int64" : "int64"};
    case Column::Kind::float64: return {"float64", "float64"};
    case Column::Kind::text: return {"unicode", "object"};
    case Column::Kind::time: return {column.has_zone() ? "datetimetz" : "datetime", "datetime64[us]"};
    case Column::Kind::date: return {"date", "object"};
    case Column::Kind::category: return {"categorical", "int32"};
    case Column::Kind::list:
    case Column::Kind::object: return {"list", "object"};
  }
  return {"unicode", "object"};
}

/// Only needed to say which column names the rows, or that integers may be missing; types are in the file's own schema.
std::string pandas_metadata(const Frame& frame, bool nullable) {
  boost::json::array columns;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const auto& column = frame.at(i);
    const auto type = pandas_type(column, nullable);
    boost::json::value detail;
    if (column.kind() == Column::Kind::category) {
      detail = {{"num_categories", column.category_names().size()}, {"ordered", column.ordered()}};
    }
    if (column.kind() == Column::Kind::time && column.has_zone()) detail = {{"timezone", "UTC"}};
    columns.push_back({{"name", frame.names()[i]},
                       {"field_name", frame.names()[i]},
                       {"pandas_type", type.pandas},
                       {"numpy_type", type.numpy},
                       {"metadata", detail}});
  }
  boost::json::array index;
  if (!frame.index.empty()) index.emplace_back(frame.index);
  const boost::json::value noted = {{"index_columns", index},
                                    {"column_indexes", boost::json::array{}},
                                    {"columns", columns},
                                    {"pandas_version", "2.0.0"}};
  return base::write_json(noted);
}

/// Categories as the texts that they stand for, lists and dicts as JSON.
Frame with_texts(const Frame& frame) {
  Frame plain;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const auto& column = frame.at(i);
    const auto kind = column.kind();
    if (kind != Column::Kind::category && kind != Column::Kind::list && kind != Column::Kind::object) {
      plain.add(frame.names()[i], column);
      continue;
    }
    std::vector<std::string> texts;
    std::vector<bool> valid;
    for (std::int64_t row = 0; row < column.size(); ++row) {
      const Value value = column.value(row);
      const auto* json = std::get_if<Json>(&value);
      const bool text = value.is_null() || value.text() != nullptr;
      texts.push_back(json != nullptr ? json->text : text ? std::string(value.text_or("")) : to_string(value));
      valid.push_back(!value.is_null());
    }
    plain.add(frame.names()[i], Column::texts(texts, valid));
  }
  return plain;
}

}  // namespace

Frame read_csv(const std::filesystem::path& path, char separator) {
  check_file(path);
  return files().read_csv(path, separator, false);
}

Frame read_csv_texts(const std::filesystem::path& path, char separator) {
  check_file(path);
  return files().read_csv(path, separator, true);
}

void write_csv(const Frame& frame, const std::filesystem::path& path) { files().write_csv(with_texts(frame), path); }

Frame read_parquet(const std::filesystem::path& path) {
  check_file(path);
  auto table = files().read_parquet(path);
  auto index = index_of(table.pandas_metadata);
  if (table.frame.find(index)) table.frame.index = std::move(index);
  return std::move(table.frame);
}

void scan_csv(const std::filesystem::path& path, char separator, const TableScan& scan) {
  check_file(path);
  files().scan_csv(path, separator, scan);
}

void scan_parquet(const std::filesystem::path& path, const TableScan& scan) {
  check_file(path);
  files().scan_parquet(path,
                       {.start = [&](const std::string& noted) { scan.start(index_of(noted)); }, .add = scan.add});
}

void write_parquet(const Frame& frame, const std::filesystem::path& path) {
  if (!frame.index.empty()) frame.at(frame.index);  // throws not_found
  bool given = false;
  const auto once = [&]() -> std::optional<Frame> {
    return std::exchange(given, true) ? std::nullopt : std::optional(frame);
  };
  files().write_parquet(once, frame.index.empty() ? "" : pandas_metadata(frame, false), path);
}

void write_parquet_parts(const NextPart& next, const std::filesystem::path& path) {
  auto first = next();
  const auto noted = first ? pandas_metadata(*first, true) : std::string();
  const auto all = [&]() { return first ? std::exchange(first, std::nullopt) : next(); };
  files().write_parquet(all, noted, path);
}

std::int64_t parquet_rows(const std::filesystem::path& path) {
  check_file(path);
  return files().parquet_rows(path);
}

}  // namespace lamin::format
