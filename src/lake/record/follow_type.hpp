// follow_type.hpp -- what a new row takes over from its type.
#pragma once
#include "lamin/instance.hpp"
#include "lamin/record.hpp"

namespace lamin::lake {

/// A new row has the emoji of its type and, unless its space was given, is in the space that the type asks for. `type`
/// is as the caller has it, with changes that are not saved.
void follow_type(Instance& instance, Record& record, const Record& type, bool space_given);

}  // namespace lamin::lake
