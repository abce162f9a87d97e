// source_file.cpp -- the source of a transform as a file again.
#include <fmt/format.h>
#include "lamin/lineage.hpp"
#include "store/beneath.hpp"

namespace lamin {

std::filesystem::path write_source(const Record& transform, const std::filesystem::path& folder) {
  if (transform.at("source_code").is_null()) {
    throw Error(Code::not_found, fmt::format("the transform '{}' has no source code", transform.uid()));
  }
  try {
    return store::create_beneath(folder, std::string(transform.text("key")), transform.text("source_code"));
  } catch (Error& error) {
    error.add_context(fmt::format("while writing the source of transform '{}'", transform.uid()));
    throw;
  }
}

}  // namespace lamin
