#include "lake/curate/frame_edit.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "base/time.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  text = base::trim(text);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

/// "" for a JSON document, which is not text.
std::string text_of(const Value& value) {
  if (const std::string* text = value.text()) return *text;
  if (const auto* v = std::get_if<bool>(&value)) return *v ? "True" : "False";
  if (const auto* v = std::get_if<std::int64_t>(&value)) return std::to_string(*v);
  if (const auto* v = std::get_if<double>(&value)) {
    if (*v == std::floor(*v) && std::abs(*v) < 1e15) return std::to_string(static_cast<std::int64_t>(*v));
    char buffer[32];
    return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, *v).ptr);
  }
  if (const auto* v = std::get_if<Date>(&value)) return base::iso(*v);
  if (const auto* v = std::get_if<Time>(&value)) return base::iso(*v);
  return {};
}

std::optional<Value> as_integer(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return value;
  if (const auto* v = std::get_if<bool>(&value)) return Value(static_cast<std::int64_t>(*v));
  if (const auto* v = std::get_if<double>(&value)) {
    if (*v == std::floor(*v) && std::abs(*v) < 9e15) return Value(static_cast<std::int64_t>(*v));
  }
  if (value.text()) {
    if (const auto number = number_in<std::int64_t>(*value.text())) return Value(*number);
    if (const auto number = number_in<double>(*value.text())) return as_integer(Value(*number));
  }
  return {};
}

std::optional<Value> as_real(const Value& value) {
  if (std::holds_alternative<double>(value)) return value;
  if (const auto* v = std::get_if<std::int64_t>(&value)) return Value(static_cast<double>(*v));
  if (value.text()) {
    if (const auto number = number_in<double>(*value.text())) return Value(*number);
  }
  return {};
}

std::optional<Value> as_boolean(const Value& value) {
  if (std::holds_alternative<bool>(value)) return value;
  if (const auto* v = std::get_if<std::int64_t>(&value); v && (*v == 0 || *v == 1)) return Value(*v == 1);
  const std::string text = base::lower(text_of(value));
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  return {};
}

}  // namespace

std::optional<Value> converted(const Value& value, Column::Kind kind) {
  switch (kind) {
    case Column::Kind::int64: return as_integer(value);
    case Column::Kind::float64: return as_real(value);
    case Column::Kind::boolean: return as_boolean(value);
    case Column::Kind::text:
    case Column::Kind::category:
      if (std::holds_alternative<Json>(value)) return {};
      return Value(text_of(value));
    case Column::Kind::date:
      if (std::holds_alternative<Date>(value)) return value;
      if (const auto date = base::parse_date(text_of(value))) return Value(*date);
      return {};
    case Column::Kind::time:
      if (std::holds_alternative<Time>(value)) return value;
      if (const auto time = base::parse_time(text_of(value))) return Value(*time);
      return {};
    case Column::Kind::list:
    case Column::Kind::object: return {};
  }
  return {};
}

Frame with_column(const Frame& frame, std::string_view name, const Column& column) {
  Frame changed;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    changed.add(frame.names()[i], frame.names()[i] == name ? column : frame.at(i));
  }
  changed.index = frame.index;
  return changed;
}

Frame with_names(const Frame& frame, const std::map<std::string, std::string>& names) {
  Frame changed;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const auto found = names.find(frame.names()[i]);
    const std::string& name = found == names.end() ? frame.names()[i] : found->second;
    if (changed.find(name)) {
      throw Error(Code::conflict, "column '" + frame.names()[i] + "' would become '" + name +
                                      "', and there is a column of this name: join the two first");
    }
    changed.add(name, frame.at(i));
  }
  changed.index = frame.index;
  return changed;
}

Column replace_texts(const Column& column, const std::map<std::string, std::string>& texts) {
  const auto replaced = [&](const std::string& text) {
    const auto found = texts.find(text);
    return found == texts.end() ? text : found->second;
  };
  if (column.kind() == Column::Kind::category) {
    std::vector<std::string> names;
    std::vector<std::int32_t> place;  // old code -> new code
    for (const std::string& name : column.category_names()) {
      std::string now = replaced(name);
      const auto known = std::find(names.begin(), names.end(), now);
      place.push_back(static_cast<std::int32_t>(known - names.begin()));
      if (known == names.end()) names.push_back(std::move(now));
    }
    std::vector<std::int32_t> codes;
    codes.reserve(static_cast<std::size_t>(column.size()));
    for (std::int32_t code : column.codes()) codes.push_back(code < 0 ? -1 : place[static_cast<std::size_t>(code)]);
    return Column::categories(std::move(codes), names, column.ordered());
  }
  if (column.kind() == Column::Kind::list) return Column::lists(column.lengths(), replace_texts(column.items(), texts));
  std::vector<std::string> values(static_cast<std::size_t>(column.size()));
  std::vector<bool> valid(values.size());
  for (std::int64_t row = 0; row < column.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    valid[i] = !column.is_null(row);
    if (valid[i]) values[i] = replaced(std::string(column.text(row)));
  }
  return Column::texts(values, valid);
}

std::vector<std::string> unique_labels(const Column& column) {
  if (column.kind() == Column::Kind::list) return unique_labels(column.items());
  if (column.kind() == Column::Kind::text || column.kind() == Column::Kind::category) return column.unique_texts();
  std::vector<std::string> labels;
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_null(row) && !column.foreign().contains(row)) labels.push_back(text_of(column.value(row)));
  }
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

std::optional<Column> converted(const Column& column, Column::Kind kind) {
  if (column.kind() == kind) return column;
  if (!column.foreign().empty()) return {};
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(column.size()));
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (column.is_null(row)) {
      values.emplace_back();
      continue;
    }
    auto value = converted(column.value(row), kind);
    if (!value) return {};
    values.push_back(std::move(*value));
  }
  return Column::from_values(kind == Column::Kind::category ? Column::Kind::text : kind, values);
}

}  // namespace lamin::lake
