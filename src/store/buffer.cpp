#include "store/buffer.hpp"
#include <sys/mman.h>
#include <new>
#include "base/large_pages.hpp"

namespace lamin::store {

Buffer::Buffer(std::size_t size) : room_(size), size_(size) {
  if (size == 0) return;
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc();
  bytes_ = static_cast<std::uint8_t*>(at);
  base::prefer_large_pages(at, size);
}

Buffer::~Buffer() {
  if (bytes_ != nullptr) munmap(bytes_, room_);
}

}  // namespace lamin::store
