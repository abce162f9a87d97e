// read_pool.hpp -- what one table may take, counted by Arrow itself.
#pragma once
#include <arrow/memory_pool.h>
#include <cstdint>

namespace lamin::format {

class CountedPool;

/// A memory pool for as long as one file is read: beyond `limit` bytes Arrow gets OutOfMemory.
class ReadPool {
 public:
  explicit ReadPool(std::int64_t limit);
  ReadPool(const ReadPool&) = delete;
  ReadPool& operator=(const ReadPool&) = delete;
  ~ReadPool();
  arrow::MemoryPool* get() const;

 private:
  CountedPool* pool_;
};

}  // namespace lamin::format
