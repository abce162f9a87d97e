// buffer.hpp -- megabytes of memory that go back to the system at once: the allocator's heaps, one per thread, would
// keep several times as much.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace lamin::store {

class Buffer {
 public:
  /// Zeros. Throws std::bad_alloc.
  explicit Buffer(std::size_t size = 0);
  Buffer(Buffer&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), room_(std::exchange(other.room_, 0)), size_(other.size_) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(room_, other.room_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Buffer();

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void shrink(std::size_t size) { size_ = size; }  ///< to not more than it has
  std::span<std::uint8_t> bytes() { return {bytes_, size_}; }
  std::span<const std::uint8_t> bytes() const { return {bytes_, size_}; }

 private:
  std::uint8_t* bytes_ = nullptr;
  std::size_t room_ = 0, size_ = 0;
};

}  // namespace lamin::store
