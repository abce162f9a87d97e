// arrow_import.cpp -- Arrow C data as columns. Buffers are copied: incoming widths are the writer's choice (int8,
// float32, large_utf8, any time unit), a Column's are fixed.
#include "frame/arrow_import.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>
#include "frame/arrow_abi.hpp"
#include "frame/column_data.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

using Kind = Column::Kind;

struct Owned {
  ArrowSchema* schema;
  ArrowArray* array;
  ~Owned() {
    if (array->release) array->release(array);
    if (schema->release) schema->release(schema);
  }
};

std::shared_ptr<ColumnData> make(Kind kind, const ArrowSource& from) {
  auto data = std::make_shared<ColumnData>();
  data->kind = kind;
  data->size = from.size();
  if (kind == Kind::float64) return data;
  ValidityBuilder validity(*data, data->size);
  if (from.array.null_count == 0 || from.array.n_buffers < 1 || !from.array.buffers[0]) return data;
  for (std::int64_t i = 0; i < data->size; ++i) {
    if (from.is_null(i)) validity.set_null(i);
  }
  return data;
}

/// Rows of fixed width, with `convert` applied to those that are not null.
template <class In, class Out, class Convert>
void take(const ArrowSource& from, const ColumnData& data, std::vector<Out>& out, Convert convert) {
  auto* in = from.buffer<In>(1);
  out.resize(static_cast<std::size_t>(data.size), Out{});
  for (std::int64_t i = 0; i < data.size; ++i) {
    if (data.valid.empty() || ColumnData::bit(data.valid, i)) {
      out[static_cast<std::size_t>(i)] = convert(in[i + from.array.offset]);
    }
  }
}

template <class In>
Column integers(const ArrowSource& from) {
  auto data = make(Kind::int64, from);
  take<In>(from, *data, data->integers, [&](In v) {
    if constexpr (std::is_same_v<In, std::uint64_t>) {
      if (v > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        throw Error(Code::unsupported, fmt::format("column '{}': {} is beyond 64-bit signed integers", from.name, v));
      }
    }
    return static_cast<std::int64_t>(v);
  });
  return Column(std::move(data));
}

template <class In>
Column reals(const ArrowSource& from) {
  auto data = make(Kind::float64, from);
  auto* in = from.buffer<In>(1);
  data->reals.resize(static_cast<std::size_t>(data->size));
  for (std::int64_t i = 0; i < data->size; ++i) {
    data->reals[static_cast<std::size_t>(i)] =
        from.is_null(i) ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(in[i + from.array.offset]);
  }
  return Column(std::move(data));
}

Column booleans(const ArrowSource& from) {
  auto data = make(Kind::boolean, from);
  auto* in = from.buffer<std::uint8_t>(1);
  std::vector<bool> values(static_cast<std::size_t>(data->size));
  for (std::int64_t i = 0; i < data->size; ++i) {
    auto at = i + from.array.offset;
    values[static_cast<std::size_t>(i)] = !from.is_null(i) && ((in[at >> 3] >> (at & 7)) & 1);
  }
  data->bits = pack_bits(values);
  return Column(std::move(data));
}

template <class Offset>
Column texts(const ArrowSource& from) {
  auto data = make(Kind::text, from);
  TextBuilder texts(*data);
  data->offsets.reserve(static_cast<std::size_t>(data->size) + 1);
  auto* offsets = from.buffer<Offset>(1);
  auto* bytes = from.array.n_buffers > 2 ? static_cast<const char*>(from.array.buffers[2]) : nullptr;
  for (std::int64_t i = 0; i < data->size; ++i) {
    if (from.is_null(i)) {
      texts.add({});
      continue;
    }
    auto begin = offsets[i + from.array.offset], end = offsets[i + from.array.offset + 1];
    if (begin < 0 || end < begin || (end > begin && !bytes)) from.broken("its offsets do not rise");
    texts.add(end == begin ? std::string_view()
                           : std::string_view(bytes + begin, static_cast<std::size_t>(end - begin)));
  }
  return Column(std::move(data));
}

// "vu": 16 bytes per row; up to 12 characters inline, otherwise a prefix, a buffer and an offset into it.
Column text_views(const ArrowSource& from) {
  struct View {
    std::int32_t size;
    char prefix[4];
    std::int32_t buffer, offset;
  };
  auto data = make(Kind::text, from);
  TextBuilder texts(*data);
  auto* views = from.buffer<View>(1);
  for (std::int64_t i = 0; i < data->size; ++i) {
    if (from.is_null(i)) {
      texts.add({});
      continue;
    }
    const View& view = views[i + from.array.offset];
    if (view.size < 0) from.broken("a text has a negative size");
    auto size = static_cast<std::size_t>(view.size);
    // The last buffer holds the sizes of the others.
    if (size > 12 && (view.buffer < 0 || view.buffer + 3 >= from.array.n_buffers)) from.broken("a text lies nowhere");
    texts.add(size <= 12 ? std::string_view(view.prefix, size)
                         : std::string_view(from.buffer<char>(view.buffer + 2) + view.offset, size));
  }
  return Column(std::move(data));
}

