// The uid of a record in the header of a note.
#include "base/front_matter.hpp"
#include <gtest/gtest.h>
#include "base/testing.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

struct Case {
  std::string_view before, uid, after;  ///< with_record_uid(before, uid) == after
};

TEST(FrontMatter, TakesAUid) {
  const std::string_view body = "# Title\n\nbody with\n---\nno header\n";
  const std::string stamped = "---\nlamindb:\n  uid: a1\n---\n\n" + std::string(body);
  const Case cases[] = {
      {body, "a1", stamped},
      {stamped, "a1", stamped},
      {"", "a1", "---\nlamindb:\n  uid: a1\n---\n"},
      {"---\ntitle: Hello\n---\n\n# Body\n", "a1", "---\ntitle: Hello\nlamindb:\n  uid: a1\n---\n\n# Body\n"},
      {"---\n---\n# Body\n", "a1", "---\nlamindb:\n  uid: a1\n---\n\n# Body\n"},
      {"---\nlamindb:\n  source: x\n  uid: a1\n---\n# B\n", "b2",
       "---\nlamindb:\n  source: x\n  uid: b2\n---\n\n# B\n"},
      {"---\nlamindb:\n---\n# B\n", "a1", "---\nlamindb:\n  uid: a1\n---\n\n# B\n"},
      {"---\nlamindb:\n  source: x\nother: y\n---\n", "a1", "---\nlamindb:\n  source: x\n  uid: a1\nother: y\n---\n"},
      {"---\nnever closed\n", "a1", "---\nlamindb:\n  uid: a1\n---\n\n---\nnever closed\n"},
  };
  for (const auto& [before, uid, after] : cases) {
    EXPECT_EQ(with_record_uid(before, uid), after) << before;
    EXPECT_EQ(record_uid_in(after), uid) << before;
  }
}

TEST(FrontMatter, GivesTheUidUp) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"---\nlamindb:\n  uid: a1\n---\n\nIntro\n", "Intro\n"},
      {"---\ntitle: Hello\nlamindb:\n  uid: a1\n---\n\n# B\n", "---\ntitle: Hello\n---\n\n# B\n"},
      {"---\nlamindb:\n  uid: a1\n  source: x\n---\n\n# B\n", "---\nlamindb:\n  source: x\n---\n\n# B\n"},
      {"# No header\n", "# No header\n"},
      {"---\ntitle: Hello\n---\n# B\n", "---\ntitle: Hello\n---\n# B\n"},
  };
  for (const auto& [before, after] : cases) EXPECT_EQ(without_record_uid(before), after) << before;
}

TEST(FrontMatter, ReadsTheUid) {
  EXPECT_EQ(record_uid_in("---\nlamindb:\n  uid: \"a1\"\n---\n"), "a1");
  EXPECT_EQ(record_uid_in("---\r\nlamindb:\r\n  uid: a1\r\n---\r\n"), "a1");
  EXPECT_EQ(record_uid_in("---\nother:\n  uid: a1\n---\n"), "");
  EXPECT_EQ(record_uid_in("uid: a1\n"), "");
  EXPECT_THROW(record_uid_in("---\nlamindb:\n  uid:\n---\n"), Error);
}

TEST(FrontMatter, ReadsOtherKeys) {
  const std::string_view text = "---\nname: a\noverview: Sort the cells\n  by type\nisProject: false\n---\n\n# Plan\n";
  EXPECT_EQ(header_text(text, "overview"), "Sort the cells by type");
  EXPECT_EQ(header_text(text, "todos"), "");
  EXPECT_EQ(below_header(text), "# Plan\n");
  EXPECT_EQ(below_header("# Plan\n---\n"), "# Plan\n---\n");
}

}  // namespace
}  // namespace lamin::base
