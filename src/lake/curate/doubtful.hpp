// doubtful.hpp -- of a column with more distinct values than a sketch keeps, those that a check has something to say
// about: unregistered ones, those that several rows of a registry share, and the members that a schema asks for.
//
// Values come some at a time and most of them are registered, so that the memory depends on what is wrong, not on the
// length of the file.
#pragma once
#include <functional>

#include "format/sketch.hpp"
#include "lake/curate/part.hpp"

namespace lamin::lake {

struct Doubtful {
  format::ColumnSketch column;  ///< complete for these values; at least one of them if the column has any
  bool more = false;            ///< there are too many to list: the first are there
};

/// `column` is the incomplete sketch, `feature` what it is checked for, null of a part of terms; `read` hands out the
/// values. Terms of public sources are registered as check_part does.
Doubtful doubtful_values(Instance& instance, const Part& part, const DatasetColumn* feature,
                         const format::ColumnSketch& column,
                         const std::function<void(const format::TakeValues&)>& read);

}  // namespace lamin::lake
