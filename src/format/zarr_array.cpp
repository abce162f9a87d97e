#include "format/zarr_array.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include "base/utf8.hpp"
#include "format/codecs.hpp"
#include "format/file_text.hpp"
#include "format/unfilter.hpp"
#include "lamin/error.hpp"

namespace lamin::format::zarr {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Kind = Type::Kind;

[[noreturn]] void corrupt(const std::string& where, std::string_view why) {
  throw Error(Code::corrupt, fmt::format("'{}': {}.", where, why));
}

/// Cells of a column under construction: exactly one of the vectors is filled.
struct Cells {
  std::vector<bool> booleans;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::string> texts;
};

std::string decode(const Array& array, std::string bytes, std::int64_t cells, const std::string& where,
                   const base::Budget& budget) {
  const bool fixed = array.type.kind != Kind::text;
  const auto expected = static_cast<std::int64_t>(array.type.size) * cells;
  if (fixed) budget.check(static_cast<std::uint64_t>(cells), array.type.size, where);
  for (std::size_t i = 0; i < array.codecs.size(); ++i) {
    if (array.codecs[i] == "crc32c") {
      std::uint32_t sum = 0;
      if (bytes.size() < sizeof(sum)) corrupt(where, "a chunk is too short");
      std::memcpy(&sum, bytes.data() + bytes.size() - sizeof(sum), sizeof(sum));
      bytes.resize(bytes.size() - sizeof(sum));
      if (crc32c(bytes) != sum) corrupt(where, "the checksum of a chunk is wrong");
      continue;
    }
    const bool last = i + 1 == array.codecs.size();
    try {
      bytes = codecs().decompress(array.codecs[i], bytes,
                                  {.expected = last && fixed ? expected : -1, .most = budget.left()});
    } catch (Error& error) {
      error.add_context(fmt::format("while reading '{}'", where));
      throw;
    }
  }
  if (fixed && static_cast<std::int64_t>(bytes.size()) != expected) {
    corrupt(where, fmt::format("a chunk has {} bytes instead of {}", bytes.size(), expected));
  }
  return bytes;
}

std::uint64_t bits_at(const char* at, const Type& type) {
  unsigned char bytes[8] = {};
  std::memcpy(bytes, at, type.size);
  if (type.big_endian) std::reverse(bytes, bytes + type.size);
  std::uint64_t bits = 0;
  std::memcpy(&bits, bytes, sizeof(bits));
  return bits;
}

std::int64_t signed_of(std::uint64_t bits, std::size_t size) {
  const auto unused = static_cast<unsigned>(64 - 8 * size);
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

double half(std::uint64_t bits) {
  const int exponent = static_cast<int>((bits >> 10) & 31);
  const auto mantissa = static_cast<double>(bits & 1023);
  const double sign = (bits & 0x8000) ? -1 : 1;
  if (exponent == 31) return mantissa == 0 ? sign * std::numeric_limits<double>::infinity() : std::nan("");
  return exponent == 0 ? sign * std::ldexp(mantissa, -24) : sign * std::ldexp(mantissa + 1024, exponent - 25);
}

double real_of(std::uint64_t bits, std::size_t size) {
  if (size == 2) return half(bits);
  return size == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                   : std::bit_cast<double>(bits);
}

std::string wide_text(const char* at, const Type& type) {
  std::string text;
  Type unit = type;
  unit.size = 4;
  for (std::size_t i = 0; i + 4 <= type.size; i += 4) {
    auto c = static_cast<char32_t>(bits_at(at + i, unit));
    if (c == 0) break;
    base::append_code_point(text, c > 0x10FFFF ? U'\uFFFD' : c);
  }
  return text;
}

void take_cell(const char* at, const Type& type, Cells& into, const std::string& where) {
  switch (type.kind) {
    case Kind::boolean: into.booleans.push_back(*at != 0); return;
    case Kind::integer: into.integers.push_back(signed_of(bits_at(at, type), type.size)); return;
    case Kind::natural: {
      auto bits = bits_at(at, type);
      if (bits > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        throw Error(Code::unsupported, fmt::format("'{}' holds integers beyond 64-bit signed ones.", where));
      }
      into.integers.push_back(static_cast<std::int64_t>(bits));
      return;
    }
    case Kind::real: into.reals.push_back(real_of(bits_at(at, type), type.size)); return;
    case Kind::wide_text: into.texts.push_back(wide_text(at, type)); return;
    case Kind::bytes: into.texts.emplace_back(at, strnlen(at, type.size)); return;
    case Kind::text:
    case Kind::record: return;
  }
}

/// Length-prefixed texts: a count, then the bytes of each.
void take_texts(std::string_view bytes, std::int64_t rows, Cells& into, const std::string& where) {
  auto number = [&] {
    std::uint32_t value = 0;
    if (bytes.size() < sizeof(value)) corrupt(where, "a chunk of texts ends too early");
    std::memcpy(&value, bytes.data(), sizeof(value));
    bytes.remove_prefix(sizeof(value));
    return value;
  };
  if (number() < static_cast<std::uint64_t>(rows)) corrupt(where, "a chunk holds too few texts");
  for (std::int64_t i = 0; i < rows; ++i) {
    auto size = number();
    if (size > bytes.size()) corrupt(where, "a chunk of texts ends too early");
    into.texts.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
}

double fill_real(const json::value& fill) {
  if (fill.is_double()) return fill.get_double();
  if (fill.is_int64()) return static_cast<double>(fill.get_int64());
  if (fill.is_string()) {
    const auto& text = fill.get_string();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    return std::nan("");
  }
  return 0;
}

/// A chunk without a file holds the fill value.
void take_fill(const Array& array, std::int64_t rows, Cells& into, const std::string& where, base::Budget& budget) {
  constexpr std::uint64_t look_up = 512;  // what looking for a missing file costs in the budget
  const auto& fill = array.fill;
  budget.take(1, look_up, where);
  if (fill.is_string()) budget.take(static_cast<std::uint64_t>(rows), fill.get_string().size(), where);
  const auto count = static_cast<std::size_t>(rows);
  switch (array.type.kind) {
    case Kind::boolean: into.booleans.insert(into.booleans.end(), count, fill.is_bool() && fill.get_bool()); return;
    case Kind::integer:
    case Kind::natural:
      into.integers.insert(into.integers.end(), count, fill.is_int64() ? fill.get_int64() : 0);
      return;
    case Kind::real: into.reals.insert(into.reals.end(), count, fill_real(fill)); return;
    default:
      into.texts.insert(into.texts.end(), count, fill.is_string() ? std::string(fill.get_string()) : std::string());
  }
}

/// The first `wanted` cells of a chunk; the last chunk is as long as the others.
void take_chunk(const Array& array, std::string stored, std::int64_t wanted, Cells& into, const std::string& where,
                base::Budget& budget) {
  const auto bytes = decode(array, std::move(stored), array.chunks[0], where, budget);
  budget.take(bytes.size(), 1, where);  // even if a shard makes this decode one chunk again and again
  if (array.type.kind == Kind::text) return take_texts(bytes, wanted, into, where);
  for (std::int64_t i = 0; i < wanted; ++i) {
    take_cell(bytes.data() + static_cast<std::size_t>(i) * array.type.size, array.type, into, where);
  }
}

void take_shard(const Array& array, const std::string& stored, std::int64_t wanted, Cells& into,
                const std::string& where, base::Budget& budget) {
  struct Place {
    std::uint64_t offset, size;
  };
  constexpr auto nothing = std::numeric_limits<std::uint64_t>::max();
  const auto count = static_cast<std::size_t>(array.shard->shape[0] / array.chunks[0]);
  const std::size_t sum_size = array.shard->index_has_checksum ? sizeof(std::uint32_t) : 0;
  if (stored.size() < sum_size || (stored.size() - sum_size) / sizeof(Place) < count) {
    corrupt(where, "a shard is shorter than its index");
  }
  const auto index_size = count * sizeof(Place);
  const auto index = std::string_view(stored).substr(
      array.shard->index_at_start ? 0 : stored.size() - sum_size - index_size, index_size + sum_size);
  if (sum_size > 0) {
    std::uint32_t sum = 0;
    std::memcpy(&sum, index.data() + index_size, sizeof(sum));
    if (crc32c(index.substr(0, index_size)) != sum) corrupt(where, "the checksum of a shard's index is wrong");
  }
  for (std::size_t i = 0; i < count && wanted > 0; ++i) {
    Place place{};
    std::memcpy(&place, index.data() + i * sizeof(place), sizeof(place));
    const auto cells = std::min(wanted, array.chunks[0]);
    wanted -= cells;
    if (place.offset == nothing && place.size == nothing) {
      take_fill(array, cells, into, where, budget);
      continue;
    }
    if (place.offset > stored.size() || place.size > stored.size() - place.offset) {
      corrupt(where, "a chunk lies outside of its shard");
    }
    take_chunk(array, stored.substr(place.offset, place.size), cells, into, where, budget);
  }
}

/// The least memory that a cell takes, as a column or on the way to it.
std::size_t cost_of(const Type& type) {
  constexpr std::size_t number = 8, text = 40;
  switch (type.kind) {
    case Kind::boolean: return 1;
    case Kind::wide_text:
    case Kind::bytes:
    case Kind::text: return text + type.size;
    default: return number;
  }
}

std::int64_t stored_in(const fs::path& folder) {
  std::int64_t stored = 0;
  std::error_code failure;
  for (auto it = fs::recursive_directory_iterator(folder, failure);
       !failure && it != fs::recursive_directory_iterator(); it.increment(failure)) {
    std::error_code gone;
    if (it->is_regular_file(gone)) stored += static_cast<std::int64_t>(it->file_size(gone));
  }
  return stored;
}

/// One file: a chunk, or a shard of chunks.
void take_file(const Array& array, const fs::path& folder, std::int64_t number, std::int64_t wanted, Cells& cells,
               const std::string& where, base::Budget& budget) {
  const auto file = folder / (array.is_scalar ? array.chunk_prefix : array.chunk_prefix + std::to_string(number));
  std::error_code failure;
  if (!fs::exists(file, failure)) return take_fill(array, wanted, cells, where, budget);
  auto bytes = file_bytes(file, budget.limit());
  if (array.shard) take_shard(array, bytes, wanted, cells, where, budget);
  else take_chunk(array, std::move(bytes), wanted, cells, where, budget);
}

Column column_of(const Type& type, Cells cells) {
  switch (type.kind) {
    case Kind::boolean: return Column::booleans(cells.booleans);
    case Kind::integer:
    case Kind::natural: return Column::integers(std::move(cells.integers));
    case Kind::real: return Column::reals(std::move(cells.reals));
    default: return Column::texts(cells.texts);
  }
}

/// The array as a column, a scalar as one row.
Array column_array(const Array& array, const std::string& where) {
  if (array.type.kind == Kind::record)
    throw Error(Code::unsupported, fmt::format("'{}' holds records, which are no column.", where));
  if (array.shape.size() == 1) return array;
  if (array.is_scalar) {
    Array one = array;
    one.shape = one.chunks = {1};
    return one;
  }
  throw Error(Code::unsupported, fmt::format("'{}' has {} dimensions, a column has one.", where, array.shape.size()));
}

/// A chunk of records, which all have names: none is left out because it would hold nothing but the fill value.
std::string record_chunk(const Array& array, const fs::path& file, const std::string& where,
                         const base::Budget& budget) {
  std::error_code failure;
  if (!fs::exists(file, failure)) corrupt(where, fmt::format("its chunk '{}' is missing", file.filename().string()));
  return decode(array, file_bytes(file, budget.limit()), array.chunks[0], where, budget);
}

}  // namespace

Column::Kind element_of(const Array& array) {
  switch (array.type.kind) {
    case Kind::boolean: return Column::Kind::boolean;
    case Kind::integer:
    case Kind::natural: return Column::Kind::int64;
    case Kind::real: return Column::Kind::float64;
    default: return Column::Kind::text;
  }
}

Column read_array(const Array& given, const fs::path& folder, const std::string& where, base::Budget& budget) {
  const Array array = column_array(given, where);
  budget.add_stored(stored_in(folder));
  budget.take(static_cast<std::uint64_t>(array.shape[0]), cost_of(array.type), where);
  const auto rows = array.shape[0], step = array.shard ? array.shard->shape[0] : array.chunks[0];
  Cells cells;
  for (std::int64_t begin = 0; begin < rows; begin += step) {
    take_file(array, folder, begin / step, std::min(step, rows - begin), cells, where, budget);
  }
  return column_of(array.type, std::move(cells));
}

void read_parts(const Array& given, const fs::path& folder, const std::string& where, base::Budget& budget,
                const std::function<void(const Column&)>& take) {
  constexpr std::int64_t most_rows = 1 << 18;
  const Array array = column_array(given, where);
  budget.add_stored(stored_in(folder));
  const auto rows = array.shape[0], step = array.shard ? array.shard->shape[0] : array.chunks[0];
  const auto together = std::max<std::int64_t>(1, most_rows / step);
  // Without a file for each, chunks cost nothing on disk: a claim of many is refused before the first is read.
  budget.check(static_cast<std::uint64_t>(rows / step), 1, where);
  std::int64_t begin = 0;
  do {
    base::Budget part = budget;
    Cells cells;
    const auto end = std::min(rows, begin + together * step);
    part.take(static_cast<std::uint64_t>(end - begin), cost_of(array.type), where);
    for (; begin < end; begin += step) {
      take_file(array, folder, begin / step, std::min(step, rows - begin), cells, where, part);
    }
    take(column_of(array.type, std::move(cells)));
  } while (begin < rows);
}

Frame read_records(const Array& array, const fs::path& folder, const std::string& where, base::Budget& budget) {
  if (array.type.kind != Kind::record || array.shape.size() != 1 || array.shard)
    throw Error(Code::unsupported, fmt::format("'{}' is not a plain list of records.", where));
  const auto rows = array.shape[0], step = array.chunks[0];
  const auto& fields = array.type.fields;
  budget.add_stored(stored_in(folder));
  for (const auto& [name, type] : fields) budget.take(static_cast<std::uint64_t>(rows), cost_of(type), where);
  std::vector<Cells> cells(fields.size());
  for (std::int64_t begin = 0; begin < rows; begin += step) {
    const auto bytes = record_chunk(array, folder / (array.chunk_prefix + std::to_string(begin / step)), where, budget);
    budget.take(bytes.size(), 1, where);
    const char* at = bytes.data();
    for (std::int64_t row = begin; row < std::min(rows, begin + step); ++row) {
      for (std::size_t i = 0; i < fields.size(); at += fields[i].second.size, ++i)
        take_cell(at, fields[i].second, cells[i], where);
    }
  }
  Frame frame;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (frame.find(fields[i].first)) corrupt(where, fmt::format("two of its fields are called '{}'", fields[i].first));
    frame.add(fields[i].first, column_of(fields[i].second, std::move(cells[i])));
  }
  return frame;
}

}  // namespace lamin::format::zarr
