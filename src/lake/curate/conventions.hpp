// conventions.hpp -- what a schema says of the storage of a dataset, which LaminDB keeps in `_aux` beside its roles.
#pragma once
#include "lamin/record.hpp"

namespace lamin::lake {

/// The conventions of a zarr store, a JSON object; null if there are none.
Value zarr_conventions(const Record& schema);
/// Sets them in the record, to be saved; null removes them. What else `_aux` holds stays.
void set_zarr_conventions(Record& schema, const Value& conventions);

}  // namespace lamin::lake
