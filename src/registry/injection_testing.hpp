// injection_testing.hpp -- what a hostile caller may write, in every place that takes text, and the shape that each
// statement must still have: words of a fixed vocabulary, identifiers of the catalog, parameter marks, and nothing
// else.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "registry/testing.hpp"
#include "registry/writes.hpp"

namespace lamin::registry::test {

inline const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> all = {
      "'; DROP TABLE lab_sample; --",
      "\"; DROP TABLE lab_sample; --",
      "\" OR 1=1 --",
      "a' OR 'a'='a",
      "1) OR (1=1",
      "1); DELETE FROM lab_note; --",
      "') UNION SELECT uid FROM lab_person --",
      "\") UNION SELECT handle FROM lab_person --",
      "name\" = '' OR \"name",
      "name = name",
      "t0.\"id\"",
      "id) FROM lab_person --",
      "id DESC; DROP TABLE lab_note",
      "(SELECT handle FROM lab_person)",
      "CASE WHEN 1 THEN id END",
      "?",
      "$1",
      "?1",
      ":name",
      "\\'; SELECT 1; --",
      "\\\" OR 1=1",
      "{\"a\"}",
      "{a,b}",
      "$.a' || 'b",
      "$[0]",
      "a\"].b",
      "%' ESCAPE '",
      "/* */ 1",
      "-- ",
      ";",
      "\n; COMMIT; --",
      "\x01\x7F",
      "\xEF\xBC\x87 OR 1=1",  // a full-width quote
      "\xC0\xA7 OR 1=1",      // an overlong one: not UTF-8
      "__proto__",
      "__class__",
      "..",
      "__",
      "",
  };
  return all;
}

/// What is unexpected in the statement; empty if nothing.
class Vocabulary {
 public:
  explicit Vocabulary(const schema::Catalog& catalog) {
    for (const auto& table : catalog.tables()) {
      identifiers_.insert(table.table.str());
      for (const auto& column : table.columns) identifiers_.insert(column.column.str());
    }
  }

  std::string unexpected(std::string_view sql) const {
    for (std::size_t at = 0; at < sql.size();) {
      const char c = sql[at];
      if (c == '"' || c == '\'') {
        const auto end = sql.find(c, at + 1);
        if (end == sql.npos) return "an open quote";
        const std::string inner(sql.substr(at + 1, end - at - 1));
        if (!(c == '"' ? identifiers_ : literals()).contains(inner)) return inner;
        at = end + 1;
      } else if (is_word(c)) {
        const auto begin = at;
        while (at < sql.size() && is_word(sql[at])) ++at;
        const std::string word(sql.substr(begin, at - begin));
        if (!words().contains(word) && !search_words().contains(word) && !is_alias(word) &&
            word.find_first_not_of("0123456789") != word.npos)
          return word;
      } else if (std::string_view(" ,.()?=<>+-*/%~#:[]!|").find(c) != std::string_view::npos &&
                 !sql.substr(at).starts_with("--") && !sql.substr(at).starts_with("/*")) {
        ++at;
      } else {
        return std::string(sql.substr(at, 10));
      }
    }
    return {};
  }

 private:
  static bool is_word(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }
  static bool is_alias(const std::string& word) {
    return std::string_view("tcod").find(word[0]) != std::string_view::npos &&
           word.find_first_not_of("0123456789", 1) == word.npos;
  }
  static const std::set<std::string>& words() {
    static const std::set<std::string> all = {
        "SELECT",    "DISTINCT", "FROM",       "WHERE",    "JOIN",    "LEFT",      "ON",           "AND",
        "OR",        "NOT",      "IN",         "IS",       "NULL",    "TRUE",      "LIKE",         "ORDER",
        "BY",        "DESC",     "NULLS",      "FIRST",    "LAST",    "LIMIT",     "OFFSET",       "AS",
        "CASE",      "WHEN",     "THEN",       "END",      "CAST",    "UPDATE",    "SET",          "INSERT",
        "INTO",      "DELETE",   "COLLATE",    "ANY",      "EXTRACT", "AT",        "TIME",         "ZONE",
        "count",     "min",      "max",        "substr",   "length",  "instr",     "lower",        "json",
        "floor",     "regexp",   "lamin_fold", "strftime", "date",    "json_type", "json_extract", "jsonb_typeof",
        "json_each", "value",    "text",       "bigint",   "integer", "double",    "precision",    "boolean",
        "counted",   "found",    "random",     "year",     "quarter", "month",     "week",         "day",
        "hour",      "minute",   "SECOND",     "DOW",      "ISODOW",  "ISOYEAR"};
    return all;
  }
  /// PostgreSQL's, for a search and for labels given by name.
  static const std::set<std::string>& search_words() {
    static const std::set<std::string> all = {
        "ARRAY", "true", "coalesce", "chr", "string_to_array", "lamin_search_terms"};
    return all;
  }
  static const std::set<std::string>& literals() {
    static const std::set<std::string> all = {"UTC",  "number", "string",  "boolean",   "integer", "real",
                                              "text", "true",   "false",   "null",      "",        "|",
                                              "%Y",   "%j",     "-3 days", "weekday 4", "%w"};
    return all;
  }

