#include "format/zarr_write.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <boost/json.hpp>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "format/anndata.hpp"
#include "format/sketch.hpp"
#include "format/tree.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Kind = Column::Kind;

static_assert(std::endian::native == std::endian::little, "chunks are written as numbers are in memory");

json::object read_object(const fs::path& file) {
  const auto text = base::read_file(file);
  if (!text) return {};
  auto parsed = base::parse_json(*text);
  return parsed.is_object() ? std::move(parsed.get_object()) : json::object();
}

void write_object(const fs::path& file, const json::object& object) {
  base::write_file(file, base::write_json(object), base::Readers::all);
}

/// What the cells of an array are.
struct Cells {
  const char* v2 = "";     ///< "<i8"
  const char* v3 = "";     ///< "int64"
  json::value fill = {};   ///< of cells that are not there
  std::string bytes = {};  ///< of the only chunk
  std::int64_t size = 0;
  const char* encoding = "array";
  bool texts = false;
  bool scalar = false;
};

template <class T>
Cells numbers(const char* v2, const char* v3, json::value fill, const std::vector<T>& values) {
  Cells cells{.v2 = v2, .v3 = v3, .fill = std::move(fill), .size = static_cast<std::int64_t>(values.size())};
  cells.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return cells;
}

Cells flags(const std::vector<std::uint8_t>& values) { return numbers("|b1", "bool", false, values); }

/// How many, then each with its length before it.
Cells texts(const std::vector<std::string>& values) {
  Cells cells{.v2 = "|O", .v3 = "string", .fill = "", .size = static_cast<std::int64_t>(values.size())};
  cells.encoding = "string-array";
  cells.texts = true;
  const auto put = [&](std::size_t number) {
    const auto n = static_cast<std::uint32_t>(number);
    cells.bytes.append(reinterpret_cast<const char*>(&n), sizeof(n));
  };
  put(values.size());
  for (const auto& text : values) {
    put(text.size());
    cells.bytes += text;
  }
  return cells;
}

/// As narrow as in pandas.
Cells codes(const Column& column, std::size_t levels) {
  const auto as = [&]<class T>(const char* v2, const char* v3, T) {
    std::vector<T> narrow;
    for (const auto code : column.codes()) narrow.push_back(static_cast<T>(code));
    return numbers(v2, v3, 0, narrow);
  };
  if (levels <= static_cast<std::size_t>(std::numeric_limits<std::int8_t>::max()))
    return as("|i1", "int8", std::int8_t{});
  if (levels <= static_cast<std::size_t>(std::numeric_limits<std::int16_t>::max()))
    return as("<i2", "int16", std::int16_t{});
  return as("<i4", "int32", std::int32_t{});
}

class Writer {
 public:
  explicit Writer(bool is_v3) : is_v3_(is_v3) {}

  void array(const fs::path& at, const Cells& cells) const {
    start(at);
    const json::object about{{"encoding-type", cells.encoding}, {"encoding-version", "0.2.0"}};
    const auto dimensions = [&](std::int64_t n) { return cells.scalar ? json::array() : json::array{n}; };
    const auto shape = dimensions(cells.size), chunk = dimensions(std::max<std::int64_t>(cells.size, 1));
    if (is_v3_) {
      json::object codec{{"name", cells.texts ? "vlen-utf8" : "bytes"}};
      codec["configuration"] = cells.texts ? json::object() : json::object{{"endian", "little"}};
      write_object(at / "zarr.json",
                   {{"zarr_format", 3},
                    {"node_type", "array"},
                    {"shape", shape},
                    {"data_type", cells.v3},
                    {"chunk_grid", {{"name", "regular"}, {"configuration", {{"chunk_shape", chunk}}}}},
                    {"chunk_key_encoding", {{"name", "default"}, {"configuration", {{"separator", "/"}}}}},
                    {"fill_value", cells.fill},
                    {"codecs", json::array{std::move(codec)}},
                    {"attributes", about},
                    {"storage_transformers", json::array()}});
    } else {
      json::value filters;
      if (cells.texts) filters = json::array{json::object{{"id", "vlen-utf8"}}};
      write_object(at / ".zarray", {{"zarr_format", 2},
                                    {"shape", shape},
                                    {"chunks", chunk},
                                    {"dtype", cells.v2},
                                    {"fill_value", cells.fill},
                                    {"order", "C"},
                                    {"filters", filters},
                                    {"compressor", nullptr},
                                    {"dimension_separator", "."}});
      write_object(at / ".zattrs", about);
    }
    const char* only = !is_v3_ ? "0" : cells.scalar ? "c" : "c/0";
    if (cells.size > 0) base::write_file(at / only, cells.bytes, base::Readers::all);
  }

