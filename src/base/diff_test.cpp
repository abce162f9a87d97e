#include "base/diff.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <random>
#include <vector>

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

/// The lines of one side, and how many are only there.
struct Side {
  std::string text;
  int changed = 0;
};
Side side_of(std::string_view diff, char mark) {
  Side side;
  for (auto at = diff.find("@@"); at < diff.size();) {
    const auto end = std::min(diff.find('\n', at), diff.size());
    const auto line = diff.substr(at, end - at);
    if (line.starts_with(' ') || line.starts_with(mark)) side.text += std::string(line.substr(1)) + "\n";
    side.changed += line.starts_with(mark) ? 1 : 0;
    at = end + 1;
  }
  return side;
}

int common_lines(const std::string& a, const std::string& b) {
  std::vector<std::vector<int>> most(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j)
      most[i][j] = a[i - 1] == b[j - 1] ? most[i - 1][j - 1] + 1 : std::max(most[i - 1][j], most[i][j - 1]);
  }
  return most[a.size()][b.size()];
}

TEST(Diff, IsTheShortestThatLeadsFromTheOneTextToTheOther) {
  std::mt19937 random(7);  // NOLINT: the same each time
  for (int round = 0; round < 2000; ++round) {
    std::string letters[2], texts[2];
    for (int i : {0, 1}) {
      const auto n = random() % 7;
      for (unsigned j = 0; j < n; ++j) letters[i] += static_cast<char>('a' + random() % 3);
      for (const char c : letters[i]) texts[i] += std::string(1, c) + "\n";
    }
    const auto text = diff(texts[0], texts[1]);
    if (letters[0] == letters[1]) continue;
    const auto before = side_of(text, '-'), after = side_of(text, '+');
    const auto common = common_lines(letters[0], letters[1]);
    EXPECT_EQ(before.changed, static_cast<int>(letters[0].size()) - common) << letters[0] << " " << letters[1] << text;
    EXPECT_EQ(after.changed, static_cast<int>(letters[1].size()) - common) << letters[0] << " " << letters[1] << text;
    EXPECT_NE(texts[0].find(before.text), std::string::npos) << text;
    EXPECT_NE(texts[1].find(after.text), std::string::npos) << text;
  }
}

TEST(Diff, OfLargeTextsThatHaveLittleInCommonNeedsLittleMemory) {
  std::string before, after;
  for (int i = 0; i < 30'000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += (i % 100 == 0 ? "a" : "b") + std::to_string(i) + "\n";
  }
  const auto text = diff(before, after);
  EXPECT_TRUE(side_of(text, '-').text == before);
  EXPECT_TRUE(side_of(text, '+').text == after);
}

}  // namespace
}  // namespace lamin::base
