#include "registry/injection_testing.hpp"

#include "db/recorder_testing.hpp"

namespace lamin {
namespace {

using namespace registry::test;

TEST(Injection, NoTextBecomesSql) {
  std::set<std::string, std::less<>> sent;
  Bench bench({}, [&](auto real) { return std::make_unique<db::Recorder>(std::move(real), sent); });
  bench.row("Sample", {{"name", "a"}, {"params", Json{R"({"k": "v"})"}}});
  bench.row("Tag", {{"name", "red"}});
  sent.clear();
  EXPECT_GE(try_hostile_texts(bench), 500);
  const Vocabulary vocabulary(bench.db().catalog());
  EXPECT_GT(sent.size(), 40U) << "equal texts are kept once";
  for (const auto& sql : sent) EXPECT_EQ(vocabulary.unexpected(sql), "") << sql;
  EXPECT_EQ(bench.db().count({.registry = "Sample"}), 1);
  EXPECT_EQ(bench.db().count({.registry = "Tag", .where = Expr::parse("name = 'red'")}), 1);
}

TEST(Injection, TheVocabularyRefuses) {
  Bench bench;
  const Vocabulary vocabulary(bench.db().catalog());
  EXPECT_EQ(vocabulary.unexpected("SELECT t0.\"name\" FROM \"lab_sample\" t0 WHERE t0.\"name\" = ?"), "");
  for (const char* sql :
       {"SELECT 'x'", "SELECT \"secret\"", "SELECT 1; SELECT 2", "SELECT 1 -- x", "DROP TABLE x", "SELECT 1 /* x */",
        "SELECT 'UTC", "SELECT $1", "SELECT t0.\"name\" || 'a'", "SELECT \xC3\xA4"})
    EXPECT_NE(vocabulary.unexpected(sql), "") << sql;
}

}  // namespace
}  // namespace lamin
