#include "lake/record/sheet_cells.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "lake/curate/frame_edit.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

using Base = Dtype::Base;
constexpr std::int64_t micros_a_day = 86'400'000'000;

/// A JSON array or object; texts in single quotes, as Python prints them, count as well.
std::optional<boost::json::value> document_in(std::string_view text, char opens) {
  text = base::trim(text);
  if (text.empty() || text.front() != opens) return std::nullopt;
  std::string python(text);
  std::ranges::replace(python, '\'', '"');
  for (const std::string_view one : {text, std::string_view(python)}) {
    try {
      return base::parse_json(one);
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the next spelling may be right
    }
  }
  return std::nullopt;
}

Value value_of(const boost::json::value& item) {
  if (item.is_null()) return {};
  if (item.is_bool()) return Value(item.as_bool());
  if (item.is_int64()) return Value(item.as_int64());
  if (item.is_double()) return Value(item.as_double());
  if (item.is_string()) return Value(std::string(item.as_string()));
  return Json{base::write_json(item)};
}

std::optional<Value> day_of(const Value& cell) {
  const auto* time = std::get_if<Time>(&cell);
  if (time == nullptr) return converted(cell, Column::Kind::date);
  if (time->micros % micros_a_day != 0) return std::nullopt;
  return Value(Date{static_cast<std::int32_t>(time->micros / micros_a_day)});
}

/// Spreadsheets write times without seconds, and midnight as a day.
std::optional<Value> moment_of(const Value& cell) {
  if (const auto* day = std::get_if<Date>(&cell))
    return Value(Time{.micros = day->days * micros_a_day, .zoned = false});
  if (auto time = converted(cell, Column::Kind::time)) return time;
  if (cell.text() == nullptr) return std::nullopt;
  if (const auto day = base::parse_date(*cell.text())) return moment_of(Value(*day));
  if (const auto time = base::parse_time(*cell.text() + ":00")) return Value(*time);
  return std::nullopt;
}

std::optional<Value> number_of(const Value& cell) {
  if (std::holds_alternative<double>(cell) || std::holds_alternative<std::int64_t>(cell)) return cell;
  const bool point = cell.text() != nullptr && cell.text()->find_first_of(".eE") != std::string::npos;
  if (auto whole = point ? std::nullopt : converted(cell, Column::Kind::int64)) return whole;
  return converted(cell, Column::Kind::float64);
}

std::optional<Value> one_value(Base base, const Value& cell) {
  switch (base) {
    case Base::integer: return converted(cell, Column::Kind::int64);
    case Base::floating: return converted(cell, Column::Kind::float64);
    case Base::number: return number_of(cell);
    case Base::boolean: return converted(cell, Column::Kind::boolean);
    case Base::date: return day_of(cell);
    case Base::datetime:
    case Base::datetime_utc: return moment_of(cell);
    case Base::dict: {
      if (cell.text() == nullptr) return cell;
      const auto document = document_in(*cell.text(), '{');
      return document && document->is_object() ? std::optional<Value>(Json{base::write_json(*document)}) : std::nullopt;
    }
    case Base::object: return cell;
    case Base::text:
    case Base::path:
    case Base::url:
    case Base::category: return converted(cell, Column::Kind::text);
  }
  return std::nullopt;
}

/// Three numbers of a date in the two orders that people write, where they are one.
std::vector<std::string> days_in(std::string_view text) {
  std::array<int, 3> parts{};
  std::size_t n = 0;
  const auto* at = text.data();
  const auto* end = at + text.size();
  while (n < parts.size() && at < end) {
    const auto [next, failed] = std::from_chars(at, end, parts[n]);
    if (failed != std::errc()) return {};
    ++n;
    at = next < end && n < parts.size() && std::string_view("./- ").find(*next) != std::string_view::npos ? next + 1
                                                                                                          : next;
  }
  if (n != parts.size() || at != end) return {};
  const auto [a, b, c] = parts;
  const std::array<std::array<int, 3>, 2> orders = a > 31 ? std::array<std::array<int, 3>, 2>{{{a, b, c}, {a, c, b}}}
                                                          : std::array<std::array<int, 3>, 2>{{{c, b, a}, {c, a, b}}};
  std::vector<std::string> days;
  for (const auto& [year, month, day] : orders) {
    auto iso = fmt::format("{:04}-{:02}-{:02}", year, month, day);
    if (year > 31 && base::parse_date(iso) && std::ranges::find(days, iso) == days.end())
      days.push_back(std::move(iso));
  }
  return days;
}

}  // namespace

void check_is_sheet(const Record& record) {
  if (record && record.saved() && record.at("is_type").boolean_or(false)) return;
  throw Error(Code::invalid_argument, fmt::format("{} is not a type: only a type has rows", named(record)));
}

std::string name_column(const SheetOptions& options, std::span<const std::string> columns) {
  for (const std::string& name : {options.name_column, std::string(own_name_column)})
    if (!name.empty() && std::ranges::find(columns, name) != columns.end()) return name;
  return "name";
}

std::optional<std::vector<Value>> values_of_cell(const Dtype& dtype, const Value& cell, bool typed) {
  const auto* json = std::get_if<Json>(&cell);
  const bool several = dtype.list || dtype.is_category();
  if (several && (json != nullptr || (!typed && cell.text() != nullptr))) {
    const auto document = document_in(json != nullptr ? json->text : *cell.text(), '[');
    if (document && document->is_array()) {
      std::vector<Value> values;
      for (const auto& item : document->as_array()) {
        auto value = typed ? value_of(item) : one_value(dtype.base, value_of(item));
        if (!value) return std::nullopt;
        if (!value->is_null()) values.push_back(std::move(*value));
      }
      return values;
    }
  }
  if (typed) return std::vector{cell};
  auto value = one_value(dtype.base, cell);
  return value ? std::optional(std::vector{std::move(*value)}) : std::nullopt;
}

std::vector<Candidate> meant(const Dtype& dtype, const Value& cell) {
  if (cell.text() == nullptr || dtype.list) return {};
  const std::string text(base::trim(*cell.text()));
  std::vector<std::string> found;
  if (dtype.base == Base::date) found = days_in(text);
  if (dtype.base == Base::floating || dtype.base == Base::number) {
    std::string point = text;
    std::ranges::replace(point, ',', '.');
    if (std::ranges::count(point, '.') == 1 && one_value(Base::floating, Value(point))) found.push_back(point);
  }
  if (dtype.base == Base::boolean) {
    const auto word = base::lower(text);
    if (word == "yes" || word == "y") found.emplace_back("True");
    if (word == "no" || word == "n") found.emplace_back("False");
  }
  std::vector<Candidate> candidates;
  for (auto& one : found) candidates.push_back({.value = std::move(one)});
  return candidates;
}

std::string written(const Value& value) {
  if (const auto* text = value.text()) return *text;
  if (const auto* json = std::get_if<Json>(&value)) return json->text;
  if (const auto* time = std::get_if<Time>(&value); time != nullptr && !time->zoned)
    return base::sql_text(*time).substr(0, std::string_view("2026-11-22 14:52:26").size());
  return value.is_null() ? "" : to_string(value);
}

}  // namespace lamin::lake
