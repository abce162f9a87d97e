#include "base/threads.hpp"
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace lamin::base {

void in_parallel(std::size_t n, const std::function<void(std::size_t)>& work) {
  constexpr std::size_t worth_a_thread = 4;  // starting a thread takes as long as reading a few small files
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    for (auto i = next++; i < n; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = n;
      }
    }
  };
  {
    const auto threads = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), n / worth_a_thread);
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace lamin::base
