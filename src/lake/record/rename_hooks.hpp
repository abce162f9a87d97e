// rename_hooks.hpp -- datasets hold names: who renames a label or a feature is told which ones no longer agree.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

/// From then on renaming a feature warns of the artifacts whose column it is, renaming a label of those in whose
/// columns it stands.
void install_rename_hooks(Database& database);

}  // namespace lamin::lake
