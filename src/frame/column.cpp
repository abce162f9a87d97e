#include <fmt/format.h>
#include <limits>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include "frame/column_data.hpp"
#include "frame/nested.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

using Kind = Column::Kind;

void expect(bool is, Kind kind, std::string_view wanted) {
  if (is) return;
  throw Error(Code::invalid_argument, fmt::format("a column of {} has no {}", name_of(kind), wanted));
}

void set_validity(ColumnData& data, const std::vector<bool>& valid) {
  if (valid.empty()) return;
  if (static_cast<std::int64_t>(valid.size()) != data.size) {
    throw Error(Code::invalid_argument,
                fmt::format("{} values but {} marks of which are valid", data.size, valid.size()));
  }
  ValidityBuilder validity(data, data.size);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    if (!valid[i]) validity.set_null(static_cast<std::int64_t>(i));
  }
}

std::shared_ptr<ColumnData> make(Kind kind, std::size_t size) {
  auto data = std::make_shared<ColumnData>();
  data->kind = kind;
  data->size = static_cast<std::int64_t>(size);
  return data;
}

/// The cell as a T; nullptr if it is null; throws for another type.
template <class T>
const T* cell(const Value& value, std::size_t row, Kind kind) {
  if (value.is_null()) return nullptr;
  if (auto* found = std::get_if<T>(&value)) return found;
  throw Error(Code::validation, fmt::format("row {} of a column of {} holds {}", row, name_of(kind), to_string(value)));
}

template <class T, class Out, class Get>
void fill(ColumnData& data, std::span<const Value> values, std::vector<Out>& out, Get get) {
  out.resize(values.size());
  ValidityBuilder validity(data, data.size);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (auto* v = cell<T>(values[i], i, data.kind)) {
      out[i] = get(*v);
    } else {
      validity.set_null(static_cast<std::int64_t>(i));
    }
  }
}

void fill_booleans(ColumnData& data, std::span<const Value> values) {
  std::vector<bool> out(values.size()), valid(values.size(), true);
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto* v = cell<bool>(values[i], i, data.kind);
    valid[i] = v != nullptr;
    out[i] = v && *v;
  }
  data.bits = pack_bits(out);
  set_validity(data, valid);
}

void fill_reals(ColumnData& data, std::span<const Value> values) {
  data.reals.resize(values.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (auto* integer = std::get_if<std::int64_t>(&values[i])) {
      data.reals[i] = static_cast<double>(*integer);
    } else if (auto* v = cell<double>(values[i], i, data.kind)) {
      data.reals[i] = *v;
    }
  }
}

const std::string* text_cell(const Value& value, std::size_t row, Kind kind) {
  if (auto* json = std::get_if<Json>(&value)) return &json->text;
  return cell<std::string>(value, row, kind);
}

void fill_texts(ColumnData& data, std::span<const Value> values) {
  TextBuilder texts(data);
  ValidityBuilder validity(data, data.size);
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto* v = text_cell(values[i], i, data.kind);
    if (!v) validity.set_null(static_cast<std::int64_t>(i));
    texts.add(v ? std::string_view(*v) : std::string_view());
  }
}

Column category_of(std::span<const Value> values) {
  std::unordered_map<std::string_view, std::int32_t> seen;
  std::vector<std::string> names;
  std::vector<std::int32_t> codes(values.size(), -1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto* v = text_cell(values[i], i, Kind::category);
    if (!v) continue;
    auto [at, fresh] = seen.try_emplace(*v, static_cast<std::int32_t>(names.size()));
    if (fresh) names.push_back(*v);
    codes[i] = at->second;
  }
  return Column::categories(std::move(codes), names);
}

}  // namespace

std::string_view name_of(Kind kind) {
  static constexpr std::string_view names[] = {"boolean", "int64",    "float64", "text",  "time",
                                               "date",    "category", "list",    "object"};
  return names[static_cast<std::size_t>(kind)];
}

void TextBuilder::add(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) - data_.bytes.size()) {
    throw Error(Code::unsupported, "a column holds more than 2 GiB of text: split the table");
  }
  data_.bytes.insert(data_.bytes.end(), text.begin(), text.end());
  data_.offsets.push_back(static_cast<std::int32_t>(data_.bytes.size()));
}

void ValidityBuilder::set_null(std::int64_t row) {
  if (data_.valid.empty()) {
    data_.valid.assign(static_cast<std::size_t>((rows_ + 7) / 8), 0xff);
    if (rows_ % 8) data_.valid.back() = static_cast<std::uint8_t>((1 << (rows_ % 8)) - 1);
  }
  auto& byte = data_.valid[static_cast<std::size_t>(row >> 3)];
  auto mask = static_cast<std::uint8_t>(1 << (row & 7));
  if (byte & mask) ++data_.nulls;
  byte = static_cast<std::uint8_t>(byte & ~mask);
}

std::vector<std::uint8_t> pack_bits(const std::vector<bool>& values) {
  std::vector<std::uint8_t> bits((values.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i]) bits[i >> 3] = static_cast<std::uint8_t>(bits[i >> 3] | (1 << (i & 7)));
  }
  return bits;
}

std::shared_ptr<const ColumnData> text_data(const std::vector<std::string>& values) {
  auto data = make(Kind::text, values.size());
  TextBuilder texts(*data);
  for (auto& value : values) texts.add(value);
  return data;
}

Column::Column() : data_(text_data({})) {}

