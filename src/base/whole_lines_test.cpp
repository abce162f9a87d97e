#include "base/whole_lines.hpp"
#include <gtest/gtest.h>

namespace lamin::base {
namespace {

TEST(WholeLines, ALineIsHandedOnWhenItHasEnded) {
  WholeLines lines;
  EXPECT_EQ(lines.add("one\ntw"), "one\n");
  EXPECT_EQ(lines.add("o"), "");
  EXPECT_EQ(lines.add(" 10%\r 20%"), "two 10%\r");
  EXPECT_EQ(lines.rest(), " 20%");
  EXPECT_EQ(lines.rest(), "");
}

TEST(WholeLines, AVeryLongOneIsHandedOnInPieces) {
  WholeLines lines;
  const std::string piece(1 << 15, 'x');
  std::size_t size = 0;
  for (int i = 0; i < 8; ++i) size += lines.add(piece).size();
  EXPECT_GT(size, piece.size());
  EXPECT_EQ(size + lines.rest().size(), 8 * piece.size());
}

}  // namespace
}  // namespace lamin::base
