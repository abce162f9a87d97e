// calendar.cpp -- parts of times and days in SQL.
//
// A year and a day are ranges of time, so an index on the column serves them; all other parts are computed. On SQLite a
// time is text ("2024-12-31 23:59:59", with or without a fraction) and its parts are cut out of it, because the date
// functions round to milliseconds.
#include "lamin/error.hpp"
#include "registry/compile.hpp"

namespace lamin::registry {
namespace {

std::string cut(const std::string& sql, int from, int size) {
  return "CAST(substr(" + sql + ", " + std::to_string(from) + ", " + std::to_string(size) + ") AS integer)";
}

std::string on_sqlite(const std::string& sql, Part part) {
  const std::string day = "substr(" + sql + ", 1, 10)";
  const auto whole = [](const std::string& text) { return "CAST(" + text + " AS integer)"; };
  // The week of a day is that of its Thursday.
  const std::string thursday = ", date(" + day + ", '-3 days', 'weekday 4'))";
  switch (part) {
    case Part::whole: return sql;
    case Part::date: return day;
    case Part::year: return cut(sql, 1, 4);
    case Part::quarter: return "((" + cut(sql, 6, 2) + " + 2) / 3)";
    case Part::month: return cut(sql, 6, 2);
    case Part::day: return cut(sql, 9, 2);
    case Part::hour: return cut(sql, 12, 2);
    case Part::minute: return cut(sql, 15, 2);
    case Part::second: return cut(sql, 18, 2);
    case Part::iso_year: return whole("strftime('%Y'" + thursday);
    case Part::week: return "((strftime('%j'" + thursday + " - 1) / 7 + 1)";
    case Part::week_day: return "(strftime('%w', " + day + ") + 1)";
    case Part::iso_week_day: return "((strftime('%w', " + day + ") + 6) % 7 + 1)";
  }
  return sql;
}

std::string on_postgres(const std::string& sql, Part part, Type stored) {
  const std::string utc = stored == Type::time ? "(" + sql + " AT TIME ZONE 'UTC')" : sql;
  if (part == Part::whole) return sql;
  if (part == Part::date) return stored == Type::time ? utc + "::date" : sql;
  std::string field;
  switch (part) {
    case Part::iso_year: field = "ISOYEAR"; break;
    case Part::week_day: return "(EXTRACT(DOW FROM " + utc + ")::integer + 1)";
    case Part::iso_week_day: field = "ISODOW"; break;
    case Part::second: return "floor(EXTRACT(SECOND FROM " + utc + "))::integer";
    default: field = part_name(part);
  }
  return "EXTRACT(" + field + " FROM " + utc + ")::integer";
}

}  // namespace

std::string part_sql(const Term& term, db::Dialect dialect) {
  return dialect == db::Dialect::sqlite ? on_sqlite(term.sql, term.part)
                                        : on_postgres(term.sql, term.part, term.column->type);
}

/// `year` and `date` in comparisons: as bounds on the column itself. False for anything else.
bool Compiler::calendar(const Expr& leaf, Slot s, std::string& out) {
  const Part part = term_.part;
  const bool day = part == Part::date;
  if ((part != Part::year && !day) || leaf.values.empty()) return false;
  if (day && term_.column->type == Type::date) return false;  // it already is that day
  s.type = term_.column->type;
  const Bind begin = day ? Bind::day_begin : Bind::year_begin, end = day ? Bind::day_end : Bind::year_end;
  auto bound = [&](std::string_view op, Bind how, int value) {
    out += term_.sql + std::string(op);
    slot(s, how, value, out);
  };
  auto both = [&](int last) {
    out += '(';
    bound(" >= ", begin, 0);
    out += " AND ";
    bound(" < ", end, last);
    out += ')';
  };
  switch (leaf.op) {
    case Op::exact:
    case Op::ne: both(0); return true;
    case Op::gt: bound(" >= ", end, 0); return true;
    case Op::gte: bound(" >= ", begin, 0); return true;
    case Op::lt: bound(" < ", begin, 0); return true;
    case Op::lte: bound(" < ", end, 0); return true;
    case Op::range:
      if (leaf.values.size() != 2) return false;
      both(1);
      return true;
    default: return false;
  }
}

}  // namespace lamin::registry
