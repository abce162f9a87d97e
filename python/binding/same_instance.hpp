// same_instance.hpp -- rows of one instance do not stand for rows of another.
#pragma once
#include "record.hpp"

namespace lamin::python {

/// Throws unsupported if the record is a row of another instance than `here`, where its id means another row.
void check_same_instance(const OpenInstance& here, const PyRecord& record);

}  // namespace lamin::python
