// hdf5_read.hpp -- datasets as columns.
#pragma once
#include <functional>
#include <string>
#include "base/budget.hpp"
#include "format/hdf5/h5.hpp"
#include "format/tree.hpp"

namespace lamin::format::h5 {

/// What `read_column` makes of a dataset; object for a type that no column can hold.
Column::Kind element_of(hid_t dataset, const std::string& where);
/// `where` is the file and path for messages; memory is charged to the budget first.
Column read_column(hid_t dataset, const std::string& where, base::Budget& budget);
/// The same in parts of whole chunks, each charged on its own.
void read_parts(hid_t dataset, const std::string& where, base::Budget& budget,
                const std::function<void(const Column&)>& take);
/// A dataset of records, one column per field; fields that are not a scalar of a known type are left out.
Frame read_records(hid_t dataset, const std::string& where, base::Budget& budget);
/// Of any number of dimensions, row by row.
std::vector<double> read_numbers(hid_t dataset, const std::string& where, base::Budget& budget);
std::vector<std::string> field_names(hid_t dataset);
Attribute read_attribute(hid_t object, const std::string& name, const std::string& where, base::Budget& budget);

}  // namespace lamin::format::h5
