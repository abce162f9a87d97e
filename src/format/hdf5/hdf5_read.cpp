#include "format/hdf5/hdf5_read.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <memory>
#include "frame/column_data.hpp"

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

/// The in-memory type that the library converts to.
Id memory_type(Cell cell, hid_t file_type) {
  switch (cell) {
    case Cell::boolean: return Id(H5Tget_native_type(file_type, H5T_DIR_ASCEND));
    case Cell::signed_integer: return Id(H5Tcopy(H5T_NATIVE_INT64));
    case Cell::unsigned_integer: return Id(H5Tcopy(H5T_NATIVE_UINT64));
    case Cell::real: return Id(H5Tcopy(H5T_NATIVE_DOUBLE));
    default: return Id(H5Tcopy(file_type));
  }
}

std::string_view fixed_text(const char* at, std::size_t size, hid_t type) {
  std::string_view text(at, size);
  text = text.substr(0, text.find('\0'));
  if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) text = text.substr(0, text.find_last_not_of(' ') + 1);
  return text;
}

hsize_t row_count(hid_t dataset, const std::string& where) {
  const Id space(check(H5Dget_space(dataset), where, "has no shape"));
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (rank == 0) return 1;
  if (rank != 1) throw Error(Code::unsupported, fmt::format("'{}' has {} dimensions, a column has one.", where, rank));
  hsize_t rows = 0;
  H5Sget_simple_extent_dims(space.get(), &rows, nullptr);
  return rows;
}

/// The least memory that a cell takes, as a column or on the way to it.
std::size_t cost_of(Cell cell, std::size_t width) {
  constexpr std::size_t text = 40;
  return cell == Cell::fixed_text || cell == Cell::variable_text ? width + text : std::max<std::size_t>(width, 1);
}

/// Consecutive rows of a dataset.
struct Rows {
  hsize_t begin = 0, count = 0;
};

void read_into(hid_t dataset, hid_t memory, Rows rows, void* cells, const std::string& where) {
  if (rows.count == 0) return;
  const Id space(check(H5Dget_space(dataset), where, "has no shape"));
  const bool scalar = H5Sget_simple_extent_ndims(space.get()) == 0;
  const Id part(scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &rows.count, nullptr));
  if (!scalar) H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &rows.begin, nullptr, &rows.count, nullptr);
  if (H5Dread(dataset, memory, part.get(), space.get(), H5P_DEFAULT, cells) < 0) fail(where, "cannot be read");
}

std::shared_ptr<ColumnData> texts_in_the_making(hsize_t rows) {
  auto data = std::make_shared<ColumnData>();
  data->kind = Column::Kind::text;
  data->size = static_cast<std::int64_t>(rows);
  data->offsets.reserve(rows + 1);
  return data;
}

/// Rows that are read together: whole chunks, as each is decompressed as a whole.
hsize_t rows_a_block(hid_t dataset, hsize_t rows) {
  constexpr hsize_t wanted = 1 << 17;
  hsize_t chunk = 1;
  const Id layout(H5Dget_create_plist(dataset));
  if (H5Pget_layout(layout.get()) == H5D_CHUNKED) H5Pget_chunk(layout.get(), 1, &chunk);
  chunk = std::clamp<hsize_t>(chunk, 1, std::max<hsize_t>(rows, 1));
  return std::max<hsize_t>(1, wanted / chunk) * chunk;
}

/// The library allocates memory for each text, so they are read in blocks.
Column variable_texts(hid_t dataset, Rows rows, hid_t memory, const std::string& where, base::Budget& budget) {
  auto data = texts_in_the_making(rows.count);
  TextBuilder texts(*data);
  const hsize_t step = rows_a_block(dataset, rows.count), end = rows.begin + rows.count;
  for (hsize_t begin = rows.begin; begin < end; begin += step) {
    const hsize_t count = std::min(step, end - begin);
    const Id part(H5Screate_simple(1, &count, nullptr));
    std::vector<char*> cells(count);
    read_into(dataset, memory, {begin, count}, cells.data(), where);
    for (const char* cell : cells) {
      const std::string_view text = cell ? std::string_view(cell) : std::string_view();
      budget.take(text.size(), 1, where);
      texts.add(text);
    }
    H5Dvlen_reclaim(memory, part.get(), H5P_DEFAULT, cells.data());
  }
  return Column(std::move(data));
}

Column fixed_texts(hid_t dataset, Rows rows, hid_t memory, hid_t file_type, const std::string& where) {
  const std::size_t width = H5Tget_size(memory);
  std::vector<char> cells(rows.count * width);
  read_into(dataset, memory, rows, cells.data(), where);
  auto data = texts_in_the_making(rows.count);
  TextBuilder texts(*data);
  for (std::size_t i = 0; i < rows.count; ++i) texts.add(fixed_text(cells.data() + i * width, width, file_type));
  return Column(std::move(data));
}

