#include "store/http.hpp"
#include "base/module.hpp"

namespace lamin::store {

bool download(const Download& wanted) {
  using Function = bool (*)(const Download&);
  return reinterpret_cast<Function>(base::module_symbol("http", "lamin_download"))(wanted);
}

}  // namespace lamin::store
