// read_pool.hpp -- what one table may take, counted by Arrow itself.
#pragma once
#include <arrow/memory_pool.h>
#include <cstdint>
#include <limits>

namespace lamin::format {

class CountedPool;

/// A memory pool for as long as one file is read: beyond `limit` bytes Arrow gets OutOfMemory.
class ReadPool {
 public:
  static constexpr std::int64_t only_counted = std::numeric_limits<std::int64_t>::max();

  explicit ReadPool(std::int64_t limit, arrow::MemoryPool* heap = arrow::default_memory_pool());
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;
  ~ReadPool();
  arrow::MemoryPool* get() const;
  /// From now on.
  void allow(std::int64_t limit) const;

 private:
  CountedPool* pool_;
};

}  // namespace lamin::format
