// hdf5_read.hpp -- datasets as columns.
#pragma once
#include <string>
#include "format/hdf5/h5.hpp"
#include "format/tree.hpp"

namespace lamin::format::h5 {

/// `where` is the file and path for messages.
Column read_column(hid_t dataset, const std::string& where);
/// A dataset of records, a column a field; fields that are no scalar of a known type are left out.
Frame read_records(hid_t dataset, const std::string& where);
std::vector<std::string> field_names(hid_t dataset);
Attribute read_attribute(hid_t object, const std::string& name, const std::string& where);

}  // namespace lamin::format::h5
