#include "db/sqlite_functions.hpp"
#include <fmt/format.h>
#include <memory>
#include <string>
#include "base/module.hpp"
#include "base/text.hpp"
#include "db/regex/regex.hpp"
#include "db/search_text.hpp"
#include "db/sqlite_statement.hpp"

namespace lamin::db::sqlite {
namespace {

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return {bytes != nullptr ? bytes : "", static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

// An exception must not pass through SQLite's C frames.
void report(sqlite3_context* context, const Error& error) {
  *static_cast<FunctionFailure*>(sqlite3_user_data(context)) = error;
  sqlite3_result_error(context, error.what(), -1);
}

std::unique_ptr<Regex> compile(std::string_view pattern) {
  const auto make = reinterpret_cast<MakeRegex>(base::module_symbol("regex", "lamin_make_regex"));
  std::unique_ptr<Regex> regex(make(pattern));
  if (const std::string why = regex->error(); !why.empty()) {
    throw Error(Code::invalid_argument, fmt::format("'{}' is no regular expression: {}.", pattern, why));
  }
  return regex;
}

// SQLite writes `text REGEXP pattern` as regexp(pattern, text).
void regexp(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL || sqlite3_value_type(arguments[1]) == SQLITE_NULL) {
    sqlite3_result_null(context);
    return;
  }
  try {
    auto* regex = static_cast<Regex*>(sqlite3_get_auxdata(context, 0));
    std::unique_ptr<Regex> fresh;
    if (regex == nullptr) {
      fresh = compile(text_of(arguments[0]));
      regex = fresh.get();
    }
    sqlite3_result_int(context, regex->matches(text_of(arguments[1])) ? 1 : 0);
    // Kept for the other rows of the statement if the pattern is constant. SQLite may delete it immediately.
    if (fresh) sqlite3_set_auxdata(context, 0, fresh.release(), [](void* kept) { delete static_cast<Regex*>(kept); });
  } catch (const Error& error) { report(context, error); } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

template <std::string (*change)(std::string_view)>
void changed(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) {
    sqlite3_result_null(context);
    return;
  }
  try {
    const std::string text = change(text_of(arguments[0]));
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  } catch (const std::bad_alloc&) { sqlite3_result_error_nomem(context); }
}

}  // namespace

void add_functions(sqlite3* database, FunctionFailure* failure) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  auto add = [&](const char* name, int arguments, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    const int code =
        sqlite3_create_function_v2(database, name, arguments, flags, failure, function, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(database, code, name);
  };
  add("regexp", 2, regexp);
  add("lamin_fold", 1, changed<base::fold>);
  add("lamin_document", 1, changed<search_document>);
}

}  // namespace lamin::db::sqlite
