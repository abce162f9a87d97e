// current.hpp -- the branch and the space that `lamin switch` chose, in LaminDB's files.
//
// A file holds a uid and a name, one per line. It is in the folder connected to the instance, otherwise next to the
// user's settings, one per instance.
#pragma once
#include <string>
#include <string_view>
#include "lamin/instance.hpp"

namespace lamin::lake {

/// Returns the row's id or, with a warning, that of the default one if the row is gone. `what` is "branch" or "space".
std::int64_t current_id(Database& database, const InstanceSettings& settings, std::string_view what,
                        std::string_view registry);
/// The name of the same, without a look at the database: "main" and "all" unless another was chosen.
std::string current_name(const InstanceSettings& settings, std::string_view what);
void write_current(const InstanceSettings& settings, std::string_view what, const Record& row);

}  // namespace lamin::lake
