// fill.cpp -- columns with default values.
#include "lake/curate/fill.hpp"
#include <algorithm>
#include <string>
#include <vector>
#include "lake/feature/json.hpp"

namespace lamin::lake {

Value default_value(const Record& feature, const Dtype& dtype) {
  const Value& stored = feature.at("default_value");
  const auto* document = std::get_if<Json>(&stored);
  if (document == nullptr) return stored;
  std::vector<Value> values;
  load_value(dtype, *document, values);
  return values.size() == 1 ? values.front() : Value();
}

bool has_nulls(const Column& column) {
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) return true;
  }
  return false;
}

Column column_of(const Dtype& dtype, const Value& value, std::int64_t rows) {
  const auto& kinds = row(dtype.base).columns;
  const auto kind = kinds.empty() ? Column::Kind::text : kinds.front();
  return Column::from_values(kind, std::vector<Value>(static_cast<std::size_t>(rows), value));
}

Column without_nulls(const Column& column, const Value& value) {
  if (column.kind() == Column::Kind::category && value.text() != nullptr) {
    auto names = column.category_names();
    const auto at = std::ranges::find(names, *value.text());
    const auto code = static_cast<std::int32_t>(at - names.begin());
    if (at == names.end()) names.push_back(*value.text());
    std::vector<std::int32_t> codes(column.codes().begin(), column.codes().end());
    std::ranges::replace(codes, -1, code);
    return Column::categories(std::move(codes), names, column.ordered());
  }
  std::vector<Value> values;
  for (std::int64_t row = 0; row < column.size(); ++row) {
    values.push_back(column.is_null(row) ? value : column.value(row));
  }
  return Column::from_values(column.kind(), values);
}

}  // namespace lamin::lake
