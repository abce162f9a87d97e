// key_hooks.hpp -- keys are paths below a folder, however a row is written.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

/// After this, a new or changed key (of an artifact, collection, transform, readme) must pass base::check_key, and an
/// artifact's `_real_key` must be a path below its storage. Existing values are kept.
void install_key_hooks(Database& database);

}  // namespace lamin::lake
