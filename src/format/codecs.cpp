#include "format/codecs.hpp"
#include "base/module.hpp"

namespace lamin::format {

const Codecs& codecs() {
  auto* make = reinterpret_cast<const Codecs* (*)()>(base::module_symbol("codecs", "lamin_codecs"));
  return *make();
}

}  // namespace lamin::format
