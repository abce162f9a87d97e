// sqlite_functions.hpp -- SQL functions that every SQLite connection has: regexp(pattern, text), lamin_fold(text).
#pragma once
#include <sqlite3.h>
#include <optional>
#include "lamin/error.hpp"

namespace lamin::db::sqlite {

/// A function's failure, kept until the statement's surfaces: SQLite carries only a text.
using FunctionFailure = std::optional<Error>;

/// `failure` must outlive the database handle.
void add_functions(sqlite3* database, FunctionFailure* failure);

}  // namespace lamin::db::sqlite
