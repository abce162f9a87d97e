// open.hpp -- from settings to an open instance; shared by init and connect.
#pragma once
#include <memory>
#include <string>
#include "lamin/instance.hpp"

namespace lamin::lake {

/// Opens the database, brings its tables up to date, finds or creates the user's row, removes what a crash left.
std::unique_ptr<Instance> open_instance(InstanceSettings settings);
/// The same for an open database with up-to-date tables.
std::unique_ptr<Instance> make_instance(InstanceSettings settings, std::unique_ptr<Database> database);

}  // namespace lamin::lake
