// time.hpp -- points in time and days, to text and back.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include "lamin/value.hpp"

namespace lamin::base {

Time now();
/// "2026-11-22 14:52:26.745761": how SQLite stores it. Always six digits.
std::string sql_text(Time time);
/// "2026-11-22 14:52:26 UTC": how a person reads it.
std::string display(Time time);
/// "2026-11-22T14:52:26.745761+00:00"
std::string iso(Time time);
std::string iso(Date date);
/// Accepts a blank or T, 0 to 6 digits of a second, an optional Z or offset (without one, the time is not `zoned`);
/// nullopt for anything else.
std::optional<Time> parse_time(std::string_view text);
std::optional<Date> parse_date(std::string_view text);

}  // namespace lamin::base
