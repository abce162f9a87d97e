// dtype_table.cpp -- the one table of dtypes.
#include <algorithm>
#include <array>
#include "base/text.hpp"
#include "lamin/dtype.hpp"

namespace lamin {
namespace {

using Base = Dtype::Base;
using Kind = Column::Kind;

// In the order of Base. Of several rows with the same usual value, the first is what such a value suggests.
const std::vector<DtypeRow>& table() {
  static const std::vector<DtypeRow> rows = {
      {Base::integer, "int", {Type::integer}, {Kind::int64}, "int", "Int64", {"int", "uint"}},
      {Base::floating, "float", {Type::real, Type::integer}, {Kind::float64}, "float", "float64", {"float"}},
      {Base::number, "num", {Type::real, Type::integer}, {Kind::float64, Kind::int64}, "float", "float64", {}},
      {Base::text, "str", {Type::text}, {Kind::text, Kind::category}, "str", "string", {"str", "string", "object"}},
      {Base::boolean, "bool", {Type::boolean}, {Kind::boolean}, "bool", "boolean", {"bool", "boolean"}},
      {Base::date, "date", {Type::date}, {Kind::date}, "datetime.date", "date", {"date"}},
      {Base::datetime, "datetime", {Type::time}, {Kind::time}, "datetime.datetime", "datetime64[ns]", {"datetime"}},
      {Base::datetime_utc,
       "datetime64[ns, UTC]",
       {Type::time},
       {Kind::time},
       "datetime.datetime",
       "datetime64[ns, UTC]",
       {}},
      {Base::dict, "dict", {Type::json}, {Kind::object}, "dict", "", {"dict"}},
      {Base::path, "path", {Type::text}, {Kind::text, Kind::category}, "", "string", {"path", "posixpath"}},
      {Base::url, "url", {Type::text}, {Kind::text, Kind::category}, "str", "string", {}},
      {Base::object, "object", {}, {}, "object", "", {}},
      {Base::category, "cat", {}, {Kind::text, Kind::category}, "", "category", {"category"}},
  };
  return rows;
}

}  // namespace

std::span<const DtypeRow> dtype_rows() { return table(); }

const DtypeRow& row(Base base) { return table()[static_cast<std::size_t>(base)]; }

std::optional<Base> base_called(std::string_view name) {
  const std::string whole = base::lower(name);
  if (whole.starts_with("datetime64") && whole.find("utc") != std::string::npos) return Base::datetime_utc;
  const std::string plain = whole.substr(0, std::min(whole.find_first_of("0123456789["), whole.size()));
  for (const DtypeRow& one : table()) {
    if (std::ranges::find(one.spellings, plain) != one.spellings.end()) return one.base;
  }
  return std::nullopt;
}

Base base_of(const Value& value) {
  const auto type = type_of(value);
  for (const DtypeRow& one : table()) {
    if (type && !one.values.empty() && one.values.front() == *type) return one.base;
  }
  return Base::text;
}

}  // namespace lamin
