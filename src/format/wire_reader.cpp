// wire_reader.cpp -- takes what was parsed out of a memory file, and trusts none of it.
#include <algorithm>
#include <bit>
#include <cstring>
#include "format/wire.hpp"
#include "frame/column_data.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using Kind = Column::Kind;

[[noreturn]] void broken() {
  throw Error(Code::corrupt, "The process that reads HDF5 files gave an answer that is none.");
}

void require(bool holds) {
  if (!holds) broken();
}

bool beyond_is_zero(const std::vector<std::uint8_t>& bits, std::int64_t size) {
  return size % 8 == 0 || (bits.back() >> (size % 8)) == 0;
}

void check_bits(const std::vector<std::uint8_t>& bits, std::int64_t size) {
  require(bits.size() == static_cast<std::size_t>(size / 8 + (size % 8 != 0)) && beyond_is_zero(bits, size));
}

void check_texts(const ColumnData& data) {
  require(data.offsets.size() == static_cast<std::size_t>(data.size) + 1 && data.offsets.front() == 0);
  require(std::is_sorted(data.offsets.begin(), data.offsets.end()));
  require(static_cast<std::size_t>(data.offsets.back()) == data.bytes.size());
}

std::int64_t nulls_of(const ColumnData& data) {
  if (data.valid.empty()) return 0;
  check_bits(data.valid, data.size);
  std::int64_t set = 0;
  for (auto byte : data.valid) set += std::popcount(byte);
  return data.size - set;
}

void check_codes(const ColumnData& data) {
  require(data.dictionary && data.dictionary->kind == Kind::text);
  for (std::int64_t row = 0; row < data.size; ++row) {
    const auto code = data.codes[static_cast<std::size_t>(row)];
    require(data.is_null(row) ? code == -1 : code >= 0 && code < data.dictionary->size);
  }
}

void check_column(const ColumnData& data) {
  const auto rows = static_cast<std::size_t>(data.size);
  const bool whole = data.kind == Kind::int64 || data.kind == Kind::time;
  require(data.integers.size() == (whole ? rows : 0));
  require(data.reals.size() == (data.kind == Kind::float64 ? rows : 0));
  require(data.days.size() == (data.kind == Kind::date ? rows : 0));
  require(data.codes.size() == (data.kind == Kind::category ? rows : 0));
  if (data.kind == Kind::boolean) check_bits(data.bits, data.size);
  else require(data.bits.empty());
  if (data.kind == Kind::text) check_texts(data);
  else require(data.offsets.empty() && data.bytes.empty());
  if (data.kind == Kind::float64) require(data.valid.empty() && data.nulls >= 0 && data.nulls <= data.size);
  else require(nulls_of(data) == data.nulls);
  if (data.kind == Kind::category) check_codes(data);
  else require(!data.dictionary);
}

}  // namespace

std::string_view WireReader::take(std::size_t size) {
  require(size <= rest_.size());
  const std::string_view taken(rest_.data(), size);
  rest_ = rest_.subspan(std::min(rest_.size(), size + wire_padding(size)));
  return taken;
}

std::int64_t WireReader::number() {
  std::int64_t value = 0;
  std::memcpy(&value, take(sizeof(value)).data(), sizeof(value));
  return value;
}

std::size_t WireReader::count(std::size_t width) {
  const auto value = number();
  require(value >= 0 && static_cast<std::uint64_t>(value) <= rest_.size() / width);
  return static_cast<std::size_t>(value);
}

std::string WireReader::text() { return std::string(take(count(1))); }

std::vector<std::string> WireReader::texts() {
  std::vector<std::string> texts(count(sizeof(std::int64_t)));
  for (auto& each : texts) each = text();
  return texts;
}

template <class T>
std::vector<T> WireReader::values() {
  const auto size = count(sizeof(T));
  const auto bytes = take(size * sizeof(T));
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(T) == 0) {
    const auto* first = reinterpret_cast<const T*>(bytes.data());
    return std::vector<T>(first, first + size);  // touches the memory once
  }
  std::vector<T> values(size);
  if (size > 0) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

