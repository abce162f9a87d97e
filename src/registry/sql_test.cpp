#include "registry/sql_files_testing.hpp"

namespace lamin {
namespace {

using namespace registry::test;

TEST(SqlFiles, SayWhatIsSentAndFound) {
  Bench bench;
  check_sql_files(bench);
}

TEST(SqlFiles, SameShapeSameSql) {
  registry::Shape a, b, c;
  registry::add_shape(Expr::parse("name = 'x' and size in (1, 2, 3)"), a);
  registry::add_shape(Expr::parse("name = 'y' and size in (4, 5, 6, 7)"), b);
  registry::add_shape(Expr::parse("name = null and size in (4, 5, 6, 7)"), c);
  EXPECT_EQ(a.key, b.key) << "lists are padded";
  EXPECT_NE(a.key, c.key) << "= null is another comparison";
}

}  // namespace
}  // namespace lamin
