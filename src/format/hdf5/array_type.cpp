// array_type.cpp -- types and attributes of HDF5 in our terms.
#include <fmt/format.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include "format/hdf5/outline.hpp"

namespace lamin::format::h5 {
namespace {

namespace json = boost::json;
using Kind = ArrayType::Kind;

bool is_ieee(hid_t type) {
  for (const auto known : {H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE, H5T_IEEE_F64BE})
    if (H5Tequal(type, known) > 0) return true;
  return H5Tget_size(type) == 2;  // half, which h5py defines itself
}

bool is_big_endian(hid_t type) { return H5Tget_order(type) == H5T_ORDER_BE; }

ArrayType record(hid_t type) {
  struct Member {
    std::size_t offset;
    ArrayType::Field field;
    std::size_t in_memory;
  };
  std::vector<Member> members;
  for (int i = 0; i < H5Tget_nmembers(type); ++i) {
    const auto number = static_cast<unsigned>(i);
    char* name = H5Tget_member_name(type, number);
    const Id member(H5Tget_member_type(type, number));
    members.push_back({H5Tget_member_offset(type, number),
                       {name != nullptr ? name : "", array_type(member.get()), 0},
                       H5Tget_size(member.get())});
    H5free_memory(name);
  }
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
  // A text takes 16 bytes in the file and a pointer in memory, which moves what follows.
  ArrayType cell{.kind = Kind::record, .size = H5Tget_size(type)};
  std::size_t moved = 0;
  for (auto& [offset, field, in_memory] : members) {
    field.offset = offset + moved;
    moved += field.type.size - in_memory;
    cell.fields.push_back(std::move(field));
  }
  cell.size += moved;
  const bool complex = cell.fields.size() == 2 && cell.fields[0].name == "r" && cell.fields[1].name == "i" &&
                       cell.fields[0].type.kind == Kind::real && cell.fields[1].type.kind == Kind::real &&
                       cell.size == 2 * cell.fields[0].type.size;
  if (complex) return {.kind = Kind::complex, .size = cell.size, .is_big_endian = cell.fields[0].type.is_big_endian};
  return cell;
}

json::value cell_json(const char* at, hid_t type, Kind kind, std::size_t size) {
  switch (kind) {
    case Kind::boolean: return *at != 0;
    case Kind::real: {
      double value = 0;
      std::copy_n(at, sizeof(value), reinterpret_cast<char*>(&value));
      if (std::isfinite(value)) return value;
      return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
    case Kind::natural: {
      std::uint64_t value = 0;
      std::copy_n(at, sizeof(value), reinterpret_cast<char*>(&value));
      return value;
    }
    case Kind::integer: {
      std::int64_t value = 0;
      std::copy_n(at, sizeof(value), reinterpret_cast<char*>(&value));
      return value;
    }
    case Kind::bytes: {
      std::string_view text(at, size);
      text = text.substr(0, text.find('\0'));
      if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) text = text.substr(0, text.find_last_not_of(' ') + 1);
      return json::string(text);
    }
    case Kind::text: {
      const char* text = nullptr;
      std::copy_n(at, sizeof(text), reinterpret_cast<char*>(&text));
      return json::string(text != nullptr ? text : "");
    }
    default: return nullptr;
  }
}

json::value attribute_json(hid_t attribute, const std::string& shown, base::Budget& budget) {
  const Id type(check(H5Aget_type(attribute), shown, "has no type")), space(H5Aget_space(attribute));
  const auto cell = array_type(type.get());
  const auto extent = H5Sget_simple_extent_type(space.get());
  const auto points = std::max<hssize_t>(0, H5Sget_simple_extent_npoints(space.get()));
  if (extent == H5S_NULL || cell.kind == Kind::record || cell.kind == Kind::complex || cell.kind == Kind::other)
    return nullptr;
  const auto count = static_cast<std::size_t>(points);
  Id memory(H5Tcopy(type.get()));
  if (cell.kind == Kind::integer) memory = Id(H5Tcopy(H5T_NATIVE_INT64));
  if (cell.kind == Kind::natural) memory = Id(H5Tcopy(H5T_NATIVE_UINT64));
  if (cell.kind == Kind::real) memory = Id(H5Tcopy(H5T_NATIVE_DOUBLE));
  const auto width = H5Tget_size(memory.get());
  budget.take(count, width + sizeof(json::value), shown);
  std::vector<char> cells(count * width);
  if (count > 0 && H5Aread(attribute, memory.get(), cells.data()) < 0) fail(shown, "cannot be read");
  json::array list;
  for (std::size_t i = 0; i < count; ++i)
    list.push_back(cell_json(cells.data() + i * width, type.get(), cell.kind, width));
  if (cell.kind == Kind::text && count > 0) H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, cells.data());
  if (extent == H5S_SCALAR) return list.empty() ? json::value() : list[0];
  return list;
}

}  // namespace

ArrayType array_type(hid_t type) {
  const auto size = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      if (size > sizeof(std::uint64_t)) break;
      return {.kind = H5Tget_sign(type) == H5T_SGN_NONE ? Kind::natural : Kind::integer,
              .size = size,
              .is_big_endian = is_big_endian(type)};
    case H5T_FLOAT:
      if (!is_ieee(type)) break;
      return {.kind = Kind::real, .size = size, .is_big_endian = is_big_endian(type)};
    case H5T_STRING:
      return H5Tis_variable_str(type) > 0 ? ArrayType{.kind = Kind::text, .size = text_cell}
                                          : ArrayType{.kind = Kind::bytes, .size = size};
    case H5T_ENUM: {
      if (is_boolean(type) && size == 1) return {.kind = Kind::boolean, .size = 1};
      const Id base(H5Tget_super(type));
      return array_type(base.get());
    }
    case H5T_COMPOUND: return record(type);
    case H5T_VLEN: return {.kind = Kind::other, .size = text_cell};
    default: break;
  }
  return {.kind = Kind::other, .size = size};
}

std::string attributes_json(hid_t object, const std::string& where, base::Budget& budget) {
  std::vector<std::string> names;
  auto note = [](hid_t, const char* name, const H5A_info_t*, void* into) -> herr_t {
    static_cast<std::vector<std::string>*>(into)->emplace_back(name);
    return 0;
  };
  hsize_t at = 0;
  if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, &at, note, &names) < 0) fail(where, "has broken attributes");
  json::object out;
  for (const auto& name : names) {
    const Id attribute(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), where, "has a broken attribute"));
    out[name] = attribute_json(attribute.get(), where + "@" + name, budget);
  }
  return json::serialize(out);
}

}  // namespace lamin::format::h5
