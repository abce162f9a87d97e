// complaint.hpp -- what a user is told about a dataset: what is wrong, the nearest values, what to do.
//
// The wording is LaminDB's where people and their programs look for it, such as "column 'x' not in dataframe".
#pragma once
#include <string>
#include <vector>

#include "lake/curate/part.hpp"
#include "lake/feature/not_validated.hpp"

namespace lamin::lake {

/// " in slot 'obs'"; "" of a plain table.
std::string place(const Part& part);

/// A column whose values are not of the feature's dtype; `held` is what misfit says of it.
/// `stuck`: the first value that a column to be converted cannot be; "" if it is not to be.
Words wrong_type_text(const Part& part, const DatasetColumn& one, const std::string& held,
                      const std::string& stuck = {});

/// The type that a dtype restricts labels to, with up to eleven of its labels.
TypeLabels type_labels(Instance& instance, const Dtype::Target& target);

}  // namespace lamin::lake
