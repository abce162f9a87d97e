// ahead.hpp -- reads the related rows of a result together.
//
// Invariants
//   1. A loop over the rows of one result that reads a relation of each uses a number of statements that does not grow
//      with the rows: the first row reads its own, the second reads ahead for some, the third for many.
//   2. Rows read ahead for a to-many relation are used once, within a second, and only if the tables have not been
//      written to, as far as the database can tell. A second access to the same row queries again.
//   3. The target of a reference is read once per result.
#pragma once
#include "record.hpp"

namespace lamin::python {

/// The target of a reference that is set, or None if the row is gone.
nb::object referred(PyRecord& record, const schema::Column& column);
/// The rows of a to_many or many_to_many relation, by id.
nb::list related_many(nb::handle record, const std::string& relation);

}  // namespace lamin::python
