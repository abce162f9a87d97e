// open.hpp -- from settings to an open instance; shared by init and connect.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include "lamin/instance.hpp"

namespace lamin::lake {

/// Opens the database, brings its tables up to date, finds or creates the user's row, removes what a crash left.
/// `first` is called with up-to-date tables, before any place below a storage is looked at.
std::unique_ptr<Instance> open_instance(InstanceSettings settings, const std::function<void(Database&)>& first = {});
/// The same for an open database with up-to-date tables.
std::unique_ptr<Instance> make_instance(InstanceSettings settings, std::unique_ptr<Database> database);

/// Says how to log in, if nobody is and the database may be shared: for verbs by which a person begins to use it.
void warn_if_anonymous(const Instance& instance);

/// Whether what connect is given is the root of a bucket: "s3://lab/data".
bool means_bucket(std::string_view text);
/// Opens the instance whose database lies in this bucket, and remembers where it is.
std::unique_ptr<Instance> connect_bucket(const std::string& root);

/// Whether what connect is given is a folder rather than a name: written as a path, or no known name and a storage.
bool means_folder(std::string_view text);

}  // namespace lamin::lake
