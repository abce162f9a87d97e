// annotate.hpp -- what a validated dataset leaves in the database.
#pragma once
#include <vector>

#include "lake/curate/part.hpp"

namespace lamin::lake {

/// Writes the artifact's schema, for each part the schema inferred from the data (one with the same members is
/// reused), and its labels with their features. Joins the transaction it is called in.
void annotate_artifact(Instance& instance, Record& artifact, const Record& schema, const std::vector<Part>& parts,
                       const std::vector<Slot>& slots);

}  // namespace lamin::lake