std::shared_ptr<ColumnData> WireReader::data(int depth) {
  auto data = std::make_shared<ColumnData>();
  const auto kind = number();
  require(kind >= 0 && kind <= static_cast<std::int64_t>(Kind::category));
  data->kind = static_cast<Kind>(kind);
  data->size = number();
  data->nulls = number();
  data->ordered = number() == 1;
  // A row takes at least one bit.
  require(data->size >= 0 && static_cast<std::uint64_t>(data->size) / 8 <= rest_.size());
  data->valid = values<std::uint8_t>();
  data->bits = values<std::uint8_t>();
  data->integers = values<std::int64_t>();
  data->reals = values<double>();
  data->days = values<std::int32_t>();
  data->codes = values<std::int32_t>();
  data->offsets = values<std::int32_t>();
  data->bytes = values<char>();
  if (number() == 1) {
    require(depth == 0);
    data->dictionary = this->data(1);
  }
  check_column(*data);
  return data;
}

Column WireReader::column() { return Column(data(0)); }

Frame WireReader::frame() {
  Frame frame;
  frame.index = text();
  constexpr std::size_t least = 14 * sizeof(std::int64_t);  // a column without name and rows
  constexpr std::size_t most = 100'000;                     // each name is compared with the others
  auto columns = count(least);
  require(columns <= most);
  for (; columns > 0; --columns) {
    auto name = text();
    auto values = column();
    require(frame.size() == 0 || values.size() == frame.rows());
    frame.add(std::move(name), std::move(values));
  }
  return frame;
}

void WireReader::end() const { require(rest_.empty()); }

AnnDataHead WireReader::head() {
  AnnDataHead head;
  head.n_obs = number();
  head.n_vars = number();
  head.obs = frame();
  head.var = frame();
  head.uns_keys = texts();
  head.layers = texts();
  head.obsm = texts();
  end();
  require(head.n_obs == head.obs.rows() && head.n_vars == head.var.rows());
  return head;
}

std::vector<Slot> WireReader::slots() {
  std::vector<Slot> slots(count(1));
  for (auto& slot : slots) {
    slot.name = text();
    slot.frame = frame();
  }
  end();
  return slots;
}

ColumnSketch WireReader::column_sketch() {
  ColumnSketch one;
  one.name = text();
  const auto kind = number();
  require(kind >= 0 && kind <= static_cast<std::int64_t>(Kind::category));
  one.kind = static_cast<Kind>(kind);
  one.values = column();
  require(one.values.kind() == (one.kind == Kind::category ? Kind::text : one.kind));
  one.counts = values<std::int64_t>();
  one.rows = values<std::int64_t>();
  one.nulls = number();
  one.unused = number();
  one.complete = number() == 1;
  one.ordered = number() == 1;
  one.repeated = texts();
  const auto size = static_cast<std::size_t>(one.values.size());
  require(one.rows.size() == size && (one.complete ? one.counts.size() == size : one.counts.empty()));
  return one;
}

FileSketch WireReader::sketch() {
  constexpr std::size_t least = 16 * sizeof(std::int64_t), most = 100'000;  // each name is compared with the others
  FileSketch sketch;
  sketch.otype = text();
  sketch.n_obs = number();
  sketch.n_vars = number();
  sketch.bytes_read = number();
  sketch.layers.resize(count(2 * sizeof(std::int64_t)));
  for (auto& [name, encoding] : sketch.layers) {
    name = text();
    encoding = text();
  }
  sketch.obsm.resize(count(2 * sizeof(std::int64_t)));
  for (auto& [name, shape] : sketch.obsm) {
    name = text();
    shape = values<std::int64_t>();
  }
  sketch.tables.resize(count(8 * sizeof(std::int64_t)));
  for (auto& table : sketch.tables) {
    table.slot = text();
    table.index = text();
    table.rows = number();
    table.seen = number();
    table.repeated_names = number();
    table.names_compared = number() == 1;
    const auto columns = count(least);
    require(columns <= most);
    for (std::size_t i = 0; i < columns; ++i) table.columns.push_back(column_sketch());
  }
  end();
  return sketch;
}

TableLayout WireReader::layout() {
  TableLayout layout;
  layout.rows = number();
  require(layout.rows >= 0);
  layout.columns = frame();
  require(layout.columns.rows() == 0);
  end();
  return layout;
}

std::vector<std::string> WireReader::names() {
  auto names = texts();
  end();
  return names;
}

std::vector<ColumnEdit> WireReader::edits() {
  std::vector<ColumnEdit> edits(count(3 * sizeof(std::int64_t)));
  for (auto& edit : edits) {
    edit.slot = text();
    edit.column = text();
    edit.values = column();
  }
  end();
  return edits;
}

template std::vector<std::int64_t> WireReader::values();  // for wire_outline.cpp

}  // namespace lamin::format
