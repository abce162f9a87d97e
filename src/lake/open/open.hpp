// open.hpp -- from settings to an open instance; shared by init and connect.
#pragma once
#include <memory>
#include <string>
#include "lamin/instance.hpp"

namespace lamin::lake {

/// Opens the database, brings its tables up to date, finds the user's row or makes it, removes what a crash left.
std::unique_ptr<Instance> open_instance(InstanceSettings settings);
/// The same on an open database, whose tables are up to date.
std::unique_ptr<Instance> make_instance(InstanceSettings settings, std::unique_ptr<Database> database);

}  // namespace lamin::lake
