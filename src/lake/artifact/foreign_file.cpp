#include "lake/artifact/foreign_file.hpp"

#include <system_error>

#include "format/format.hpp"

namespace lamin::lake {

void check_foreign_file(const std::filesystem::path& path) {
  const auto suffix = path.extension();
  std::error_code failure;
  if ((suffix == ".h5ad" || suffix == ".h5mu") && !std::filesystem::is_directory(path, failure))
    format::check_hdf5(path);
}

}  // namespace lamin::lake