Column Column::from_values(Kind kind, std::span<const Value> values) {
  if (kind == Kind::category) return category_of(values);
  if (kind == Kind::object) return objects({values.begin(), values.end()});
  auto data = make(kind, values.size());
  switch (kind) {
    case Kind::boolean: fill_booleans(*data, values); break;
    case Kind::int64: fill<std::int64_t>(*data, values, data->integers, [](std::int64_t v) { return v; }); break;
    case Kind::float64: fill_reals(*data, values); break;
    case Kind::text: fill_texts(*data, values); break;
    case Kind::time:
      fill<Time>(*data, values, data->integers, [&](Time v) {
        data->zoned = data->zoned && v.zoned;
        return v.micros;
      });
      break;
    case Kind::date: fill<Date>(*data, values, data->days, [](Date v) { return v.days; }); break;
    case Kind::list: throw Error(Code::invalid_argument, "a column of lists is made of their items and lengths");
    case Kind::category:
    case Kind::object: break;
  }
  return Column(std::move(data));
}

Column Column::booleans(const std::vector<bool>& values, const std::vector<bool>& valid) {
  auto data = make(Kind::boolean, values.size());
  data->bits = pack_bits(values);
  set_validity(*data, valid);
  return Column(std::move(data));
}

Column Column::integers(std::vector<std::int64_t> values, const std::vector<bool>& valid) {
  auto data = make(Kind::int64, values.size());
  data->integers = std::move(values);
  set_validity(*data, valid);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    if (!valid[i]) data->integers[i] = 0;
  }
  return Column(std::move(data));
}

Column Column::reals(std::vector<double> values) {
  auto data = make(Kind::float64, values.size());
  data->reals = std::move(values);
  return Column(std::move(data));
}

Column Column::texts(std::span<const std::string> values, const std::vector<bool>& valid) {
  auto data = make(Kind::text, values.size());
  set_validity(*data, valid);
  TextBuilder texts(*data);
  for (std::size_t i = 0; i < values.size(); ++i) {
    texts.add(valid.empty() || valid[i] ? std::string_view(values[i]) : std::string_view());
  }
  return Column(std::move(data));
}

Column Column::categories(std::vector<std::int32_t> codes, const std::vector<std::string>& categories, bool ordered) {
  auto data = make(Kind::category, codes.size());
  ValidityBuilder validity(*data, data->size);
  auto count = static_cast<std::int64_t>(categories.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i] < -1 || codes[i] >= count) {
      throw Error(Code::invalid_argument,
                  fmt::format("row {}: code {} of a category with {} values", i, codes[i], count));
    }
    if (codes[i] == -1) validity.set_null(static_cast<std::int64_t>(i));
  }
  data->codes = std::move(codes);
  data->dictionary = text_data(categories);
  data->ordered = ordered;
  return Column(std::move(data));
}

Column::Kind Column::kind() const { return data_->kind; }
std::int64_t Column::size() const { return data_->size; }
bool Column::is_null(std::int64_t row) const { return data_->is_null(row); }
bool Column::ordered() const { return data_->ordered; }

Value Column::value(std::int64_t row) const {
  if (data_->is_null(row)) return {};
  auto at = static_cast<std::size_t>(row);
  switch (data_->kind) {
    case Kind::boolean: return ColumnData::bit(data_->bits, row);
    case Kind::int64: return data_->integers[at];
    case Kind::float64: return data_->reals[at];
    case Kind::time: return Time{.micros = data_->integers[at], .zoned = data_->zoned};
    case Kind::date: return Date{data_->days[at]};
    case Kind::text:
    case Kind::category: return text(row);
    case Kind::list: return list_value(*data_, row);
    case Kind::object: return object_value(*data_, row);
  }
  return {};
}

std::string_view Column::text(std::int64_t row) const {
  if (data_->kind == Kind::category) {
    auto code = data_->codes[static_cast<std::size_t>(row)];
    return code < 0 ? std::string_view() : data_->dictionary->text(code);
  }
  expect(data_->kind == Kind::text, data_->kind, "text");
  return data_->text(row);
}

std::span<const std::int64_t> Column::integers() const {
  expect(data_->kind == Kind::int64, data_->kind, "integers");
  return data_->integers;
}

std::span<const double> Column::reals() const {
  expect(data_->kind == Kind::float64, data_->kind, "reals");
  return data_->reals;
}

std::span<const std::int32_t> Column::codes() const {
  expect(data_->kind == Kind::category, data_->kind, "codes");
  return data_->codes;
}

std::vector<std::string> Column::category_names() const {
  expect(data_->kind == Kind::category, data_->kind, "categories");
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(data_->dictionary->size));
  for (std::int64_t i = 0; i < data_->dictionary->size; ++i) names.emplace_back(data_->dictionary->text(i));
  return names;
}

std::vector<std::string> Column::unique_texts() const {
  std::vector<std::string> out;
  if (data_->kind == Kind::category) {
    std::vector<bool> used(static_cast<std::size_t>(data_->dictionary->size));
    for (auto code : data_->codes) {
      if (code >= 0) used[static_cast<std::size_t>(code)] = true;
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i]) out.emplace_back(data_->dictionary->text(static_cast<std::int64_t>(i)));
    }
    return out;
  }
  if (data_->kind == Kind::list) return items().unique_texts();
  expect(data_->kind == Kind::text, data_->kind, "texts");
  std::unordered_set<std::string_view> seen;
  for (std::int64_t i = 0; i < data_->size; ++i) {
    if (!data_->is_null(i) && seen.insert(data_->text(i)).second) out.emplace_back(data_->text(i));
  }
  return out;
}

}  // namespace lamin
