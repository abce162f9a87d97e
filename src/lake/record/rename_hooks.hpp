// rename_hooks.hpp -- datasets contain names: renaming a label or a feature lists those that no longer match.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

/// After this, renaming a feature or a label warns about artifacts whose data still uses the old name.
void install_rename_hooks(Database& database);

}  // namespace lamin::lake
