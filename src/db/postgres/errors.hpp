// errors.hpp -- what PostgreSQL's failures mean to a user.
#pragma once
#include <libpq-fe.h>
#include <memory>
#include <string>
#include <string_view>
#include "lamin/error.hpp"

namespace lamin::db::postgres {

/// The connection broke. What became of the statement is known only to its sender, which adds it to the text.
struct Lost : Error {
  using Error::Error;
};

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, FreeResult>;

/// SQLSTATE of a result; empty if the connection itself failed.
std::string_view state_of(const PGresult* result);

/// `where` is the database without a password.
[[noreturn]] void fail(const PGresult* result, const PGconn* connection, std::string_view where, std::string_view sql);
[[noreturn]] void fail_connect(const PGconn* connection, std::string_view where);

}  // namespace lamin::db::postgres
