#include "store/part_queue.hpp"
#include <chrono>
#include <utility>
#include "base/checkpoint.hpp"
#include "lamin/error.hpp"

namespace lamin::store {

namespace {

constexpr auto patience = std::chrono::milliseconds(200);  // between two checkpoints of a thread that waits

}  // namespace

void ByteLimit::take(std::int64_t bytes) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, patience, [&] { return used_ == 0 || used_ + bytes <= most_; })) {
        used_ += bytes;
        return;
      }
    }
    base::checkpoint();
  }
}

void ByteLimit::give_back(std::int64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    used_ -= bytes;
  }
  changed_.notify_all();
}

PartQueue::PartQueue(std::size_t lanes, std::function<void(const Part&)> send) : send_(std::move(send)) {
  for (std::size_t i = 0; i < lanes; ++i) threads_.emplace_back([this] { run(); });
}

PartQueue::~PartQueue() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    dropped_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  threads_.clear();
}

void PartQueue::add(Part part) {
  {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
    waiting_.push_back(std::move(part));
  }
  changed_.notify_one();
}

void PartQueue::finish() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, patience, [&] { return waiting_.empty() && sending_ == 0; })) break;
    }
    base::checkpoint();
  }
  if (failure_) std::rethrow_exception(failure_);
}

void PartQueue::run() {
  const base::Interruptible dropped([this] {
    if (dropped_) throw Error(Code::interrupted, "the upload was given up");
  });
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    {
      const auto part = std::move(waiting_.front());
      waiting_.pop_front();
      if (failure_) continue;  // its memory is given back
      ++sending_;
      lock.unlock();
      try {
        send_(part);
      } catch (...) {
        const std::lock_guard again(mutex_);
        if (!failure_) failure_ = std::current_exception();
        dropped_ = true;
      }
    }
    lock.lock();
    --sending_;
    lock.unlock();
    changed_.notify_all();
  }
}

}  // namespace lamin::store
