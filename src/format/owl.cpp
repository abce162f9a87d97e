#include "format/owl.hpp"
#include "base/module.hpp"

namespace lamin::format {

const OwlReader& owl_reader() {
  using Function = const OwlReader* (*)();
  return *reinterpret_cast<Function>(base::module_symbol("owl", "lamin_owl"))();
}

}  // namespace lamin::format
