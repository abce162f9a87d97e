// layout.hpp -- what an AnnData must have besides the columns of its slots, where its schema says so in
// `formats.anndata`.
//
// obs, var   unique_names: true; deprecated: names of columns that are gone; reserved: names that somebody else writes
// obs        complete: columns without missing values; terms: {column: {only: [...], never: [...]}}; when: a list of
//            {column, of, allowed: {value of the column `of`: [...]}}
// uns        texts: keys that are a text; values: {key: [...]}; keys_of: {key: "obsm"}; deprecated, reserved
// obsm       any: how the name of at least one array begins; columns: how many those have at least
//
// In a list of allowed values, one that ends with ":" or "_" stands for all that begin like this. A value that the
// report has a problem with is not told again.
#pragma once
#include "format/sketch.hpp"
#include "lamin/record.hpp"
#include "lamin/report.hpp"

namespace lamin::lake {

/// Adds a problem `layout` for each violation, a note for names that are reserved. Throws invalid_argument for an
/// unknown rule.
void check_layout(const Record& schema, const format::FileSketch& sketch, FileReport& report);

}  // namespace lamin::lake
