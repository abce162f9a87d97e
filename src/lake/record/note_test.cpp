// Readmes and comments.
#include "lamin/note.hpp"
#include <gmock/gmock.h>
#include "lake/open/testing.hpp"
#include "lamin/find.hpp"
#include "lamin/save.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::Sandbox;

TEST(Notes, AReadmeHasVersionsAndCommentsAreMany) {
  Sandbox box;
  const auto instance = init({.storage = "store", .name = "lab"});
  Record label(instance->catalog().table("ULabel"));
  label.set("name", Value("donor"));
  EXPECT_EQ(code_of([&] { write_readme(*instance, label, "x"); }), Code::invalid_argument) << "it is not saved";
  save(*instance, label);
  const auto first = write_readme(*instance, label, "# First");
  EXPECT_EQ(first.text("hash").size(), 22U);
  EXPECT_EQ(write_readme(*instance, label, "# First").id(), first.id()) << "nothing new";
  const auto second = write_readme(*instance, label, "# Second");
  EXPECT_EQ(second.uid().substr(0, 16), first.uid().substr(0, 16));
  EXPECT_EQ(readme(*instance, label)->text("content"), "# Second");
  add_comment(*instance, label, "one");
  add_comment(*instance, label, "one");
  const auto all = comments(*instance, label);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].text("content"), "one");
  EXPECT_EQ(code_of([&] { add_comment(*instance, label, " \n"); }), Code::invalid_argument);
  const auto user = instance->database().find(instance->catalog().table("User"), 1);
  EXPECT_EQ(code_of([&] { write_readme(*instance, *user, "x"); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { static_cast<void>(comments(*instance, *user)); }), Code::invalid_argument);
}

TEST(Notes, AreOfAnyRegistryWithTexts) {
  Sandbox box;
  const auto instance = init({.storage = "store", .name = "lab"});
  int n = 0;
  for (const char* registry : {"Branch", "Space"}) {
    const auto host = instance->database().find(instance->catalog().table(registry), 1);
    write_readme(*instance, *host, "about it");
    EXPECT_EQ(readme(*instance, *host)->text("content"), "about it");
    ++n;
  }
  EXPECT_EQ(n, 2);
}

}  // namespace
}  // namespace lamin
