// again.hpp -- a transaction that the database wants repeated, seen from outside of it.
//
// Database::transaction repeats it by itself. Where the work goes through another language, whose exceptions carry no
// C++ types, the wish has to be taken along by hand.
#pragma once
#include "lamin/error.hpp"

namespace lamin::registry {

/// Whether the error is a serialization failure or a deadlock.
bool wants_again(const Error& error);
/// Makes the transaction that this is thrown through begin again.
[[noreturn]] void ask_again();

}  // namespace lamin::registry
