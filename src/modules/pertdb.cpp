// pertdb.cpp -- the module of perturbations, checked against those it needs.
#include "modules/bionty_module.hpp"
#include "modules/lamindb_module.hpp"
#include "modules/modules.hpp"
#include "modules/pertdb_module.hpp"
#include "schema/sound.hpp"

namespace lamin::modules {

static_assert([] {
  const Module core = make_lamindb();
  const Module terms = make_bionty();
  return schema::sound(make_pertdb(), {&core, &terms});
}());

const Module& pertdb() {
  static const Module module = make_pertdb();
  return module;
}

}  // namespace lamin::modules
