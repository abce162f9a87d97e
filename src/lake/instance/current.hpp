// current.hpp -- the branch and the space that `lamin switch` chose, in LaminDB's files.
//
// A file holds a uid and a name, a line each. It lies in the folder that is connected to the instance, else beside the
// user's settings, one an instance.
#pragma once
#include <string>
#include <string_view>
#include "lamin/instance.hpp"

namespace lamin::lake {

/// `what` is "branch" or "space". The row's id; that of the default one, with a warning, where the row is gone.
std::int64_t current_id(Database& database, const InstanceSettings& settings, std::string_view what,
                        std::string_view registry);
void write_current(const InstanceSettings& settings, std::string_view what, const Record& row);

}  // namespace lamin::lake
