#include "format/hdf5/hdf5_read.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <limits>

namespace lamin::format::h5 {
namespace {

/// What a type of the file becomes.
enum class Cell { boolean, signed_integer, unsigned_integer, real, fixed_text, variable_text, other };

Cell cell_of(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return H5Tget_sign(type) == H5T_SGN_NONE && H5Tget_size(type) == 8 ? Cell::unsigned_integer
                                                                         : Cell::signed_integer;
    case H5T_FLOAT: return Cell::real;
    case H5T_STRING: return H5Tis_variable_str(type) > 0 ? Cell::variable_text : Cell::fixed_text;
    case H5T_ENUM: return is_boolean(type) ? Cell::boolean : Cell::other;
    default: return Cell::other;
  }
}

/// The type in memory that the library converts to.
Id memory_type(Cell cell, hid_t file_type) {
  switch (cell) {
    case Cell::boolean: return Id(H5Tget_native_type(file_type, H5T_DIR_ASCEND));
    case Cell::signed_integer: return Id(H5Tcopy(H5T_NATIVE_INT64));
    case Cell::unsigned_integer: return Id(H5Tcopy(H5T_NATIVE_UINT64));
    case Cell::real: return Id(H5Tcopy(H5T_NATIVE_DOUBLE));
    default: return Id(H5Tcopy(file_type));
  }
}

std::string fixed_text(const char* at, std::size_t size, hid_t type) {
  std::string_view text(at, size);
  text = text.substr(0, text.find('\0'));
  if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) text = text.substr(0, text.find_last_not_of(' ') + 1);
  return std::string(text);
}

/// A dataset may claim more than its file can hold. Deflate shrinks by 1,032 at most.
void check_claim(hid_t dataset, hsize_t rows, std::size_t width, const std::string& where) {
  constexpr hsize_t harmless = hsize_t{64} << 20, most = 2000;
  if (rows <= harmless / std::max<std::size_t>(width, 1)) return;
  const auto stored = H5Dget_storage_size(dataset);
  if (rows / most > stored / std::max<std::size_t>(width, 1)) {
    throw Error(Code::corrupt, fmt::format("'{}' claims {} rows, but only {} bytes are stored", where, rows, stored));
  }
}

hsize_t row_count(hid_t dataset, const std::string& where) {
  const Id space(check(H5Dget_space(dataset), where, "has no shape"));
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (rank != 1) throw Error(Code::unsupported, fmt::format("'{}' has {} dimensions, a column has one.", where, rank));
  hsize_t rows = 0;
  H5Sget_simple_extent_dims(space.get(), &rows, nullptr);
  return rows;
}

/// Raw cells -> a column. `cells` holds `rows` values of `width` bytes.
Column column_of(Cell cell, const std::vector<char>& cells, std::size_t rows, std::size_t width, hid_t type,
                 const std::string& where) {
  auto at = [&](std::size_t row) { return cells.data() + row * width; };
  switch (cell) {
    case Cell::boolean: {
      std::vector<bool> values(rows);
      for (std::size_t i = 0; i < rows; ++i) values[i] = *at(i) != 0;
      return Column::booleans(values);
    }
    case Cell::signed_integer:
    case Cell::unsigned_integer: {
      std::vector<std::int64_t> values(rows);
      if (rows > 0) std::memcpy(values.data(), cells.data(), rows * sizeof(std::int64_t));
      if (cell == Cell::unsigned_integer && std::any_of(values.begin(), values.end(), [](auto v) { return v < 0; })) {
        throw Error(Code::unsupported, fmt::format("'{}' holds integers beyond 64-bit signed ones.", where));
      }
      return Column::integers(std::move(values));
    }
    case Cell::real: {
      std::vector<double> values(rows);
      if (rows > 0) std::memcpy(values.data(), cells.data(), rows * sizeof(double));
      return Column::reals(std::move(values));
    }
    case Cell::fixed_text:
    case Cell::variable_text: {
      std::vector<std::string> values(rows);
      for (std::size_t i = 0; i < rows; ++i) {
        if (cell == Cell::fixed_text) {
          values[i] = fixed_text(at(i), width, type);
        } else {
          const char* text = nullptr;
          std::memcpy(&text, at(i), sizeof(text));
          if (text) values[i] = text;
        }
      }
      return Column::texts(values);
    }
    case Cell::other: break;
  }
  throw Error(Code::unsupported, fmt::format("'{}' has a type that no column can hold.", where));
}

