// slots.cpp -- datasets as tables.
#include <fmt/format.h>
#include "format/formats.hpp"
#include "lamin/curate.hpp"
#include "lamin/error.hpp"

namespace lamin {

std::vector<Slot> read_slots(const std::filesystem::path& path) {
  const auto* format = format::format_of(path);
  if (format == nullptr || format->slots == nullptr) {
    throw Error(Code::unsupported,
                fmt::format("'{}' cannot be curated: {} can, other formats as objects in memory", path.string(),
                            format::suffixes_that([](const auto& f) { return f.slots != nullptr; })));
  }
  return format->slots(path);
}

std::pair<std::int64_t, std::int64_t> shape_of(const std::filesystem::path& path) {
  const auto* format = format::format_of(path);
  if (format == nullptr || format->shape == nullptr) {
    throw Error(Code::invalid_argument,
                fmt::format("'{}' is not an AnnData file: only {} have a shape", path.string(),
                            format::suffixes_that([](const auto& f) { return f.shape != nullptr; })));
  }
  return format->shape(path);
}

}  // namespace lamin