  void group(const fs::path& at, const json::object& attributes) const {
    start(at);
    if (is_v3_) {
      write_object(at / "zarr.json", {{"zarr_format", 3}, {"node_type", "group"}, {"attributes", attributes}});
      return;
    }
    write_object(at / ".zgroup", {{"zarr_format", 2}});
    write_object(at / ".zattrs", attributes);
  }

  /// The table's columns in order, after one was added.
  void add_to_order(const fs::path& table, const std::string& column) const {
    const auto file = table / (is_v3_ ? "zarr.json" : ".zattrs");
    auto whole = read_object(file);
    auto* own = is_v3_ ? whole.if_contains("attributes") : nullptr;
    if (is_v3_ && (own == nullptr || !own->is_object())) return;
    auto* order = (is_v3_ ? own->get_object() : whole).if_contains("column-order");
    if (order == nullptr || !order->is_array()) return;
    auto& names = order->get_array();
    if (std::ranges::find(names, json::value(column)) != names.end()) return;
    names.emplace_back(column);
    write_object(file, whole);
  }

 private:
  static void start(const fs::path& at) {
    std::error_code failure;
    fs::remove_all(at, failure);
    fs::create_directories(at, failure);
    if (failure) throw Error(Code::no_access, fmt::format("Cannot write '{}': {}.", at.string(), failure.message()));
  }

  bool is_v3_;
};

json::object encoding(const char* type, const char* version) {
  return {{"encoding-type", type}, {"encoding-version", version}};
}

bool has_nulls(const Column& column) {
  for (std::int64_t row = 0; row < column.size(); ++row)
    if (column.is_null(row)) return true;
  return false;
}

void write_category(const Writer& writer, const fs::path& at, const Column& column) {
  auto about = encoding("categorical", "0.2.0");
  about["ordered"] = column.ordered();
  writer.group(at, about);
  const auto levels = column.category_names();
  writer.array(at / "codes", codes(column, levels.size()));
  writer.array(at / "categories", texts(levels));
}

Cells values_of(const Column& column) {
  if (column.kind() == Kind::int64) {
    const auto values = column.integers();
    return numbers("<i8", "int64", 0, std::vector<std::int64_t>(values.begin(), values.end()));
  }
  std::vector<std::uint8_t> values;
  for (std::int64_t row = 0; row < column.size(); ++row) values.push_back(column.value(row).boolean_or(false) ? 1 : 0);
  return flags(values);
}

