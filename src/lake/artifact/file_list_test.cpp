// file_list_test.cpp -- lists of files that fit into memory, and that do not.
#include <gtest/gtest.h>
#include <string>
#include "lamin/artifact.hpp"

namespace lamin {
namespace {

FilePart part(int i) {
  return {.path = "folder/file-" + std::to_string(1'000'000 + i), .size = i, .digest = std::string(64, 'a')};
}

TEST(FileLists, GiveWhatWasAddedInOrder) {
  FileList empty;
  EXPECT_TRUE(empty.empty());
  EXPECT_TRUE(empty.begin() == FileList::end());
  for (const int count : {1, 100, 40'000}) {  // the last one goes to a file in several blocks
    FileList list;
    for (int i = 0; i < count; ++i) list.add(part(i));
    EXPECT_EQ(list.size(), static_cast<std::size_t>(count));
    const FileList copy = list;
    for (int again = 0; again < 2; ++again) {
      int i = 0;
      for (const auto& file : copy) {
        ASSERT_EQ(file.path, part(i).path);
        ASSERT_EQ(file.size, i);
        ASSERT_EQ(file.digest, part(i).digest);
        ++i;
      }
      EXPECT_EQ(i, count);
    }
  }
}

TEST(FileLists, HoldPathsLongerThanABlock) {
  FileList list;
  const std::string longer(600'000, 'x');
  for (int i = 0; i < 5; ++i) list.add({.path = longer + std::to_string(i), .size = i, .digest = ""});
  int i = 0;
  for (const auto& file : list) EXPECT_EQ(file.path, longer + std::to_string(i++));
  EXPECT_EQ(i, 5);
}

}  // namespace
}  // namespace lamin
