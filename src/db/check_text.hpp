// check_text.hpp -- the one rule for texts that both databases need, applied before either sees them.
#pragma once
#include <string_view>

namespace lamin::db {

/// Throws validation for a NUL character or bytes that are not UTF-8: PostgreSQL refuses them, SQLite would keep them
/// and Python could not read them back.
void check_text(std::string_view text);
/// Throws validation for NaN, which SQLite would turn into null.
void check_real(double value);

}  // namespace lamin::db
