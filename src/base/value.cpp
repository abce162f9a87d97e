#include "lamin/value.hpp"
#include <fmt/format.h>
#include "base/time.hpp"
#include "base/visible.hpp"

namespace lamin {

std::string to_string(const Value& value) {
  struct Writer {
    std::string operator()(std::monostate) const { return "None"; }
    std::string operator()(bool b) const { return b ? "True" : "False"; }
    std::string operator()(std::int64_t i) const { return fmt::to_string(i); }
    std::string operator()(double d) const { return fmt::format("{}", d); }
    std::string operator()(const std::string& s) const { return fmt::format("'{}'", base::visible_line(s)); }
    std::string operator()(Time t) const {
      std::string text = base::display(t);
      return t.zoned ? text : text.substr(0, text.size() - std::string_view(" UTC").size());
    }
    std::string operator()(Date d) const { return base::iso(d); }
    std::string operator()(const Json& j) const { return j.text; }
  };
  return std::visit(
      Writer{},
      static_cast<const std::variant<std::monostate, bool, std::int64_t, double, std::string, Time, Date, Json>&>(
          value));
}

std::optional<Type> type_of(const Value& value) {
  // In the order of the alternatives of Value.
  static constexpr Type types[] = {Type::boolean, Type::integer, Type::real, Type::text,
                                   Type::time,    Type::date,    Type::json};
  return value.is_null() ? std::nullopt : std::optional(types[value.index() - 1]);
}

}  // namespace lamin
