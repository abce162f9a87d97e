// Tables that a database has lost: ours are recreated, missing LaminDB tables are reported.
#include <gmock/gmock.h>
#include "lake/open/testing.hpp"
#include "lamin/plugin.hpp"
#include "schema/own_tables.hpp"

namespace lamin {
namespace {

using testing::code_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using LostTest = testing::InstanceTest;

TEST_F(LostTest, TablesOfOursAreMadeAgain) {
  const std::string uid(save_text("a.txt", "1", "a.txt").record.uid());
  for (const auto& table : schema::own_tables) {
    SCOPED_TRACE(table.name);
    instance->database().connection().script("DROP TABLE " + std::string(table.name));
    const auto plan = plan_migration(instance->settings(), {});
    EXPECT_FALSE(plan.notes.empty());
    EXPECT_THAT(plan.refusals, IsEmpty());
    reopen();
    EXPECT_TRUE(instance->database().connection().table_exists(table.name));
    const auto artifact = instance->database().get(instance->catalog().table("Artifact"), uid);
    EXPECT_EQ(testing::Sandbox::read(cache_artifact(*instance, artifact)), "1");
    save_text("b.txt", std::string(table.name), "b.txt");
    EXPECT_THAT(plan_migration(instance->settings(), {}).notes, IsEmpty());
  }
}

TEST_F(LostTest, TablesOfLaminDBAreMissed) {
  instance->database().connection().script("PRAGMA foreign_keys = OFF; DROP TABLE lamindb_run");
  const auto plan = plan_migration(instance->settings(), {});
  EXPECT_THAT(plan.refusals, ElementsAre(HasSubstr("lost the table lamindb_run")));
  EXPECT_EQ(code_of([&] { apply_migration(instance->settings(), {}); }), Code::conflict);
  reopen();
  EXPECT_TRUE(box.said("lost the table lamindb_run"));
  EXPECT_EQ(instance->database().count({.registry = "ULabel"}), 0) << "what is left can be read";
}

}  // namespace
}  // namespace lamin