/// Reads rows as `memory`, which is the type of a cell or a compound with one field.
Column read_cells(hid_t dataset, Rows rows, Cell cell, const Id& file_type, hid_t memory, const std::string& where,
                  base::Budget& budget) {
  const std::size_t width = H5Tget_size(memory);
  budget.take(rows.count, cost_of(cell, width), where);
  switch (cell) {
    case Cell::boolean: {
      std::vector<char> cells(rows.count * width);
      read_into(dataset, memory, rows, cells.data(), where);
      std::vector<bool> values(rows.count);
      for (std::size_t i = 0; i < rows.count; ++i) values[i] = cells[i * width] != 0;
      return Column::booleans(values);
    }
    case Cell::signed_integer:
    case Cell::unsigned_integer: {
      std::vector<std::int64_t> values(rows.count);
      read_into(dataset, memory, rows, values.data(), where);
      if (cell == Cell::unsigned_integer && std::any_of(values.begin(), values.end(), [](auto v) { return v < 0; })) {
        throw Error(Code::unsupported, fmt::format("'{}' holds integers beyond 64-bit signed ones.", where));
      }
      return Column::integers(std::move(values));
    }
    case Cell::real: {
      std::vector<double> values(rows.count);
      read_into(dataset, memory, rows, values.data(), where);
      return Column::reals(std::move(values));
    }
    case Cell::fixed_text: return fixed_texts(dataset, rows, memory, file_type.get(), where);
    case Cell::variable_text: return variable_texts(dataset, rows, memory, where, budget);
    case Cell::other: break;
  }
  throw Error(Code::unsupported, fmt::format("'{}' has a type that no column can hold.", where));
}

std::string text_of(hid_t attribute, hid_t type) {
  if (H5Tis_variable_str(type) <= 0) {
    const std::size_t size = H5Tget_size(type);
    std::string text(size, '\0');
    H5Aread(attribute, type, text.data());
    return std::string(fixed_text(text.data(), size, type));
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

Column::Kind element_of(hid_t dataset, const std::string& where) {
  const Id type(check(H5Dget_type(dataset), where, "has no type"));
  switch (cell_of(type.get())) {
    case Cell::boolean: return Column::Kind::boolean;
    case Cell::signed_integer:
    case Cell::unsigned_integer: return Column::Kind::int64;
    case Cell::real: return Column::Kind::float64;
    case Cell::fixed_text:
    case Cell::variable_text: return Column::Kind::text;
    case Cell::other: break;
  }
  return Column::Kind::object;
}

Column read_column(hid_t dataset, const std::string& where, base::Budget& budget) {
  const Id type(check(H5Dget_type(dataset), where, "has no type"));
  const auto cell = cell_of(type.get());
  const Id memory = memory_type(cell, type.get());
  return read_cells(dataset, {0, row_count(dataset, where)}, cell, type, memory.get(), where, budget);
}

void read_parts(hid_t dataset, const std::string& where, base::Budget& budget,
                const std::function<void(const Column&)>& take) {
  const Id type(check(H5Dget_type(dataset), where, "has no type"));
  const auto cell = cell_of(type.get());
  const Id memory = memory_type(cell, type.get());
  const auto rows = row_count(dataset, where), step = rows_a_block(dataset, rows);
  hsize_t begin = 0;
  do {
    base::Budget part = budget;
    take(read_cells(dataset, {begin, std::min(step, rows - begin)}, cell, type, memory.get(), where, part));
    begin += step;
  } while (begin < rows);
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

Frame read_records(hid_t dataset, const std::string& where, base::Budget& budget) {
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
    frame.add(names[i], read_cells(dataset, {0, rows}, cell, field, record.get(), where + "/" + names[i], budget));
  }
  return frame;
}

Attribute read_attribute(hid_t object, const std::string& name, const std::string& where, base::Budget& budget) {
  if (H5Aexists(object, name.c_str()) <= 0) return {};
  const Id attribute(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), where, "has a broken attribute"));
  const Id type(H5Aget_type(attribute.get())), space(H5Aget_space(attribute.get()));
  const bool is_list = H5Sget_simple_extent_type(space.get()) == H5S_SIMPLE;
  const auto extent = H5Sget_simple_extent_npoints(space.get());
  if (extent <= 0) return std::vector<std::string>();
  const auto count = static_cast<std::size_t>(extent);
  const auto cell = cell_of(type.get());
  budget.take(count, cost_of(cell, H5Tget_size(type.get())), where + "@" + name);
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
  // It is a reference (the categories of anndata 0.7), whose target is known by its name.
  return std::string();
}

std::vector<double> read_numbers(hid_t dataset, const std::string& where, base::Budget& budget) {
  const Id type(H5Dget_type(dataset)), space(check(H5Dget_space(dataset), where, "has no shape"));
  const auto kind = H5Tget_class(type.get());
  if (kind != H5T_INTEGER && kind != H5T_FLOAT && !is_boolean(type.get()))
    throw Error(Code::unsupported, fmt::format("'{}' holds no numbers.", where));
  const auto count = static_cast<std::size_t>(std::max<hssize_t>(0, H5Sget_simple_extent_npoints(space.get())));
  budget.take(count, sizeof(double), where);
  std::vector<double> cells(count);
  if (is_boolean(type.get())) {
    std::vector<std::int8_t> flags(count);
    const Id memory(H5Tget_native_type(type.get(), H5T_DIR_ASCEND));
    if (H5Tget_size(memory.get()) != 1) throw Error(Code::unsupported, fmt::format("'{}' holds no numbers.", where));
    if (count > 0 && H5Dread(dataset, memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, flags.data()) < 0)
      fail(where, "cannot be read");
    std::copy(flags.begin(), flags.end(), cells.begin());
  } else if (count > 0 && H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells.data()) < 0) {
    fail(where, "cannot be read");
  }
  return cells;
}

}  // namespace lamin::format::h5
