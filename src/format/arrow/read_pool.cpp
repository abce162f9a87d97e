// read_pool.cpp -- pools are reused, never destroyed: Arrow's threads may return memory to one after the table was
// read.
#include "format/arrow/read_pool.hpp"
#include <arrow/status.h>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

namespace lamin::format {

class CountedPool final : public arrow::MemoryPool {
 public:
  void allow(std::int64_t limit) { limit_ = limit; }
  /// Only while nothing is allocated.
  void take_from(arrow::MemoryPool* heap) { heap_ = heap; }

  using MemoryPool::Allocate;
  using MemoryPool::Free;
  using MemoryPool::Reallocate;
  arrow::Status Allocate(int64_t size, int64_t alignment, uint8_t** out) override {
    ARROW_RETURN_NOT_OK(count(size));
    auto status = heap_->Allocate(size, alignment, out);
    if (!status.ok()) taken_ -= size;
    return status;
  }
  arrow::Status Reallocate(int64_t before, int64_t size, int64_t alignment, uint8_t** at) override {
    ARROW_RETURN_NOT_OK(count(size - before));
    auto status = heap_->Reallocate(before, size, alignment, at);
    if (!status.ok()) taken_ -= size - before;
    return status;
  }
  void Free(uint8_t* buffer, int64_t size, int64_t alignment) override {
    heap_->Free(buffer, size, alignment);
    taken_ -= size;
  }
  void ReleaseUnused() override { heap_->ReleaseUnused(); }
  int64_t bytes_allocated() const override { return taken_; }
  int64_t total_bytes_allocated() const override { return heap_->total_bytes_allocated(); }
  int64_t num_allocations() const override { return heap_->num_allocations(); }
  std::string backend_name() const override { return heap_->backend_name(); }

 private:
  arrow::Status count(int64_t size) {
    const auto before = taken_.fetch_add(size);
    if (size <= 0 || before <= limit_ - size) return arrow::Status::OK();
    taken_ -= size;
    return arrow::Status::OutOfMemory("a file may take ", limit_.load(), " bytes");
  }

  arrow::MemoryPool* heap_ = arrow::default_memory_pool();
  std::atomic<std::int64_t> taken_ = 0, limit_ = 0;
};

namespace {

struct Idle {
  std::mutex mutex;
  std::vector<CountedPool*> pools;
};

Idle& idle() {
  static auto& pools = *new Idle;
  return pools;
}

}  // namespace

ReadPool::ReadPool(std::int64_t limit, arrow::MemoryPool* heap) : pool_(nullptr) {
  auto& [mutex, pools] = idle();
  const std::lock_guard lock(mutex);
  for (auto& pool : pools) {
    if (pool->bytes_allocated() != 0) continue;
    pool_ = std::exchange(pool, pools.back());
    pools.pop_back();
    break;
  }
  if (pool_ == nullptr) pool_ = new CountedPool;
  pool_->take_from(heap);
  pool_->allow(limit);
}

ReadPool::~ReadPool() {
  auto& [mutex, pools] = idle();
  const std::lock_guard lock(mutex);
  pools.push_back(pool_);
}

arrow::MemoryPool* ReadPool::get() const { return pool_; }

void ReadPool::allow(std::int64_t limit) const { pool_->allow(limit); }

}  // namespace lamin::format
