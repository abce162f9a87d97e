// bionty.cpp -- the module of public ontologies, checked against the core.
#include "modules/bionty_module.hpp"
#include "modules/lamindb_module.hpp"
#include "modules/modules.hpp"
#include "schema/sound.hpp"

namespace lamin::modules {

static_assert([] {
  const Module core = make_lamindb();
  return schema::sound(make_bionty(), {&core});
}());

const Module& bionty() {
  static const Module module = make_bionty();
  return module;
}

}  // namespace lamin::modules
