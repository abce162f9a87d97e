#include "format/markdown.hpp"
#include "base/module.hpp"

namespace lamin::format {

const Markdown& markdown() {
  using Function = const Markdown* (*)();
  return *reinterpret_cast<Function>(base::module_symbol("markdown", "lamin_markdown"))();
}

}  // namespace lamin::format
