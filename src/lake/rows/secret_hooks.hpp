// secret_hooks.hpp -- no secret reaches a row, however it is written.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

/// After this, source code, parameters, arguments and addresses are saved as redacted by base/redact.hpp.
void install_secret_hooks(Database& database);

}  // namespace lamin::lake
