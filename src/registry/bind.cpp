// bind.cpp -- the values of a query, each in the form that its place in the SQL needs.
//
// A point in time is text of varying precision on SQLite ("...02", "...02.051", "...02.051000" may all be stored), so
// it is compared with two bounds: the shortest spelling sorts not after any of its spellings, the longest not before.
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/utf8.hpp"
#include "lamin/error.hpp"
#include "registry/expr.hpp"
#include "registry/statement.hpp"
#include "registry/values.hpp"

namespace lamin::registry {
namespace {

[[noreturn]] void misfit(const Slot& slot, const Expr& leaf, const Value& value) {
  if (slot.relation != nullptr) {
    const auto* to = slot.relation->to;
    const std::string hint = to->name_field.empty() ? "id" : to->name_field.str();
    throw Error(Code::unknown_field, "Invalid lookup " + to_string(value) + " for " + leaf.path + ". Did you mean " +
                                         leaf.path + "__" + hint + "? It refers to a " + to->name.str() +
                                         " by its id.");
  }
  if (slot.type == Type::integer || slot.type == Type::real) {
    throw Error(Code::invalid_argument,
                "Field '" + leaf.path + "' expected a number but got " + to_string(value) + ".");
  }
  throw Error(Code::invalid_argument, "Field '" + leaf.path + "' holds " + std::string(type_name(slot.type)) +
                                          " and cannot be compared with the " + std::string(type_name(value)) + " " +
                                          to_string(value) + ".");
}

Value converted(const Slot& slot, const Expr& leaf, const Value& value) {
  // Json paths take any scalar as it is: their SQL was made for its type.
  auto v = as_looked_up(value, slot.type);
  if (!v) misfit(slot, leaf, value);
  return std::move(*v);
}

/// Sorts after every text that starts with `prefix`, and not after any other that follows: its last character is
/// incremented. In UTF-8 the order of bytes is the order of characters.
std::string after_prefix(std::string_view prefix) {
  while (!prefix.empty()) {
    std::size_t at = prefix.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(prefix[at]) & 0xC0) == 0x80) --at;
    std::size_t end = at;
    const char32_t last = base::next_code_point(prefix, end).value_or(0x10FFFF);
    prefix = prefix.substr(0, at);
    if (last >= 0x10FFFF) continue;  // no character follows it: increment the one before
    std::string out(prefix);
    base::append_code_point(out, last == 0xD7FF ? char32_t{0xE000} : last + 1);
    return out;
  }
  return "\xF4\x8F\xBF\xBF\xF4\x8F\xBF\xBF";
}

std::string shortest(Time time) {
  auto s = base::sql_text(time);
  if (s.find('.') == std::string::npos) return s;
  while (s.back() == '0') s.pop_back();
  if (s.back() == '.') s.pop_back();
  return s;
}

Date civil(std::int64_t year) {
  if (year < 1 || year > 9999)
    throw Error(Code::invalid_argument, "A year must be between 1 and 9999, got " + std::to_string(year) + ".");
  std::string s = std::to_string(year);
  s.insert(0, 4 - s.size(), '0');
  return base::parse_date(s + "-01-01").value_or(Date{});
}