void write_column(const Writer& writer, const fs::path& at, const std::string& name, const Column& column) {
  switch (column.kind()) {
    case Kind::category: return write_category(writer, at, column);
    case Kind::float64: {
      const auto values = column.reals();
      return writer.array(at, numbers("<f8", "float64", 0.0, std::vector<double>(values.begin(), values.end())));
    }
    case Kind::text: {
      std::vector<Value> cells;
      std::vector<std::string> all;
      for (std::int64_t row = 0; row < column.size(); ++row) {
        cells.push_back(column.value(row));
        all.emplace_back(column.is_null(row) ? std::string_view() : column.text(row));
      }
      if (has_nulls(column)) return write_category(writer, at, Column::from_values(Kind::category, cells));
      return writer.array(at, texts(all));
    }
    case Kind::int64:
    case Kind::boolean: {
      if (!has_nulls(column)) return writer.array(at, values_of(column));
      writer.group(at, encoding(column.kind() == Kind::int64 ? "nullable-integer" : "nullable-boolean", "0.1.0"));
      std::vector<std::uint8_t> mask;
      for (std::int64_t row = 0; row < column.size(); ++row) mask.push_back(column.is_null(row) ? 1 : 0);
      writer.array(at / "values", values_of(column));
      return writer.array(at / "mask", flags(mask));
    }
    case Kind::time:
    case Kind::date:
    case Kind::list:
    case Kind::object: break;
  }
  throw Error(Code::unsupported,
              fmt::format("column '{}': AnnData files hold no times, dates, lists or dicts; make it text.", name));
}

/// The value of a key of a dictionary, from a column of one row.
Cells value_of(const std::string& name, const Column& column) {
  const Value value = column.value(0);
  Cells cells;
  if (const std::string* text = value.text()) {
    cells = texts({*text});
    cells.encoding = "string";
  } else if (const auto* real = std::get_if<double>(&value)) {
    cells = numbers("<f8", "float64", 0.0, std::vector{*real});
  } else if (column.kind() == Kind::int64 || column.kind() == Kind::boolean) {
    cells = values_of(column);
  } else {
    throw Error(Code::unsupported,
                fmt::format("'{}': of dictionaries texts, numbers and booleans can be written.", name));
  }
  if (!cells.texts) cells.encoding = "numeric-scalar";
  cells.scalar = true;
  return cells;
}

void check_name(const std::string& column, const std::string& index = {}) {
  if (!index.empty() && column == index) return;
  const bool bad = column.empty() || column.find('/') != std::string::npos || column == "_index" ||
                   column == "__categories" || column == "." || column == "..";
  if (bad) throw Error(Code::invalid_argument, fmt::format("'{}' cannot be the name of a column.", column));
}

/// The column that names the rows.
std::string index_of(const Tree& tree, const std::string& table) {
  const auto attribute = tree.attribute(table, "_index");
  const auto* index = std::get_if<std::string>(&attribute);
  if (index == nullptr)
    throw Error(Code::corrupt, fmt::format("'{}' does not say which column names its rows.", table));
  return *index;
}

/// From the root down to the parents of tables, any group may keep what it knew of the parts below it.
void forget_consolidated(const fs::path& folder, const fs::path& table) {
  fs::path at = folder;
  const auto forget = [&] {
    std::error_code ignored;
    fs::remove(at / ".zmetadata", ignored);
    auto whole = read_object(at / "zarr.json");
    if (whole.erase("consolidated_metadata") > 0) write_object(at / "zarr.json", whole);
  };
  forget();
  for (const auto& part : table) {
    at /= part;
    forget();
  }
}

void edit_dictionary(const fs::path& folder, const std::string& path, const Slot& slot) {
  const auto at = folder / path;
  const Writer writer(fs::exists(at / "zarr.json") || fs::exists(at.parent_path() / "zarr.json"));
  if (open_zarr(folder)->kind(path) == Tree::Node::none) writer.group(at, encoding("dict", "0.1.0"));
  for (std::size_t i = 0; i < slot.frame.size(); ++i) {
    const auto& key = slot.frame.names()[i];
    check_name(key);
    writer.array(at / key, value_of(key, slot.frame.at(i)));
  }
  forget_consolidated(folder, path);
}

void check_rows(const Slot& slot, std::int64_t rows) {
  if (slot.frame.rows() == rows) return;
  throw Error(Code::invalid_argument, fmt::format("column '{}' has {} rows, {} has {}.", slot.frame.names()[0],
                                                  slot.frame.rows(), slot.name, rows));
}