/// Reads all rows as `memory`, which is the type of a cell or a compound with one field.
Column read_cells(hid_t dataset, hsize_t rows, Cell cell, const Id& file_type, hid_t memory, const std::string& where) {
  const std::size_t width = H5Tget_size(memory);
  check_claim(dataset, rows, width, where);
  std::vector<char> cells(rows * width);
  if (rows > 0 && H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells.data()) < 0) {
    fail(where, "cannot be read");
  }
  if (cell != Cell::variable_text) return column_of(cell, cells, rows, width, file_type.get(), where);
  struct Reclaim {
    hid_t memory;
    hsize_t rows;
    std::vector<char>& cells;
    ~Reclaim() {
      const Id space(H5Screate_simple(1, &rows, nullptr));
      if (rows > 0) H5Dvlen_reclaim(memory, space.get(), H5P_DEFAULT, cells.data());
    }
  } const reclaim{memory, rows, cells};
  return column_of(cell, cells, rows, width, file_type.get(), where);
}

std::string text_of(hid_t attribute, hid_t type) {
  if (H5Tis_variable_str(type) <= 0) {
    const std::size_t size = H5Tget_size(type);
    std::string text(size, '\0');
    H5Aread(attribute, type, text.data());
    return fixed_text(text.data(), size, type);
  }
  char* text = nullptr;
  if (H5Aread(attribute, type, &text) < 0 || !text) return {};
  std::string copy = text;
  H5free_memory(text);
  return copy;
}

std::vector<std::string> texts_of(hid_t attribute, hid_t type, hid_t space, std::size_t count) {
  std::vector<std::string> texts(count);
  if (H5Tis_variable_str(type) > 0) {
    std::vector<char*> raw(count);
    if (H5Aread(attribute, type, raw.data()) < 0) return {};
    for (std::size_t i = 0; i < count; ++i) texts[i] = raw[i] ? raw[i] : "";
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw.data());
    return texts;
  }
  const std::size_t size = H5Tget_size(type);
  std::string raw(size * count, '\0');
  if (H5Aread(attribute, type, raw.data()) < 0) return {};
  for (std::size_t i = 0; i < count; ++i) texts[i] = fixed_text(raw.data() + i * size, size, type);
  return texts;
}

}  // namespace

Column read_column(hid_t dataset, const std::string& where) {
  const Id type(check(H5Dget_type(dataset), where, "has no type"));
  const auto cell = cell_of(type.get());
  const Id memory = memory_type(cell, type.get());
  return read_cells(dataset, row_count(dataset, where), cell, type, memory.get(), where);
}

std::vector<std::string> field_names(hid_t dataset) {
  std::vector<std::string> names;
  const Id type(H5Dget_type(dataset));
  if (!type.is_open() || H5Tget_class(type.get()) != H5T_COMPOUND) return names;
  for (int i = 0; i < H5Tget_nmembers(type.get()); ++i) {
    char* name = H5Tget_member_name(type.get(), static_cast<unsigned>(i));
    names.emplace_back(name ? name : "");
    H5free_memory(name);
  }
  return names;
}

Frame read_records(hid_t dataset, const std::string& where) {
  Frame frame;
  const Id type(check(H5Dget_type(dataset), where, "has no type"));
  const auto names = field_names(dataset);
  const auto rows = names.empty() ? 0 : row_count(dataset, where);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Id field(H5Tget_member_type(type.get(), static_cast<unsigned>(i)));
    const auto cell = cell_of(field.get());
    if (cell == Cell::other) continue;
    const Id memory = memory_type(cell, field.get());
    const Id record(H5Tcreate(H5T_COMPOUND, H5Tget_size(memory.get())));
    H5Tinsert(record.get(), names[i].c_str(), 0, memory.get());
    frame.add(names[i], read_cells(dataset, rows, cell, field, record.get(), where + "/" + names[i]));
  }
  return frame;
}

Attribute read_attribute(hid_t object, const std::string& name, const std::string& where) {
  if (H5Aexists(object, name.c_str()) <= 0) return {};
  const Id attribute(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), where, "has a broken attribute"));
  const Id type(H5Aget_type(attribute.get())), space(H5Aget_space(attribute.get()));
  const bool is_list = H5Sget_simple_extent_type(space.get()) == H5S_SIMPLE;
  const auto extent = H5Sget_simple_extent_npoints(space.get());
  if (extent <= 0 || extent > 10'000'000) return std::vector<std::string>();
  const auto count = static_cast<std::size_t>(extent);
  const auto cell = cell_of(type.get());
  if (cell == Cell::fixed_text || cell == Cell::variable_text) {
    if (is_list) return texts_of(attribute.get(), type.get(), space.get(), count);
    return text_of(attribute.get(), type.get());
  }
  if (cell == Cell::boolean && !is_list) {
    signed char value = 0;
    H5Aread(attribute.get(), type.get(), &value);
    return value != 0;
  }
  if (cell == Cell::signed_integer || cell == Cell::unsigned_integer) {
    std::vector<std::int64_t> values(count);
    H5Aread(attribute.get(), H5T_NATIVE_INT64, values.data());
    return is_list ? Attribute(values) : Attribute(values[0]);
  }
  if (cell == Cell::real && !is_list) {
    double value = 0;
    H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value);
    return value;
  }
  // A reference (the categories of anndata 0.7) is there; what it points at is known by its name.
  return std::string();
}

}  // namespace lamin::format::h5
