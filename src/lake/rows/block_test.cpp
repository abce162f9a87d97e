// Texts: versions of a readme, comments, pages, hashes.
#include "lamin/block.hpp"
#include <gmock/gmock.h>
#include "base/hash.hpp"
#include "lake/open/testing.hpp"
#include "lamin/describe.hpp"
#include "lamin/find.hpp"
#include "lamin/save.hpp"

namespace lamin {
namespace {

using testing::code_of;

class BlockTest : public testing::InstanceTest {
 protected:
  void SetUp() override {
    InstanceTest::SetUp();
    host_ = Record(instance->catalog().table("Record"));
    host_.set("name", "sample");
    lamin::save(*instance, host_);
  }
  Record made(const std::string& text, const std::string& kind = "readme") {
    return make_block(*instance, {.registry = "RecordBlock", .host = host_.id(), .content = text, .kind = kind});
  }
  Record saved(Record block) {
    lamin::save(*instance, block);
    return block;
  }
  Record again(const Record& record) { return *instance->database().find(record.table(), record.id()); }
  Record host_;
};

TEST_F(BlockTest, AReadmeHasVersionsAndTheSameTextIsTheSameRow) {
  const auto empty = saved(made(""));
  EXPECT_EQ(made("one").id(), empty.id());  // it holds no text yet
  auto one = made("one");
  one = saved(std::move(one.set("content", "one")));
  EXPECT_EQ(again(one).text("hash"), base::md5_base64("one"));
  EXPECT_EQ(made("one").id(), one.id());
  const auto two = saved(made("two")), late = made("three");
  EXPECT_EQ(two.uid().substr(16), "0001");
  EXPECT_FALSE(again(one).at("is_latest").boolean_or(true));
  const auto three = saved(made("3"));
  EXPECT_EQ(saved(late).uid().substr(16), "0003");  // its uid was taken meanwhile
  EXPECT_EQ(readme(*instance, host_)->text("content"), "three");
  EXPECT_EQ(three.uid().substr(0, 16), one.uid().substr(0, 16));
}

TEST_F(BlockTest, CommentsAreEachTheirOwnAndAreShownOnRequest) {
  saved(made("hm", "comment"));
  EXPECT_NE(saved(made("hm", "comment")).uid().substr(0, 16), made("hm", "comment").uid().substr(0, 16));
  EXPECT_THAT(describe(*instance, host_, {.comments = true}), ::testing::HasSubstr("comment by"));
  EXPECT_THAT(describe(*instance, host_), ::testing::Not(::testing::HasSubstr("comment by")));
  EXPECT_EQ(code_of([&] { made("x", "note"); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { make_block(*instance, {.content = "x", .kind = "comment"}); }), Code::invalid_argument);
}

TEST_F(BlockTest, APageFollowsItsKey) {
  const auto one = saved(make_block(*instance, {.key = "README.md", .content = "v1", .version_tag = "1"}));
  const auto two = saved(make_block(*instance, {.key = "README.md", .content = "v2"}));
  EXPECT_EQ(two.uid().substr(0, 16), one.uid().substr(0, 16));
  EXPECT_EQ(make_block(*instance, {.key = "other.md", .content = "v2"}).id(), two.id());
  EXPECT_EQ(code_of([&] { make_block(*instance, {.registry = "RecordBlock", .content = "x"}); }),
            Code::invalid_argument);
}

TEST_F(BlockTest, ATextAboutABranchIsOnNone) {
  const auto branch = instance->database().find(instance->catalog().table("Branch"), 1);
  const auto of_branch = [&](const char* text) {
    return saved(make_block(*instance, {.registry = "BranchBlock", .host = branch->id(), .content = text}));
  };
  const auto one = of_branch("one");
  EXPECT_TRUE(of_branch("two").at("is_latest").boolean_or(false));
  EXPECT_FALSE(again(one).at("is_latest").boolean_or(true));
}

}  // namespace
}  // namespace lamin