Value day_bound(const Slot& slot, Date day, bool sqlite) {
  if (slot.type == Type::date) return Value(day);
  const Time time{static_cast<std::int64_t>(day.days) * 86'400'000'000};
  return sqlite ? Value(shortest(time)) : Value(time);
}

std::int64_t whole(const Slot& slot, const Expr& leaf, const Value& value) {
  const auto v = as_looked_up(value, Type::integer);
  const auto* i = v ? std::get_if<std::int64_t>(&*v) : nullptr;
  if (i == nullptr) misfit({.type = Type::integer, .column = slot.column}, leaf, value);
  return *i;
}

void append_json(std::string& out, std::string_view s) {
  out += '"';
  for (const char c : s) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (u < 0x20) {
      constexpr char hex[] = "0123456789abcdef";
      out += "\\u00";
      out += hex[u >> 4];
      out += hex[u & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// `[1,2]` for SQLite's json_each, `{1,2}` for a Postgres array.
Value list(const Slot& slot, const Expr& leaf, bool sqlite) {
  std::string out(1, sqlite ? '[' : '{');
  for (const auto& value : leaf.values) {
    if (value.is_null()) continue;
    const Value v = converted(slot, leaf, value);
    if (out.size() > 1) out += ',';
    if (const auto* s = v.text()) {
      if (sqlite) {
        append_json(out, *s);
      } else {
        out += '"';
        for (const char c : *s) {
          if (c == '"' || c == '\\') out += '\\';
          out += c;
        }
        out += '"';
      }
    } else {
      out += to_string(v);
    }
  }
  out += sqlite ? ']' : '}';
  return Value(std::move(out));
}

/// The slot's own value; padding repeats the last value of a list.
const Value& source(const Slot& slot, const Expr& leaf) {
  if (leaf.op != Op::in) {
    if (static_cast<std::size_t>(slot.value) >= leaf.values.size())
      throw Error(Code::invalid_argument, "'" + std::string(op_name(leaf.op)) + "' on '" + leaf.path + "' needs " +
                                              (leaf.op == Op::range ? "two values." : "a value."));
    return leaf.values[static_cast<std::size_t>(slot.value)];
  }
  int n = -1;
  const Value* last = nullptr;
  for (const auto& v : leaf.values) {
    if (v.is_null()) continue;
    last = &v;
    if (++n == slot.value) break;
  }
  return *last;
}

Value text_form(const Slot& slot, const Expr& leaf, const Value& value) {
  auto v = as_looked_up(value, Type::text);
  if (!v) misfit({.type = Type::text, .column = slot.column}, leaf, value);
  std::string s = *v->text();
  switch (slot.how) {
    case Bind::next: return Value(after_prefix(s));
    case Bind::folded: return Value(base::fold(s));
    case Bind::like_any: return Value(like_pattern(s, true, true));
    case Bind::like_start: return Value(like_pattern(s, false, true));
    case Bind::like_end: return Value(like_pattern(s, true, false));
    case Bind::like_any_folded: return Value(like_pattern(base::fold(s), true, true));
    case Bind::like_start_folded: return Value(like_pattern(base::fold(s), false, true));
    case Bind::like_end_folded: return Value(like_pattern(base::fold(s), true, false));
    case Bind::regex_folded: return Value("(?i)" + s);
    default: return Value(std::move(s));
  }
}

Value fill(const Slot& slot, const Expr& leaf, bool sqlite) {
  if (slot.how == Bind::list) return list(slot, leaf, sqlite);
  const Value& value = source(slot, leaf);
  if (value.is_null())
    throw Error(Code::invalid_argument,
                "'" + std::string(op_name(leaf.op)) + "' on '" + leaf.path + "' cannot take null. Ask with isnull.");
  switch (slot.how) {
    case Bind::value: return converted(slot, leaf, value);
    case Bind::low:
    case Bind::high: {
      const Value v = converted(slot, leaf, value);
      const auto time = std::get<Time>(v);
      if (!sqlite) return v;
      return Value(slot.how == Bind::low ? shortest(time) : base::sql_text(time));
    }
    case Bind::day_begin:
    case Bind::day_end: {
      const auto v = as_looked_up(value, Type::date);
      if (!v) misfit({.type = Type::date, .column = slot.column}, leaf, value);
      const auto day = std::get<Date>(*v);
      return day_bound(slot, Date{day.days + (slot.how == Bind::day_end ? 1 : 0)}, sqlite);
    }
    case Bind::year_begin: return day_bound(slot, civil(whole(slot, leaf, value)), sqlite);
    case Bind::year_end: {
      const auto year = whole(slot, leaf, value);
      civil(year);
      if (year == 9999) return day_bound(slot, Date{civil(year).days + 365}, sqlite);
      return day_bound(slot, civil(year + 1), sqlite);
    }
    default: return text_form(slot, leaf, value);
  }
}

}  // namespace

std::string like_pattern(std::string_view text, bool before, bool after) {
  std::string out = before ? "%" : "";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  if (after) out += '%';
  return out;
}

std::vector<Value> bind(const Statement& statement, const Shape& shape, const Query& query, std::int64_t branch,
                        bool sqlite, const std::vector<Value>& assigned) {
  std::vector<Value> out;
  out.reserve(statement.slots.size());
  for (const auto& slot : statement.slots) {
    switch (slot.how) {
      case Bind::constant: out.push_back(slot.constant); break;
      case Bind::branch: out.emplace_back(branch); break;
      case Bind::limit: out.emplace_back(query.limit); break;
      case Bind::offset: out.emplace_back(query.offset); break;
      case Bind::assigned: out.push_back(assigned[static_cast<std::size_t>(slot.value)]); break;
      default: out.push_back(fill(slot, *shape.leaves[static_cast<std::size_t>(slot.leaf)], sqlite));
    }
  }
  return out;
}

}  // namespace lamin::registry
