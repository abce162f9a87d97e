#include "base/progress.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace lamin::base {
namespace {

TEST(Progress, SaysNothingOfShortWorkAndSomethingOfLongWork) {
  std::vector<std::string> said;
  Progress progress(
      [&](Level level, const Words& words) {
        EXPECT_EQ(level, Level::important);
        said.push_back(words.in(Face::cpp));
      },
      "indexing 400 rows", 400);
  progress.at(0);
  progress.at(100);
  EXPECT_TRUE(said.empty());
  std::this_thread::sleep_for(std::chrono::milliseconds(1050));
  progress.at(200);
  progress.at(300);  // not five seconds later
  EXPECT_EQ(said, std::vector<std::string>{"indexing 400 rows: 50 %"});
}

TEST(Progress, SaysNothingAtTheEnd) {
  std::vector<std::string> said;
  Progress progress([&](Level, const Words& words) { said.push_back(words.in(Face::cpp)); }, "indexing", 400);
  std::this_thread::sleep_for(std::chrono::milliseconds(1050));
  progress.at(400);
  EXPECT_TRUE(said.empty());
}

TEST(Progress, CountsWhereTheTotalIsUnknown) {
  std::vector<std::string> said;
  Progress progress([&](Level, const Words& words) { said.push_back(words.in(Face::cpp)); }, "reading");
  std::this_thread::sleep_for(std::chrono::milliseconds(1050));
  progress.at(7);
  EXPECT_EQ(said, std::vector<std::string>{"reading: 7"});
}

}  // namespace
}  // namespace lamin::base
