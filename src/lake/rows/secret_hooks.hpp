// secret_hooks.hpp -- no secret reaches a row, whatever way it is written.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

/// From then on source code, parameters, arguments and addresses are saved as base/redact.hpp leaves them.
void install_secret_hooks(Database& database);

}  // namespace lamin::lake
