// Who one is: the files, what a handle may be, and which row of a database it is.
#include "lamin/user.hpp"
#include <gmock/gmock.h>
#include "lake/instance/settings_file.hpp"
#include "lake/open/testing.hpp"
#include "lamin/save.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::HasSubstr;
using testing::Sandbox;

std::string author(Instance& instance, const char* label) {
  Record row(instance.catalog().table("ULabel"));
  row.set("name", Value(label));
  save(instance, row);
  return std::string(
      instance.database().find(instance.catalog().table("User"), row.at("created_by").integer_or(0))->text("handle"));
}

TEST(Users, AreStoredAsLaminDbStoresThem) {
  Sandbox box;
  EXPECT_EQ(current_user().handle, "anonymous");
  const auto ada = login({.handle = "ada", .name = "Ada Lovelace", .email = "ada@lab.org"});
  EXPECT_EQ(ada.uid.size(), 8U);
  const auto text = Sandbox::read(box.settings() / "current_user.env");
  EXPECT_EQ(text,
            "lamin_user_email=ada@lab.org\nlamin_user_password=null\nlamin_user_access_token=null\nlamin_user_uid=" +
                ada.uid + "\nlamin_user_uuid=null\nlamin_user_handle=ada\nlamin_user_name=Ada Lovelace\n" +
                "lamin_user_api_key=null\n");
  EXPECT_EQ(Sandbox::read(box.settings() / "user--ada.env"), text);
  EXPECT_EQ(Sandbox::read(box.settings() / "user--ada@lab.org.env"), text);
  EXPECT_TRUE(logout());
  EXPECT_FALSE(logout());
  EXPECT_EQ(current_user().handle, "anonymous");
  EXPECT_EQ(login({.handle = "ada@lab.org"}).name, "Ada Lovelace") << "known from the last time, by the e-mail too";
  EXPECT_EQ(current_user().uid, ada.uid);
}

TEST(Users, KeepWhatLaminDbsHubGaveThem) {
  Sandbox box;
  lake::write_text_file(
      box.settings() / "user--ada.env",
      "lamin_user_uid=adaLvlc1\nlamin_user_handle=ada\nlamin_user_api_key=secret\nlamin_user_more=x\n");
  EXPECT_EQ(login({.handle = "ada"}).uid, "adaLvlc1");
  const auto text = Sandbox::read(box.settings() / "current_user.env");
  EXPECT_THAT(text, HasSubstr("lamin_user_api_key=secret\n"));
  EXPECT_THAT(text, HasSubstr("lamin_user_more=x\n"));
}

TEST(Users, HandlesAreWords) {
  Sandbox box;
  std::string message;
  for (const char* handle :
       {"", "a b", "../ada", "ada/lab", "-ada", "ädä", "a\nb", "anonymous", "a123456789b123456789c123456789d"}) {
    EXPECT_EQ(code_of([&] { login({.handle = handle}); }, &message), Code::invalid_argument) << handle;
  }
  EXPECT_EQ(code_of([&] { login({.handle = "eve@lab.org"}); }, &message), Code::not_found);
  EXPECT_THAT(message, HasSubstr("eve@lab.org"));
  EXPECT_EQ(code_of([&] { login({.handle = "ada", .name = "Ada\nlamin_user_uid=x"}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { login({.handle = "ada", .email = "../x@y"}); }), Code::invalid_argument);
  EXPECT_EQ(current_user().handle, "anonymous");
}

TEST(Users, StampWhatTheySave) {
  Sandbox box;
  const auto slug = init({.storage = "store", .name = "lab"})->settings().slug();
  EXPECT_EQ(author(*connect(slug), "nobody's"), "anonymous");
  login({.handle = "ada", .name = "Ada Lovelace"});
  EXPECT_EQ(author(*connect(slug), "ada's"), "ada");
  login({.handle = "ben"});
  const auto instance = connect(slug);
  EXPECT_EQ(author(*instance, "ben's"), "ben");
  EXPECT_EQ(instance->database().count({.registry = "User"}), 3);
  login({.handle = "ada", .name = "Ada King"});
  const auto ada = connect(slug);
  EXPECT_EQ(ada->database().find(ada->catalog().table("User"), ada->session().user)->text("name"), "Ada King")
      << "the name is as it is now";
}

TEST(Users, AreFoundByTheirHandleWhereTheyHaveAnotherUid) {
  Sandbox box;
  auto instance = init({.storage = "store", .name = "lab"});
  Record row(instance->catalog().table("User"));
  row.set("uid", Value("adaLvlc1"));
  row.set("handle", Value("ada"));
  registry::Writes(instance->database()).save(row);
  login({.handle = "ada"});
  instance = connect(instance->settings().slug());
  EXPECT_EQ(instance->session().user, row.id());
  EXPECT_EQ(instance->database().count({.registry = "User"}), 2);
}

}  // namespace
}  // namespace lamin
