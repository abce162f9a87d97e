#include "store/buffer.hpp"
#include <sys/mman.h>
#include <new>

namespace lamin::store {

Buffer::Buffer(std::size_t size) : room_(size), size_(size) {
  if (size == 0) return;
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc();
  bytes_ = static_cast<std::uint8_t*>(at);
#ifdef MADV_HUGEPAGE
  // In small pages, fresh memory takes as long as hashing it. A kernel that has no large ones gives small ones.
  constexpr std::size_t large_page = 2 << 20;
  if (size >= large_page) madvise(at, size, MADV_HUGEPAGE);
#endif
}

Buffer::~Buffer() {
  if (bytes_ != nullptr) munmap(bytes_, room_);
}

}  // namespace lamin::store
