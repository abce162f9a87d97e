#include "process/ask.hpp"
#include <gtest/gtest.h>

namespace lamin::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST(Ask, TakesBothStreamsAndTheStatus) {
  const auto answer = ask({"/bin/sh", "-c", "cat; echo a; echo b >&2; pwd; exit 3"}, milliseconds(5000), "/");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->exit_status, 3);
  EXPECT_EQ(answer->output, "a\n/\n");
  EXPECT_EQ(answer->errors, "b\n");
  EXPECT_EQ(ask({"/bin/sh", "-c", "kill -9 $$"}, milliseconds(5000))->exit_status, 128 + 9);
  const auto much = ask({"/bin/sh", "-c", "yes | head -c 3000000"}, milliseconds(5000));
  ASSERT_TRUE(much);
  EXPECT_LT(much->output.size(), 1'100'000U);
}

TEST(Ask, WaitsNoLongerThanAsked) {
  EXPECT_FALSE(ask({"/nothing/there"}, milliseconds(1000)));
  EXPECT_FALSE(ask({}, milliseconds(1000)));
  const auto began = steady_clock::now();
  EXPECT_FALSE(ask({"/bin/sh", "-c", "sleep 60 & sleep 60"}, milliseconds(100)));
  EXPECT_LT(steady_clock::now() - began, milliseconds(5000));
}

TEST(Ask, ChildrenThatGoOnAreNotWaitedFor) {
  const auto began = steady_clock::now();
  const auto answer = ask({"/bin/sh", "-c", "echo 1.2; sleep 20 &"}, milliseconds(10000));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->output, "1.2\n");
  EXPECT_LT(steady_clock::now() - began, milliseconds(5000));
}

}  // namespace
}  // namespace lamin::process
