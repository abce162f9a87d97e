// given_ids.hpp -- rows whose ids were chosen elsewhere.
#pragma once
#include <string_view>
#include "db/connection.hpp"

namespace lamin::registry {

/// New ids of a table come after those that it has: the sequence of an identity column does not see ids that were
/// given. SQLite needs nothing for it.
void continue_ids(db::Connection& connection, std::string_view table);

}  // namespace lamin::registry
