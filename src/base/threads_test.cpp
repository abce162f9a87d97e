#include "base/threads.hpp"
#include <gtest/gtest.h>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace lamin::base {
namespace {

TEST(InParallel, DoesEachOnce) {
  for (const std::size_t n : {0U, 1U, 3U, 1000U}) {
    std::vector<std::atomic<int>> done(n);
    in_parallel(n, [&](std::size_t i) { ++done[i]; });
    for (const auto& times : done) EXPECT_EQ(times, 1);
  }
}

TEST(InParallel, TheCoresAreSharedOnce) {
  std::atomic<int> elsewhere = 0;
  in_parallel(
      4,
      [&](std::size_t) {
        const auto here = std::this_thread::get_id();
        in_parallel(100, [&](std::size_t) { elsewhere += std::this_thread::get_id() != here; });
      },
      1);
  const bool several = std::thread::hardware_concurrency() > 1;
  EXPECT_EQ(elsewhere, several ? 0 : elsewhere.load());
}

TEST(InParallel, ThrowsTheFirstFailureOnceAllHaveEnded) {
  std::atomic<int> running = 0, begun = 0;
  const auto work = [&](std::size_t i) {
    ++running, ++begun;
    --running;
    if (i == 5) throw std::runtime_error("five");
  };
  EXPECT_THROW(in_parallel(1'000'000, work), std::runtime_error);
  EXPECT_EQ(running, 0);
  EXPECT_LT(begun, 1'000'000);
}

}  // namespace
}  // namespace lamin::base
