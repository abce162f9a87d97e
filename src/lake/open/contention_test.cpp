#include "lake/open/contention_testing.hpp"

namespace lamin {
namespace {

TEST(Contention, ManyProcessesWriteVersionsOfTheSameKeysOnSqlite) {
  testing::Sandbox box;
  init({.storage = "store", .name = "lab"});
  testing::write_versions_together(box, "lab", 32);
}

}  // namespace
}  // namespace lamin
