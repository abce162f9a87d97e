// wire_outline.cpp -- outlines of HDF5 files on the wire. Sizes and types are checked here, places when they are read.
#include <algorithm>
#include <limits>
#include "format/wire.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using Kind = ArrayType::Kind;

constexpr std::int64_t largest_cell = std::int64_t{64} << 20;

void require(bool holds) {
  if (!holds) throw Error(Code::corrupt, "The process that reads HDF5 files gave an answer that is none.");
}

bool has_sound_size(const ArrayType& type) {
  switch (type.kind) {
    case Kind::boolean: return type.size == 1;
    case Kind::integer:
    case Kind::natural: return type.size >= 1 && type.size <= 8;
    case Kind::real: return type.size == 2 || type.size == 4 || type.size == 8;
    case Kind::complex: return type.size == 8 || type.size == 16 || type.size == 4;
    case Kind::text: return type.size == text_cell;
    default: return type.size >= 1;
  }
}

/// None is negative, and their product fits.
bool are_sizes(const std::vector<std::int64_t>& sizes, std::int64_t least) {
  std::int64_t cells = largest_cell;
  for (const auto size : sizes) {
    if (size < least || (size > 0 && cells > std::numeric_limits<std::int64_t>::max() / size)) return false;
    cells *= std::max<std::int64_t>(size, 1);
  }
  return sizes.size() <= 32;
}

}  // namespace

void WireWriter::array_type(const ArrayType& type) {
  number(static_cast<std::int64_t>(type.kind));
  number(static_cast<std::int64_t>(type.size));
  number(type.is_big_endian ? 1 : 0);
  number(static_cast<std::int64_t>(type.fields.size()));
  for (const auto& field : type.fields) {
    text(field.name);
    number(static_cast<std::int64_t>(field.offset));
    array_type(field.type);
  }
}

void WireWriter::outline(const Hdf5Outline& outline) {
  number(outline.begin);
  number(static_cast<std::int64_t>(outline.objects.size()));
  for (const auto& object : outline.objects) {
    text(object.path);
    text(object.attributes);
    number(object.is_group ? 1 : 0);
    if (object.is_group) continue;
    array_type(object.info.type);
    values(object.info.shape);
    values(object.info.chunks);
    number(static_cast<std::int64_t>(object.filters.size()));
    for (const auto& filter : object.filters) {
      number(filter.id);
      number(filter.width);
    }
    text(object.fill);
    number(object.all ? 1 : 0);
    text(object.all.value_or(""));
    number(object.has_places ? 1 : 0);
    values(object.places);
  }
}

ArrayType WireReader::array_type(int depth) {
  require(depth < 16);
  ArrayType type;
  const auto kind = number(), size = number();
  require(kind >= 0 && kind <= static_cast<std::int64_t>(Kind::other) && size >= 0 && size <= largest_cell);
  type.kind = static_cast<Kind>(kind);
  type.size = static_cast<std::size_t>(size);
  type.is_big_endian = number() == 1;
  require(has_sound_size(type));
  type.fields.resize(count(6 * sizeof(std::int64_t)));
  require(type.fields.empty() == (type.kind != Kind::record));
  for (auto& field : type.fields) {
    field.name = text();
    const auto offset = number();
    field.type = array_type(depth + 1);
    require(offset >= 0 && offset <= size && static_cast<std::int64_t>(field.type.size) <= size - offset);
    field.offset = static_cast<std::size_t>(offset);
  }
  return type;
}

ArrayInfo WireReader::array_info() {
  ArrayInfo info;
  info.type = array_type(0);
  info.shape = values<std::int64_t>();
  info.chunks = values<std::int64_t>();
  require(info.shape.size() == info.chunks.size() && are_sizes(info.shape, 0) && are_sizes(info.chunks, 1));
  return info;
}

Hdf5Outline WireReader::outline() {
  constexpr std::size_t least = 3 * sizeof(std::int64_t);
  Hdf5Outline outline;
  outline.begin = number();
  require(outline.begin >= 0);
  outline.objects.resize(count(least));
  for (auto& object : outline.objects) {
    object.path = text();
    object.attributes = text();
    object.is_group = number() == 1;
    if (object.is_group) continue;
    object.info = array_info();
    object.filters.resize(count(2 * sizeof(std::int64_t)));
    require(object.filters.size() <= 32);
    for (auto& filter : object.filters) {
      filter.id = number();
      filter.width = number();
      require(filter.width >= 1 && filter.width <= largest_cell);
    }
    object.fill = text();
    const bool in_metadata = number() == 1;
    object.all = text();
    if (!in_metadata) object.all.reset();
    object.has_places = number() == 1;
    object.places = values<std::int64_t>();
    std::int64_t chunks = 1;
    for (std::size_t i = 0; i < object.info.shape.size(); ++i) {
      const auto size = object.info.shape[i], chunk = object.info.chunks[i];
      chunks *= size / chunk + (size % chunk != 0 ? 1 : 0);
    }
    const auto places = static_cast<std::size_t>(std::max<std::int64_t>(chunks, object.filters.empty() ? 1 : 0));
    require(!object.has_places || object.places.size() == 3 * static_cast<std::size_t>(chunks) ||
            object.places.size() == 3 * places);
  }
  end();
  return outline;
}

}  // namespace lamin::format
