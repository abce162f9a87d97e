#include "db/postgres/errors.hpp"
#include <fmt/format.h>
#include "base/text.hpp"
#include "db/connection.hpp"

namespace lamin::db::postgres {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = result != nullptr ? PQresultErrorField(result, code) : nullptr;
  return text != nullptr ? text : "";
}

// "Key (a, b)=(1, x) already exists." -> {"a, b", "1, x"}, in any language.
std::pair<std::string, std::string> key_of(std::string_view detail) {
  const auto open = detail.find('(');
  const auto middle = detail.find(")=(", open);
  const auto close = detail.rfind(')');
  if (open == std::string_view::npos || middle == std::string_view::npos || close <= middle) return {};
  return {std::string(detail.substr(open + 1, middle - open - 1)),
          std::string(detail.substr(middle + 3, close - middle - 3))};
}

[[noreturn]] void fail_constraint(const PGresult* result, std::string_view state, const std::string& message) {
  const std::string table = field(result, PG_DIAG_TABLE_NAME);
  const std::string detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  if (state == "23505") {
    const auto [columns, values] = key_of(detail);
    std::string named;
    for (const auto& column : base::split(columns, ',')) {
      named += fmt::format("{}{}.{}", named.empty() ? "" : ", ", table, base::trim(column));
    }
    std::erase(named, '"');  // PostgreSQL quotes names such as "order"
    throw Error(Code::conflict,
                fmt::format("A row with the same {} exists already. It was to have {} = {}.", named, columns, values));
  }
  if (state == "23503") {
    throw Error(Code::protected_row,
                fmt::format("A row refers to one that does not exist, or one is to be deleted that "
                            "others refer to: delete or change those first. {}",
                            detail));
  }
  if (state == "23502") {
    throw Error(Code::validation, fmt::format("{}.{} must not be null.", table, field(result, PG_DIAG_COLUMN_NAME)));
  }
  if (state == "23514") {
    throw Error(Code::validation, fmt::format("A value breaks the rule '{}'.", field(result, PG_DIAG_CONSTRAINT_NAME)));
  }
  throw Error(Code::validation, fmt::format("The database refuses a value: {}.", message));
}

[[noreturn]] void fail_lost(const PGconn* connection, std::string_view where, std::string_view message) {
  const std::string_view reason =
      base::trim(connection != nullptr && message.empty() ? PQerrorMessage(connection) : message);
  throw Lost(Code::unavailable, fmt::format("The connection to {} was lost: {}.", where, reason));
}

}  // namespace

std::string_view state_of(const PGresult* result) {
  const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  return state != nullptr ? state : "";
}

void fail(const PGresult* result, const PGconn* connection, std::string_view where, std::string_view sql) {
  const std::string_view state = state_of(result);
  const std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string_view kind = state.substr(0, 2);
  if (result != nullptr && PQresultStatus(result) == PGRES_EMPTY_QUERY) {
    throw Error(Code::internal, "Exactly one statement was expected, and there is none.");
  }
  if (state.empty() || kind == "08" || state == "57P01" || state == "57P02" || state == "57P05") {
    fail_lost(connection, where, message);
  }
  if (state == "40001" || state == "40P01") {
    throw Retry(Code::conflict, fmt::format("Another writer was in the way: {}.", message));
  }
  if (kind == "23") fail_constraint(result, state, message);
  if (kind == "22") throw Error(Code::validation, fmt::format("A value does not fit its column: {}.", message));
  if (state == "42501" || state == "25006" || kind == "28") {
    throw Error(
        Code::no_access,
        fmt::format("{} refuses: {}. Ask its owner to grant the right, or connect as another role.", where, message));
  }
  if (state == "55P03") {
    throw Error(Code::unavailable,
                fmt::format("Another program keeps rows of {} locked: try again when it is done.", where));
  }
  if (state == "57014") throw Error(Code::interrupted, fmt::format("The query was cancelled: {}.", message));
  if (kind == "53" || kind == "57" || kind == "58") {
    throw Error(Code::unavailable, fmt::format("{} cannot do this now: {}.", where, message));
  }
  if (kind == "XX") throw Error(Code::corrupt, fmt::format("{} is damaged: {}.", where, message));
  if (state == "42P01" || state == "42703") {
    throw Error(Code::corrupt,
                fmt::format("{} is not complete: {}. Somebody has dropped it; restore the database from a copy.", where,
                            message));
  }
  if (kind == "P0") throw Error(Code::validation, fmt::format("The database refuses: {}.", message));
  throw Error(Code::internal, fmt::format("PostgreSQL refuses a statement: {} ({}): {}", message, state, sql));
}

// For a failed connection libpq reveals the SQLSTATE only in the verbose text: "FATAL:  28P01: password ...".
void fail_connect(const PGconn* connection, std::string_view where) {
  std::string state;
  std::string reason;
  for (const std::string& line : base::split(PQerrorMessage(connection), '\n')) {
    if (line.empty() || line.starts_with("LOCATION")) continue;
    std::string text = line;
    for (std::size_t at = text.find(":  "); at != std::string::npos; at = text.find(":  ", at + 1)) {
      const std::string_view code = std::string_view(text).substr(at + 3, 5);
      if (code.size() == 5 && text.substr(at + 8, 2) == ": " &&
          code.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos) {
        state = code;
        text.erase(at + 3, 7);
        break;
      }
    }
    reason += (reason.empty() ? "" : " ") + text;
  }
  if (reason.ends_with('.')) reason.pop_back();
  if (state.starts_with("28")) {
    throw Error(Code::no_access,
                fmt::format("{} refuses the login: {}. Check the user and the password.", where, reason));
  }
  if (state == "3D000") {
    throw Error(Code::not_found,
                fmt::format("There is no database {}: {}. Check its name, or create it.", where, reason));
  }
  if (state == "42501") throw Error(Code::no_access, fmt::format("{} refuses: {}.", where, reason));
  throw Error(
      Code::unavailable,
      fmt::format("{} does not answer: {}. Is the server running, and are host and port right?", where, reason));
}

}  // namespace lamin::db::postgres
