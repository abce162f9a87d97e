// query_model_values_testing.hpp -- single values for the model of queries: parts of times, and the order of values.
#pragma once
#include <chrono>
#include <string_view>

#include "registry/path.hpp"

namespace lamin::registry::test {

/// The part of a time or a day, by the standard library's calendar.
inline Value part_of(Part part, const Value& stored) {
  using namespace std::chrono;
  const bool timed = std::holds_alternative<Time>(stored);
  const sys_time<microseconds> at = timed ? sys_time<microseconds>(microseconds(std::get<Time>(stored).micros))
                                          : sys_days(days(std::get<Date>(stored).days));
  const sys_days day = floor<days>(at);
  const year_month_day ymd(day);
  const hh_mm_ss clock(at - day);
  const weekday name(day);
  const sys_days thursday = day - (name - Monday) + days(3);
  const auto iso_year = year_month_day(thursday).year();
  switch (part) {
    case Part::whole: return stored;
    case Part::date: return Value(Date{static_cast<std::int32_t>(day.time_since_epoch().count())});
    case Part::year: return Value(static_cast<int>(ymd.year()));
    case Part::iso_year: return Value(static_cast<int>(iso_year));
    case Part::quarter: return Value((static_cast<int>(static_cast<unsigned>(ymd.month())) - 1) / 3 + 1);
    case Part::month: return Value(static_cast<int>(static_cast<unsigned>(ymd.month())));
    case Part::week: return Value(static_cast<int>((thursday - sys_days(iso_year / January / 1)).count() / 7 + 1));
    case Part::day: return Value(static_cast<int>(static_cast<unsigned>(ymd.day())));
    case Part::week_day: return Value(static_cast<int>(name.c_encoding()) + 1);
    case Part::iso_week_day: return Value(static_cast<int>(name.iso_encoding()));
    case Part::hour: return Value(static_cast<int>(clock.hours().count()));
    case Part::minute: return Value(static_cast<int>(clock.minutes().count()));
    case Part::second: return Value(static_cast<int>(clock.seconds().count()));
  }
  return {};
}

/// Negative, zero or positive; both are of one type.
inline int order_of(const Value& a, const Value& b) {
  auto sign = [](auto x, auto y) { return x < y ? -1 : y < x ? 1 : 0; };
  auto number = [](const Value& v) {
    const auto* i = std::get_if<std::int64_t>(&v);
    return i ? static_cast<double>(*i) : std::get<double>(v);
  };
  if (const auto* s = a.text()) return sign(std::string_view(*s), std::string_view(*b.text()));
  if (const auto* t = std::get_if<Time>(&a)) return sign(t->micros, std::get<Time>(b).micros);
  if (const auto* t = std::get_if<Date>(&a)) return sign(t->days, std::get<Date>(b).days);
  if (const auto* t = std::get_if<bool>(&a)) return sign(*t, std::get<bool>(b));
  return sign(number(a), number(b));
}

}  // namespace lamin::registry::test
