// key_hooks.hpp -- keys are paths below a folder, whatever way a row is written.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

/// From then on a new or changed key (of an artifact, collection, transform, readme) must be one that base::check_key
/// allows, and an artifact's `_real_key` a path below its storage. What is there already stays.
void install_key_hooks(Database& database);

}  // namespace lamin::lake
