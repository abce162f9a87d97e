// large_pages.hpp -- memory for megabytes that are written once.
#pragma once
#include <cstddef>

namespace lamin::base {

/// Asks the kernel for pages of megabytes in place of 4 KiB for fresh memory: with small ones, the first write to a
/// gigabyte takes as long as hashing it. Where there are none, or for little memory, nothing changes.
void prefer_large_pages(void* begin, std::size_t size);

}  // namespace lamin::base
