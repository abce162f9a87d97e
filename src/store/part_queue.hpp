// part_queue.hpp -- parts of objects on their way: one thread reads and hashes, others send, and what is in memory has
// a limit.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>
#include "store/buffer.hpp"

namespace lamin::store {

/// Bytes that may be in memory at once, for all threads together. A piece larger than all of it gets it alone.
class ByteLimit {
 public:
  explicit ByteLimit(std::int64_t most) : most_(most) {}
  void take(std::int64_t bytes);
  void give_back(std::int64_t bytes);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  const std::int64_t most_;
  std::int64_t used_ = 0;
};

/// Held while a buffer is.
class Taken {
 public:
  Taken(ByteLimit& limit, std::int64_t bytes) : limit_(&limit), bytes_(bytes) { limit.take(bytes); }
  Taken(Taken&& other) noexcept : limit_(std::exchange(other.limit_, nullptr)), bytes_(other.bytes_) {}
  Taken& operator=(Taken&&) = delete;
  ~Taken() {
    if (limit_ != nullptr) limit_->give_back(bytes_);
  }

 private:
  ByteLimit* limit_;
  std::int64_t bytes_;
};

struct Part {
  int number = 0;
  Buffer bytes;
  Taken taken;
};

/// Sends parts on `lanes` threads. After a failure, `add` and `finish` throw it, and what is being sent is given up at
/// its next checkpoint, as it is when the queue is dropped.
class PartQueue {
 public:
  PartQueue(std::size_t lanes, std::function<void(const Part&)> send);
  ~PartQueue();
  void add(Part part);
  void finish();  ///< waits until all have been sent; a checkpoint of the caller

 private:
  void run();

  std::function<void(const Part&)> send_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Part> waiting_;
  std::exception_ptr failure_;
  std::size_t sending_ = 0;
  bool ended_ = false;
  std::atomic<bool> dropped_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace lamin::store
