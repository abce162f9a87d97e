#include "base/large_pages.hpp"
#include <sys/mman.h>
#include <cstdint>

namespace lamin::base {

void prefer_large_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t size) {
#ifdef MADV_HUGEPAGE
  constexpr std::size_t page = 4096, worth_it = 2 << 20;
  if (size < worth_it) return;
  const auto skipped = -reinterpret_cast<std::uintptr_t>(begin) % page;
  madvise(static_cast<std::byte*>(begin) + skipped, size - skipped, MADV_HUGEPAGE);
#endif
}

}  // namespace lamin::base
