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

/// Says how to log in, if nobody is and the database may be shared: for verbs by which a person begins to use it.
void warn_if_anonymous(const Instance& instance);

}  // namespace lamin::lake