Column times(const ArrowSource& from) {
  auto data = make(Kind::time, from);
  auto floor_div = [](std::int64_t v, std::int64_t by) { return v / by - (v % by < 0); };
  auto scaled = [&](std::int64_t v, std::int64_t by) {
    if (v > std::numeric_limits<std::int64_t>::max() / by || v < std::numeric_limits<std::int64_t>::min() / by) {
      throw Error(Code::unsupported, fmt::format("column '{}': a time lies beyond the year 294000", from.name));
    }
    return v * by;
  };
  data->zoned = from.format().size() > 4;  // "tsu:Europe/Berlin"
  char unit = from.format().size() > 2 ? from.format()[2] : '?';
  take<std::int64_t>(from, *data, data->integers, [&](std::int64_t v) {
    switch (unit) {
      case 's': return scaled(v, 1'000'000);
      case 'm': return scaled(v, 1'000);
      case 'n': return floor_div(v, 1'000);
      default: return v;
    }
  });
  return Column(std::move(data));
}

Column dates(const ArrowSource& from) {
  auto data = make(Kind::date, from);
  take<std::int32_t>(from, *data, data->days, [](std::int32_t v) { return v; });
  return Column(std::move(data));
}

/// Codes become a category if the dictionary holds texts; any other dictionary is looked up row by row.
Column dictionary(const ArrowSource& from) {
  if (!from.schema.dictionary || !from.array.dictionary) from.broken("its dictionary is missing");
  ArrowSchema codes_schema = from.schema;
  codes_schema.dictionary = nullptr;
  Column codes = import_column({codes_schema, from.array, from.name});
  if (codes.kind() != Kind::int64) from.broken("its codes are not integers");
  Column values = import_column({*from.schema.dictionary, *from.array.dictionary, from.name});
  auto code_of = [&](std::int64_t row) -> std::int64_t {
    if (codes.is_null(row)) return -1;
    auto code = codes.integers()[static_cast<std::size_t>(row)];
    if (code < 0 || code >= values.size()) from.broken("a code lies outside of its dictionary");
    return values.is_null(code) ? -1 : code;
  };
  if (values.kind() != Kind::text) {
    std::vector<Value> cells(static_cast<std::size_t>(codes.size()));
    for (std::int64_t i = 0; i < codes.size(); ++i) {
      if (auto code = code_of(i); code >= 0) cells[static_cast<std::size_t>(i)] = values.value(code);
    }
    return Column::from_values(values.kind(), cells);
  }
  auto data = std::make_shared<ColumnData>();
  data->kind = Kind::category;
  data->size = codes.size();
  data->codes.resize(static_cast<std::size_t>(codes.size()));
  ValidityBuilder validity(*data, data->size);
  for (std::int64_t i = 0; i < codes.size(); ++i) {
    auto code = code_of(i);
    if (code < 0) validity.set_null(i);
    data->codes[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(code);
  }
  data->dictionary = values.data();
  data->ordered = (from.schema.flags & ARROW_FLAG_DICTIONARY_ORDERED) != 0;
  return Column(std::move(data));
}

}  // namespace

Column import_column(const ArrowSource& from) {
  if (from.size() < 0 || from.array.offset < 0) from.broken("its length is negative");
  if (from.schema.dictionary) return dictionary(from);
  auto format = from.format();
  if (format == "n") {
    std::vector<std::string> empty(static_cast<std::size_t>(from.size()));
    return Column::texts(empty, std::vector<bool>(empty.size(), false));
  }
  if (format == "b") return booleans(from);
  if (format == "c") return integers<std::int8_t>(from);
  if (format == "C") return integers<std::uint8_t>(from);
  if (format == "s") return integers<std::int16_t>(from);
  if (format == "S") return integers<std::uint16_t>(from);
  if (format == "i") return integers<std::int32_t>(from);
  if (format == "I") return integers<std::uint32_t>(from);
  if (format == "l") return integers<std::int64_t>(from);
  if (format == "L") return integers<std::uint64_t>(from);
  if (format == "f") return reals<float>(from);
  if (format == "g") return reals<double>(from);
  if (format == "u") return texts<std::int32_t>(from);
  if (format == "U") return texts<std::int64_t>(from);
  if (format == "vu") return text_views(from);
  if (format == "tdD") return dates(from);
  if (format.starts_with("ts")) return times(from);
  if (format == "+l" || format == "+L") return import_lists(from);
  if (format == "+s") return import_structs(from);
  if (format == "+m") return import_maps(from);
  return import_foreign(from);
}

Frame Frame::import_arrow(ArrowSchema* schema, ArrowArray* array) {
  Owned owned{schema, array};
  if (!schema->release || !array->release) throw Error(Code::invalid_argument, "the Arrow array was released already");
  if (std::string_view(schema->format) != "+s" || schema->n_children != array->n_children) {
    throw Error(Code::invalid_argument, "a table is imported from a struct array, one child a column");
  }
  Frame frame;
  for (std::int64_t i = 0; i < array->n_children; ++i) {
    const ArrowSchema& child = *schema->children[i];
    ArrowArray column = *array->children[i];
    std::string name = child.name ? child.name : "";
    if (column.length < array->offset + array->length) {
      throw Error(Code::validation, fmt::format("column '{}' is shorter than its table", name));
    }
    column.offset += array->offset;  // the parent may be a slice
    column.length = array->length;
    frame.add(name, import_column({child, column, name}));
  }
  return frame;
}

}  // namespace lamin
