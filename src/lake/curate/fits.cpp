#include "lake/curate/fits.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include "base/json.hpp"
#include "base/python_literal.hpp"
#include "lake/curate/frame_edit.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

using Kind = Column::Kind;

// Dtypes that values are converted to where that is asked for; the others take values as they are.
constexpr std::array coercible{Dtype::Base::integer,  Dtype::Base::floating,     Dtype::Base::date,
                               Dtype::Base::datetime, Dtype::Base::datetime_utc, Dtype::Base::category};

/// What a column of this kind holds, as pandas calls it.
std::string held_name(const Column& column) {
  switch (column.kind()) {
    case Kind::int64: return "int64";
    case Kind::float64: return "float64";
    case Kind::boolean: return "bool";
    case Kind::time: return column.has_zone() ? "datetime64[ns, UTC]" : "datetime64[ns]";
    case Kind::date: return "date";
    case Kind::category: return "category";
    case Kind::list: return "lists";
    case Kind::text: return "str";
    case Kind::object: return "object";
  }
  return "";
}

bool all_null(const Column& column) {
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_null(row)) return false;
  }
  return true;
}

bool is_object(std::string_view text) {
  try {
    return base::parse_json(text).is_object();
  } catch (const Error&) { return false; }
}

bool is_dict(const Value& value) {
  if (value.text() != nullptr) return base::parse_dictionary(*value.text()).has_value();
  return std::holds_alternative<Json>(value) && is_object(std::get<Json>(value).text);
}

bool is_zoned(const Dtype& dtype) { return dtype.base == Dtype::Base::datetime_utc; }

bool fits(const Dtype& dtype, const Value& value) {
  if (dtype.list) return false;
  if (dtype.is_category()) return value.text() != nullptr;
  if (const auto* time = std::get_if<Time>(&value); time != nullptr && time->zoned != is_zoned(dtype)) return false;
  if (dtype.base == Dtype::Base::dict) return is_dict(value);
  const auto& types = row(dtype.base).values;
  return std::ranges::find(types, type_of(value)) != types.end();
}

using Rows = std::span<const std::int64_t>;

std::int64_t row_at(Rows rows, std::int64_t at) {
  return static_cast<std::size_t>(at) < rows.size() ? rows[static_cast<std::size_t>(at)] : at;
}

bool is_number(const Dtype& dtype) {
  constexpr std::array bases{Dtype::Base::integer, Dtype::Base::floating, Dtype::Base::number, Dtype::Base::boolean};
  return !dtype.list && std::ranges::find(bases, dtype.base) != bases.end();
}

/// Cells of any type, one by one.
std::string misfit_in_cells(const Dtype& dtype, const Column& column, Rows rows) {
  const auto lies = [&](std::int64_t at) {
    return fmt::format(" in row {}{}", row_at(rows, at), dtype.list ? ", which is not a list" : "");
  };
  for (std::int64_t at = 0; at < column.size(); ++at) {
    if (column.is_null(at)) continue;
    if (const auto found = column.foreign().find(at); found != column.foreign().end()) return found->second + lies(at);
    const Value value = column.value(at);
    if (!fits(dtype, value)) return to_string(value) + lies(at);
  }
  return is_number(dtype) ? held_name(column) : "";  // a column of numbers has a type
}

/// Documents in a column of text.
std::string misfit_in_documents(const Column& column, Rows rows) {
  for (std::int64_t at = 0; at < column.size(); ++at) {
    if (!column.is_null(at) && !is_dict(column.value(at))) {
      return fmt::format("{} in row {}", to_string(column.value(at)), row_at(rows, at));
    }
  }
  return "";
}

}  // namespace

std::string misfit(const Dtype& dtype, const Column& column, Rows rows) {
  const auto& base = row(dtype.base);
  if ((dtype.base == Dtype::Base::object && !dtype.list) || all_null(column)) return "";
  if (dtype.list && dtype.base == Dtype::Base::object) return held_name(column);  // lists of anything are not checkable
  if (column.kind() == Kind::object) return misfit_in_cells(dtype, column, rows);
  if (dtype.list) {
    if (column.kind() != Kind::list) return held_name(column) + ", not lists";
    const std::string held = misfit({.base = dtype.base, .targets = dtype.targets}, column.items());
    return held.empty() ? "" : "lists of " + held;
  }
  if (dtype.base == Dtype::Base::dict && column.kind() == Kind::text) return misfit_in_documents(column, rows);
  if (std::ranges::find(base.columns, column.kind()) == base.columns.end()) return held_name(column);
  if (column.kind() == Kind::time && column.has_zone() != is_zoned(dtype)) return held_name(column);
  return "";
}

std::string unconvertible(const Dtype& dtype, const Column& column, Rows rows) {
  if (dtype.list || std::ranges::find(coercible, dtype.base) == coercible.end()) return "";
  const auto kind = row(dtype.base).columns.front();
  for (std::int64_t at = 0; at < column.size(); ++at) {
    if (column.is_null(at) || column.foreign().contains(at) || converted(column.value(at), kind)) continue;
    return fmt::format("{} in row {}", to_string(column.value(at)), row_at(rows, at));
  }
  return "";
}

std::optional<Column> coerced_to(const Dtype& dtype, const Column& column) {
  if (dtype.list || std::ranges::find(coercible, dtype.base) == coercible.end()) return {};
  auto other = converted(column, row(dtype.base).columns.front());
  if (!other || other->kind() != Kind::time) return other;
  if (other->has_zone() && !is_zoned(dtype)) return {};  // which zone is meant would be lost
  return other->with_zone(is_zoned(dtype));
}

}  // namespace lamin::lake