/// An array of records, as anndata wrote them until 0.6, cannot hold a column of categories or longer texts: it becomes
/// a group of columns.
void rewrite_records(const fs::path& folder, const std::string& path, const Slot& slot) {
  const auto before = read_dataframe(*open_zarr(folder), path);
  check_rows(slot, before.rows());
  Frame after;
  after.index = before.index;
  for (const auto& name : before.names()) {
    const auto* fresh = slot.frame.find(name);
    after.add(name, fresh == nullptr ? before.at(name) : *fresh);
  }
  for (const auto& name : slot.frame.names()) {
    if (after.find(name) == nullptr) after.add(name, slot.frame.at(name));
  }
  for (const auto& name : after.names()) check_name(name, after.index == "_index" ? after.index : "");
  const auto table = folder / path;
  const Writer writer(fs::exists(table / "zarr.json"));
  auto about = encoding("dataframe", "0.2.0");
  about["_index"] = after.index;
  auto& order = about["column-order"].emplace_array();
  for (const auto& name : after.names()) {
    if (name != after.index) order.emplace_back(name);
  }
  writer.group(table, about);
  for (const auto& name : after.names()) write_column(writer, table / name, name, after.at(name));
  forget_consolidated(folder, path);
}

json::value document_of(const Column& column) {
  const Value value = column.value(0);
  if (const std::string* text = value.text()) return json::string(*text);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return nullptr;
}

/// The attributes of a SpatialData store: a document at its root, with documents in it.
void edit_attributes(const fs::path& folder, const Slot& slot) {
  const bool is_v3 = fs::exists(folder / "zarr.json");
  const auto file = folder / (is_v3 ? "zarr.json" : ".zattrs");
  auto whole = read_object(file);
  auto* at = &whole;
  const auto below = [&](std::string_view key) {
    auto& inner = (*at)[key];
    if (!inner.is_object()) inner = json::object();
    at = &inner.get_object();
  };
  if (is_v3) below("attributes");
  const auto keys = base::split(slot.name, ':');
  for (std::size_t i = 1; i < keys.size(); ++i) below(keys[i]);
  for (std::size_t i = 0; i < slot.frame.size(); ++i) (*at)[slot.frame.names()[i]] = document_of(slot.frame.at(i));
  write_object(file, whole);
  forget_consolidated(folder, {});
}

bool is_attributes(std::string_view slot) { return slot == "attrs" || slot.starts_with("attrs:"); }

}  // namespace

void edit_zarr_columns(const fs::path& folder, const std::string& name, std::span<const Slot> changed) {
  for (const Slot& slot : changed) {
    if (slot.frame.size() == 0) continue;
    if (is_attributes(slot.name)) {
      edit_attributes(folder, slot);
      continue;
    }
    if (const auto dictionary = dictionary_path(slot.name); !dictionary.empty()) {
      edit_dictionary(folder, dictionary, slot);
      continue;
    }
    const auto path = table_path(slot.name);
    const auto kind = path.empty() ? Tree::Node::none : open_zarr(folder)->kind(path);
    if (kind == Tree::Node::none) {
      throw Error(Code::not_found,
                  fmt::format("'{}' has no table '{}' whose columns could be replaced.", name, slot.name));
    }
    if (kind == Tree::Node::array) {
      rewrite_records(folder, path, slot);
      continue;
    }
    const auto table = folder / path;
    const Writer writer(fs::exists(table / "zarr.json"));  // each part of a store has a version of its own
    const auto tree = open_zarr(folder);
    const auto index = index_of(*tree, path);
    const auto rows = tree->shape(path + "/" + index).at(0);
    check_rows(slot, rows);
    for (std::size_t i = 0; i < slot.frame.size(); ++i) {
      const auto& column = slot.frame.names()[i];
      check_name(column, index);
      std::error_code ignored;
      fs::remove_all(table / "__categories" / column, ignored);
      write_column(writer, table / column, column, slot.frame.at(i));
      if (column != index) writer.add_to_order(table, column);
    }
    forget_consolidated(folder, path);
  }
}

}  // namespace lamin::format
