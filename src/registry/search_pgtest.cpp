// The same searches on PostgreSQL, through pg_trgm and without it.
#include <cstdlib>

#include "base/log.hpp"
#include "db/recorder_testing.hpp"
#include "registry/search_cases_testing.hpp"
#include "registry/search_index.hpp"

namespace lamin::registry {
namespace {

using namespace test;

class SearchOnPostgres : public testing::Test {
 protected:
  std::unique_ptr<Bench> bench;
  std::vector<std::string> said;

  void SetUp() override {
    const char* url = std::getenv("LAMIN_TEST_POSTGRES");
    ASSERT_NE(url, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
    base::set_log_sink([this](base::Level, std::string_view message) { said.emplace_back(message); });
    bench = std::make_unique<Bench>(url);
    add_samples(*bench);
  }
  void TearDown() override { base::set_log_sink({}); }
  bool has_index() {
    auto rows = bench->db().connection().query("SELECT 1 FROM pg_indexes WHERE indexname = 'lamin_search_lab_sample'");
    return rows->next();
  }
};

TEST_F(SearchOnPostgres, AnswersAsIfEveryRowWereRanked) {
  EXPECT_FALSE(has_index());
  check_rare_texts(*bench);
  EXPECT_TRUE(has_index());
  check_common_text(*bench);
  check_near_texts(*bench);
  auto asked = request(*bench, "renamed");
  bench->db().connection().script("UPDATE lab_sample SET name = 'renamed' WHERE id = 5");
  EXPECT_EQ(to_text(search(bench->db(), asked)), to_text({{5, 423}}));
  bench->db().connection().script("DELETE FROM lab_sample WHERE id = 5");
  EXPECT_EQ(to_text(search(bench->db(), asked)), "");
}

TEST_F(SearchOnPostgres, TakesTextsThatAreLongerThanAKeyOfAnIndex) {
  auto& c = bench->db().connection();
  c.script("INSERT INTO lab_note (text) SELECT 'note ' || i FROM generate_series(1, 10050) AS i");
  c.script(
      "INSERT INTO lab_note (id, text) SELECT 30000 + i, 'データ 日本語版 ' || i FROM generate_series(1, 500) AS i");
  const auto& table = bench->table("Note");
  SearchRequest asked{.table = &table, .columns = searched_columns(table), .text = "note 10049", .all_ranked = 0};
  EXPECT_EQ(to_text(search(bench->db(), asked)), to_text({{10049, 423}}));
  c.script(
      "INSERT INTO lab_note (id, text) VALUES (20000, repeat('xyz', 4000) || '|Note 5'), "
      "(20001, repeat('a word or two ', 4000) || 'note 5')");
  asked.text = "note 5";
  asked.limit = 3;
  EXPECT_EQ(to_text(search(bench->db(), asked)), to_text({{5, 423}, {20000, 223}, {20001, 15}}));
  asked.text = "データ 日本語版 17";  // the start of a common word is cut at whole letters
  EXPECT_EQ(to_text(search(bench->db(), asked)), to_text({{30017, 423}, {30170, 11}, {30171, 11}}));
  asked.text = "note";  // in more rows than are ranked
  asked.most_ranked = 100;
  EXPECT_EQ(to_text(search(bench->db(), asked)), to_text({{1, 15}, {2, 15}, {3, 15}}));
}

TEST(SearchOnPostgresRecorded, TakesHostileTextsAsTexts) {
  const char* url = std::getenv("LAMIN_TEST_POSTGRES");
  ASSERT_NE(url, nullptr) << "LAMIN_TEST_POSTGRES is not set: `./dev test pg` sets it";
  std::set<std::string, std::less<>> sent;
  Bench bench(url, [&](auto real) { return std::make_unique<db::Recorder>(std::move(real), sent); });
  add_samples(bench);
  check_hostile_texts(bench, sent);
}

TEST_F(SearchOnPostgres, WithoutTheExtensionItSaysSoOnceAndReadsAllRows) {
  auto& c = bench->db().connection();
  c.script(
      "CREATE ROLE lamin_reader; GRANT USAGE ON SCHEMA public TO lamin_reader; "
      "GRANT SELECT ON ALL TABLES IN SCHEMA public TO lamin_reader; SET ROLE lamin_reader");
  expect_as_model(*bench, request(*bench, "liver cell 1"));
  expect_as_model(*bench, request(*bench, "neruon"));
  EXPECT_EQ(said.size(), 1U) << (said.empty() ? "" : said.back());
  EXPECT_FALSE(has_index());
  c.script("RESET ROLE; DROP OWNED BY lamin_reader; DROP ROLE lamin_reader");
}

}  // namespace
}  // namespace lamin::registry