  std::set<std::string> identifiers_ = {"C", "und-x-icu"};
};

/// Tries every place with every text. Returns the number of cases; each may be refused, with an error that blames the
/// caller.
inline int try_hostile_texts(Bench& bench) {
  auto& db = bench.db();
  int cases = 0;
  auto attempt = [&](const std::string& text, const std::function<void()>& work) {
    ++cases;
    try {
      work();
    } catch (const Error& error) {
      const std::set<Code> refusals = {Code::unknown_field, Code::invalid_argument, Code::not_found,
                                       Code::validation,    Code::unsupported,      Code::conflict};
      EXPECT_TRUE(refusals.contains(error.code())) << text << ": " << error.what();
    }
  };
  const auto everything = [](Expr where) { return Query{.registry = "Sample", .where = std::move(where)}; };
  for (const auto& text : hostile_texts()) {
    auto where = [&](const Expr& expr) { attempt(text, [&] { db.all(everything(expr)); }); };
    auto read = [&](const std::string& condition) {
      attempt(text, [&] { db.all(everything(Expr::parse(condition))); });
    };
    auto path = [&](const std::string& path) {
      attempt(text, [&] { db.all(everything(Expr::lookup(path, {Value(1)}))); });
      attempt(text, [&] { db.all({.registry = "Sample", .order_by = {path}}); });
      attempt(text, [&] { db.all({.registry = "Sample", .order_by = {"-" + path}, .limit = 1}); });
      const std::vector<std::string> paths = {path};
      attempt(text, [&] { db.columns({.registry = "Sample"}, paths); });
      attempt(text, [&] { db.columns({.registry = "Sample", .order_by = {"name"}, .distinct = true}, paths); });
      read(path + " = 1");
    };
    attempt(text, [&] { db.count({.registry = text}); });
    attempt(text, [&] { db.find(bench.table("Sample"), text); });
    for (const auto* before : {"", "name__", "tags__", "taken_at__", "params__", "params__k__"}) path(before + text);
    for (const auto* behind : {"__name", "__icontains", ".x"}) path(text + behind);
    for (const auto op : {Op::exact, Op::ne, Op::iexact, Op::contains, Op::icontains, Op::startswith, Op::istartswith,
                          Op::endswith, Op::iendswith, Op::gt, Op::lt, Op::regex, Op::iregex}) {
      where(Expr::compare("name", op, Value(text)));
      where(Expr::compare("tags.name", op, Value(text)));
      where(Expr::compare("params.k", op, Value(text)));
    }
    where(Expr::in("name", std::vector<Value>(3, Value(text))));
    where(Expr::in("name", std::vector<Value>(20, Value(text))));
    where(Expr::compare("params", Op::has_key, Value(text)));
    where(Expr::compare("donor", Op::exact, Value(text)));
    where(Expr::compare("taken_at", Op::gt, Value(text)));
    where(Expr::compare("taken_at.year", Op::exact, Value(text)));
    read(text);
    read("name = " + text);
    read("name " + text + " 1");
    read(to_string(Expr::compare("name", Op::icontains, Value(text))));
    attempt(text, [&] { registry::Writes(db).update({.registry = "Tag"}, {{text, Value(1)}}); });
    attempt(text, [&] { registry::Writes(db).update({.registry = "Note"}, {{"text", Value(text)}}); });
    attempt(text, [&] { bench.row("Note", {{"text", text}}); });
    attempt(text, [&] { bench.row("Note", {{text, "a"}}); });
  }
  return cases;
}

}  // namespace lamin::registry::test
