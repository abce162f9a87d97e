// read_pool.hpp -- limits the memory that one table may take, as counted by Arrow itself.
#pragma once
#include <arrow/memory_pool.h>
#include <cstdint>
#include <limits>

namespace lamin::format {

class CountedPool;

/// A memory pool for reading one file: beyond `limit` bytes Arrow gets OutOfMemory.
class ReadPool {
 public:
  static constexpr std::int64_t only_counted = std::numeric_limits<std::int64_t>::max();

  explicit ReadPool(std::int64_t limit, arrow::MemoryPool* heap = arrow::default_memory_pool());
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;
  ~ReadPool();
  arrow::MemoryPool* get() const;
  /// Changes the limit for later allocations.
  void allow(std::int64_t limit) const;

 private:
  CountedPool* pool_;
};

}  // namespace lamin::format
