// annotate.hpp -- writes what is known of a validated dataset to the database.
#pragma once
#include <vector>

#include "lake/curate/part.hpp"

namespace lamin::lake {

/// Writes the artifact's schema, for each part the schema inferred from the data (reusing one with the same members),
/// and its labels with their features, `most_linked` of each at most. Joins the transaction it is called in.
void annotate_artifact(Instance& instance, Record& artifact, const Record& schema, const std::vector<Part>& parts,
                       const std::vector<Slot>& slots, std::size_t most_linked);
/// The rows that a valid dataset names: features of its columns, labels of their values, terms of a slot of terms.
std::vector<Record> rows_named(Instance& instance, const std::vector<Part>& parts, const std::vector<Slot>& slots);

}  // namespace lamin::lake
