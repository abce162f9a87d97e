// hooks.hpp -- what holds for collections however they are written.
#pragma once
#include "lamin/instance.hpp"

namespace lamin::lake {

/// After this, a collection gets a schema only if all its artifacts have it.
void install_collection_hooks(Instance& instance);

}  // namespace lamin::lake
