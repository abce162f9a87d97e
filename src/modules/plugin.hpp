// plugin.hpp -- a module that is not built in, ready for the catalog.
//
// It may be written shorter than a built-in one: `labels` stands for the links to what its rows describe, and the core
// need not be named among its needs. What LaminDB deletes and a plug-in's rows belong to, the database deletes with it:
// LaminDB does not know that they are there.
#pragma once
#include "lamin/schema.hpp"

namespace lamin::modules {

/// The module in full. Throws invalid_argument, naming registry and reason, for a name that is built in and for labels
/// of what cannot be labelled. Whether it is sound is asked when it enters a catalog.
schema::Module complete_plugin(schema::Module module);

}  // namespace lamin::modules
