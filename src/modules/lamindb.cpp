// lamindb.cpp -- the core module, checked.
#include "modules/lamindb_module.hpp"
#include "modules/modules.hpp"
#include "schema/sound.hpp"

namespace lamin::modules {

static_assert(schema::sound(make_lamindb(), {}));

const Module& lamindb() {
  static const Module module = make_lamindb();
  return module;
}

}  // namespace lamin::modules
