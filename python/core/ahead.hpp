// ahead.hpp -- related rows of a result are read together.
//
// Invariants
//   1. A loop over the rows of one result that reads a relation of each makes a number of statements that does not grow
//      with the rows: the first row reads its own, the second reads ahead for some, the third for many.
//   2. What was read ahead for a to-many relation is given out once, within a second, and only while nobody has written
//      to the tables, as far as the database tells. A second look at the same row asks again.
//   3. What a reference points at is read once a result.
#pragma once
#include "record.hpp"

namespace lamin::python {

/// What a set reference points at, or None if the row is gone.
nb::object referred(PyRecord& record, const schema::Column& column);
/// The rows of a to_many or many_to_many relation, by id.
nb::list related_many(nb::handle record, const std::string& relation);

}  // namespace lamin::python
