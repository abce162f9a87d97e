// plugin.hpp -- a module that is not built in, completed for the catalog.
//
// It may be shorter than a built-in one: `labels` stands for the links to what its rows describe, and the core need not
// be listed among its needs. If LaminDB deletes what a plug-in's rows belong to, the database cascades: LaminDB does
// not know that these rows exist.
#pragma once
#include "lamin/schema.hpp"

namespace lamin::modules {

/// The complete module. Throws invalid_argument, naming registry and reason, for a name that is built in and for labels
/// of what cannot be labelled. Whether it is sound is checked when it enters a catalog.
schema::Module complete_plugin(schema::Module module);

}  // namespace lamin::modules
