#include "base/threads.hpp"
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>
#include "base/checkpoint.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): of one thread, for the time of a call
thread_local bool shares_the_cores = false;

/// For its lifetime, this thread is one of several that keep the cores busy.
class Sharing {
 public:
  Sharing() : before_(std::exchange(shares_the_cores, true)) {}
  ~Sharing() { shares_the_cores = before_; }
  Sharing(const Sharing&) = delete;
  Sharing& operator=(const Sharing&) = delete;

 private:
  bool before_;
};

}  // namespace

void in_lanes(std::size_t n, std::size_t lanes, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  std::atomic<bool> failed = false;
  const auto run = [&] {
    for (auto i = next++; i < n; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        failed = true;
        next = n;
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    const auto help = [&] {  // what others have begun is given up when one has failed
      const Interruptible stop([&] {
        if (failed) throw Error(Code::interrupted, "another part of the work failed");
      });
      run();
    };
    for (std::size_t i = 1; i < std::min(lanes, n); ++i) helpers.emplace_back(help);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

void in_parallel(std::size_t n, const std::function<void(std::size_t)>& work, std::size_t worth_a_thread) {
  const std::size_t cores = shares_the_cores ? 1 : std::max(1U, std::thread::hardware_concurrency());
  const auto lanes = std::min(cores, n / worth_a_thread);
  if (lanes < 2) return in_lanes(n, lanes, work);
  in_lanes(n, lanes, [&](std::size_t i) {
    const Sharing sharing;
    work(i);
  });
}

}  // namespace lamin::base
