#include "base/diff.hpp"
#include <gtest/gtest.h>

namespace lamin::base {
namespace {

std::string diff(std::string_view before, std::string_view after) { return unified_diff(before, after, "a", "b"); }

TEST(Diff, SameTextsDoNotDiffer) { EXPECT_EQ(diff("x\ny\n", "x\ny\n"), ""); }

TEST(Diff, SaysWhichLinesChanged) {
  EXPECT_EQ(diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nfive\n6\n7\n8\n"),
            "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  EXPECT_EQ(diff("", "x\n"), "--- a\n+++ b\n@@ -0,0 +1,1 @@\n+x\n");
  EXPECT_EQ(diff("x\n", ""), "--- a\n+++ b\n@@ -1,1 +0,0 @@\n-x\n");
}

TEST(Diff, ChangesFarApartAreSeparateHunks) {
  std::string before, after;
  for (int i = 0; i < 30; ++i) {
    before += std::to_string(i) + "\n";
    after += (i == 3 || i == 25 ? "new" : std::to_string(i)) + "\n";
  }
  const auto text = diff(before, after);
  EXPECT_NE(text.find("@@ -1,7 +1,7 @@"), std::string::npos) << text;
  EXPECT_NE(text.find("@@ -23,7 +23,7 @@"), std::string::npos) << text;
}

}  // namespace
}  // namespace lamin::base
