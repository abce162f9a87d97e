#include "db/recorder_testing.hpp"
#include "registry/search_cases_testing.hpp"
#include "registry/search_index.hpp"

namespace lamin::registry {
namespace {

using namespace test;

/// One instance for all index tests that only read.
Bench& shared() {
  static Bench* bench = [] {
    auto* made = new Bench;  // NOLINT(cppcoreguidelines-owning-memory) lives until the process ends
    add_samples(*made);
    return made;
  }();
  return *bench;
}

std::int64_t number(db::Connection& connection, const std::string& sql) {
  auto rows = connection.query(sql);
  return rows->next() ? rows->integer(0) : -1;
}

std::vector<std::int64_t> ids(Bench& bench, const std::string& text) {
  std::vector<std::int64_t> found;
  for (const auto& hit : search(bench.db(), request(bench, text))) found.push_back(hit.id);
  return found;
}

using Ids = std::vector<std::int64_t>;

TEST(Search, AnswersAsIfEveryRowWereRanked) {
  check_rare_texts(shared());
  EXPECT_TRUE(shared().db().connection().table_exists("lamin_search_lab_sample"));
  EXPECT_EQ(number(shared().db().connection(), "SELECT last_id FROM lamin_search"), many_samples);
}

TEST(Search, PutsWholeElementsOfACommonTextFirst) { check_common_text(shared()); }

TEST(Search, FindsWithWrongLetters) { check_near_texts(shared()); }

TEST(Search, TakesHostileTextsAsTexts) {
  std::set<std::string, std::less<>> sent;
  Bench bench({}, [&](auto real) { return std::make_unique<db::Recorder>(std::move(real), sent); });
  add_samples(bench);
  check_hostile_texts(bench, sent);
}

/// What Python's `ULabel.search` asks for: the condition must not make it read every row of a large registry.
TEST(Search, AsksTheIndexForVisibleRowsOfACommonText) {
  std::set<std::string, std::less<>> sent;
  Bench bench({}, [&](auto real) { return std::make_unique<db::Recorder>(std::move(real), sent); });
  add_samples(bench);
  auto asked = request(bench, "cell");
  const auto expected = to_text(search(bench.db(), asked));
  asked.any_branch = true;
  for (const auto& within : {Expr::visible(), Expr::all_of({Expr::visible()}), Expr::all_of({})}) {
    sent.clear();
    asked.within = within;
    if (within.node == Expr::Node::all_of && within.children.empty()) asked.any_branch = false;
    EXPECT_EQ(to_text(search(bench.db(), asked)), expected);
    for (const auto& sql : sent) EXPECT_EQ(sql.find("lamin_fold"), std::string::npos) << sql;
  }
}

TEST(Search, ReadsASmallRegistryAsItIs) {
  Bench bench;
  const auto id = bench.row("Sample", {{"name", "T cell"}}).id();
  EXPECT_EQ(ids(bench, "t c"), Ids{id});
  EXPECT_FALSE(bench.db().connection().table_exists("lamin_search"));
}

/// An indexed registry, and another program on the same file that knows nothing of the index.
class BesideOthers : public testing::Test {
 protected:
  Bench bench;
  std::unique_ptr<db::Connection> other;

  void SetUp() override {
    add_samples(bench);
    ids(bench, "anything");
    other = db::open_connection("sqlite://" + bench.path());
  }
  std::int64_t waiting() { return number(*other, "SELECT count(*) FROM lamin_search_change"); }
  void fill(int rows) {
    other->script(
        "INSERT INTO lab_sample (uid, name, is_latest, branch_id, space_id, created_by_id, created_at, "
        "updated_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(rows) +
        ") SELECT 'filled' || i, 'filler ' || i, 1, 1, 1, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00' "
        "FROM n");
  }
};

TEST_F(BesideOthers, SeesRenamesDeletionsAndNewRows) {
  other->script("UPDATE lab_sample SET name = 'renamed one' WHERE id = 5");
  EXPECT_EQ(ids(bench, "renamed one"), Ids{5});
  EXPECT_EQ(waiting(), 1);
  other->script("DELETE FROM lab_sample WHERE id = 5");
  EXPECT_EQ(ids(bench, "renamed one"), Ids{});
  fill(3);
  EXPECT_EQ(ids(bench, "filler"), (Ids{12001, 12002, 12003}));
  bench.row("Sample", {{"name", "filler of ours"}});
  EXPECT_EQ(ids(bench, "filler").size(), 4U);
  check_common_text(bench);
}

TEST_F(BesideOthers, SeesRowsWithOldIds) {
  const std::string columns = "(id, uid, name, is_latest, branch_id, space_id, created_by_id, created_at, updated_at)";
  const std::string rest = ", 1, 1, 1, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00')";
  other->script("DELETE FROM lab_sample WHERE id = 17");
  ids(bench, "anything");
  other->script("INSERT INTO lab_sample " + columns + " VALUES (17, 'again', 'second life'" + rest);
  EXPECT_EQ(ids(bench, "second life"), Ids{17});
  other->script("INSERT OR REPLACE INTO lab_sample " + columns + " VALUES (18, 'other', 'third life'" + rest);
  EXPECT_EQ(ids(bench, "third life"), Ids{18});
  other->script(
      "UPDATE lab_sample SET id = 16 WHERE id = 15 AND 0; UPDATE OR REPLACE lab_sample SET id = 20 WHERE id = 18");
  EXPECT_EQ(ids(bench, "third life"), Ids{20});
}

TEST_F(BesideOthers, CatchesUpWhenMuchWaits) {
  fill(2500);
  other->script("UPDATE lab_sample SET name = 'all the same ' || id WHERE id <= 1500");
  EXPECT_EQ(ids(bench, "filler 2499"), Ids{14'499});
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(number(*other, "SELECT last_id FROM lamin_search"), 14'500);
  EXPECT_EQ(ids(bench, "all the same 1234"), Ids{1234});
  other->script("UPDATE lab_sample SET name = 'twice ' || id WHERE id <= 1500");
  EXPECT_EQ(ids(bench, "twice 1477"), Ids{1477});
  EXPECT_EQ(ids(bench, "all the same"), Ids{});
  check_common_text(bench);
}

TEST_F(BesideOthers, DoesNotWaitForAWriter) {
  other->begin(true);
  other->script("UPDATE lab_sample SET name = 'not yet' WHERE id = 3");
  EXPECT_EQ(ids(bench, "not yet"), Ids{});
  fill(2000);
  other->commit();
  other->begin(true);
  EXPECT_EQ(ids(bench, "not yet"), Ids{3});
  EXPECT_EQ(ids(bench, "filler 1999"), Ids{13'999});
  EXPECT_EQ(number(*other, "SELECT last_id FROM lamin_search"), many_samples) << "it was read beside the index";
  other->rollback();
}

TEST_F(BesideOthers, SeesItsOwnUncommittedRows) {
  bench.db().transaction([&] {
    bench.row("Sample", {{"name", "in between"}});
    EXPECT_EQ(ids(bench, "in between"), Ids{many_samples + 1});
  });
}

TEST_F(BesideOthers, MakesTheIndexAnewForATableThatWasMadeAnew) {
  const std::string sql = [&] {
    auto rows = other->query("SELECT sql FROM sqlite_schema WHERE name = 'lab_sample'");
    rows->next();
    return std::string(rows->text(0));
  }();
  std::string made = sql;
  made.replace(made.find("lab_sample"), 10, "new__lab_sample");
  other->script("PRAGMA foreign_keys = OFF; BEGIN; " + made +
                "; INSERT INTO new__lab_sample SELECT * FROM lab_sample; DROP TABLE lab_sample; "
                "ALTER TABLE new__lab_sample RENAME TO lab_sample; "
                "UPDATE lab_sample SET name = 'moved house' WHERE id = 9; COMMIT");
  EXPECT_EQ(ids(bench, "moved house"), Ids{9});
  EXPECT_EQ(number(*other, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'lamin_search%'"),
            2);
  other->script("UPDATE lab_sample SET name = 'and renamed' WHERE id = 9");
  EXPECT_EQ(ids(bench, "and renamed"), Ids{9});
}

TEST_F(BesideOthers, LetsColumnsComeAndGo) {
  other->script("ALTER TABLE lab_sample ADD COLUMN later text; ALTER TABLE lab_sample DROP COLUMN later");
  other->script("UPDATE lab_sample SET name = 'after all' WHERE id = 9");
  EXPECT_EQ(ids(bench, "after all"), Ids{9});
}

TEST_F(BesideOthers, TheIndexMayBeLost) {
  other->script("DROP TABLE lamin_search_lab_sample");
  EXPECT_EQ(ids(bench, "kidney cell 8"), ids(shared(), "kidney cell 8"));
  other->script("DROP TABLE lamin_search");
  other->script(
      "DROP TRIGGER lamin_search_lab_sample_insert; DROP TRIGGER lamin_search_lab_sample_update; "
      "DROP TABLE lamin_search_change");
  EXPECT_EQ(ids(bench, "kidney cell 8"), ids(shared(), "kidney cell 8"));
}

TEST_F(BesideOthers, TwoOfUsShareOneIndex) {
  schema::Catalog catalog;
  catalog.add(bench_module());
  Database second(db::open_connection("sqlite://" + bench.path()), std::move(catalog));
  fill(1500);
  const auto& table = second.catalog().table("Sample");
  const SearchRequest asked{.table = &table, .columns = searched_columns(table), .text = "filler 14"};
  const auto before = to_text(search(second, asked));
  EXPECT_EQ(before, to_text(search(bench.db(), request(bench, "filler 14"))));
  EXPECT_NE(before, "");
}

TEST(SearchIndex, WhereNothingCanBeWritten) {
  Bench bench;
  add_samples(bench);
  schema::Catalog catalog;
  catalog.add(bench_module());
  Database reader(db::open_connection("sqlite://" + bench.path(), {.read_only = true}), std::move(catalog));
  const auto& table = reader.catalog().table("Sample");
  const SearchRequest asked{.table = &table, .columns = searched_columns(table), .text = "kidney cell 8"};
  const auto expected = to_text(search(shared().db(), request(shared(), "kidney cell 8")));
  EXPECT_EQ(to_text(search(reader, asked)), expected) << "without an index";
  EXPECT_EQ(to_text(search(bench.db(), request(bench, "kidney cell 8"))), expected);
  EXPECT_EQ(to_text(search(reader, asked)), expected) << "with the one that somebody made";
}

std::string joined(const Trigrams& terms) {
  std::string text;
  for (const auto& term : terms) text += term.text + std::to_string(term.word);
  return text;
}

TEST(SearchMatch, AsksForEveryThirdTrigram) {
  EXPECT_EQ(joined(terms_of_part("Dendritic")), R"("den"0"dri"0"tic"0)");
  EXPECT_EQ(joined(terms_of_part("dendrites")), R"("den"0"dri"0"tes"0)");
  EXPECT_EQ(joined(terms_of_part("monocytes a")), R"("mon"0"ocy"0"tes"0"s a"8)");
  EXPECT_EQ(joined(terms_of_part("aaaaaaaaaa")), R"("aaa"0)");
  EXPECT_EQ(joined(terms_of_part("t.")), "");
  EXPECT_EQ(joined(terms_of_part("a\"b")), R"("a""b"0)");
  EXPECT_EQ(joined(terms_of_part("cell")), R"("cel"0"ell"0)");
  EXPECT_EQ(joined(terms_of_word("t")), R"(" t "0)");
  EXPECT_EQ(joined(terms_of_element("µ")), "\"\x02 µ\"0\" µ \"0\"µ \x02\"2");
  EXPECT_EQ(match_near("abc"), "") << "one wrong letter may spoil all of it";
}

TEST(Pieces, OneListIsLeftWhateverIsWrong) {
  const std::string text = "dendritic cell";
  const auto has = [](const std::string& other, const std::vector<std::string>& pieces) {
    return std::all_of(pieces.begin(), pieces.end(), [&](const auto& p) { return other.find(p) != std::string::npos; });
  };
  const auto some_list_is_left = [&](const std::string& other, int wrong) {
    const auto lists = pieces_left(text, wrong);
    return std::any_of(lists.begin(), lists.end(), [&](const auto& pieces) { return has(other, pieces); });
  };
  const auto spoil = [](std::string from, std::size_t at, int how) {
    if (how == 0) from[at] = '#';
    if (how == 1) from.erase(at, 1);
    if (how == 2) from.insert(at, "#");
    if (how == 3 && at + 1 < from.size()) std::swap(from[at], from[at + 1]);
    return from;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int how = 0; how < 4; ++how) {
      const std::string once = spoil(text, i, how);
      EXPECT_TRUE(some_list_is_left(once, 1)) << once;
      for (std::size_t j = 0; j < once.size(); ++j) {
        for (int then = 0; then < 4; ++then) {
          const std::string twice = spoil(once, j, then);
          ASSERT_TRUE(some_list_is_left(twice, 2)) << twice;
        }
      }
    }
  }
}

TEST(Likeness, OfWholeTextsAndOfWords) {
  const auto likeness = [](std::string_view wanted, std::string_view text) {
    return likeness_in(Wording(wanted), text);
  };
  EXPECT_DOUBLE_EQ(likeness("kidny", "kidney"), 1 - 1.0 / 6);
  EXPECT_DOUBLE_EQ(likeness("kidny", "left kidney"), 0.9 * (1 - 1.0 / 6));
  EXPECT_DOUBLE_EQ(likeness("t cel", "nk cell|t cell"), 1 - 1.0 / 6);
  EXPECT_DOUBLE_EQ(likeness("kdny", "kidney"), 0);
  EXPECT_DOUBLE_EQ(likeness("ab", "ac"), 0);
  EXPECT_DOUBLE_EQ(likeness("", ""), 0);
}

TEST(Rank, CountsAsLaminDbDoes) {
  EXPECT_EQ(rank_text("b cell", "b cell"), 200 + 200 + 10 + 8 + 2 + 2 + 1);
  EXPECT_EQ(rank_text("pp cell", "p cell"), 2 + 1);  // ends there, but starts inside a word
  EXPECT_EQ(rank_text("myocyte|p cell", "p cell"), 200 + 10 + 8 + 2 + 2 + 1);
  EXPECT_EQ(rank_text("the b cell type", "b cell"), 10 + 2 + 2 + 1);
  EXPECT_EQ(rank_text("cellular", "cell"), 8 + 2 + 1);
  EXPECT_EQ(rank_text("cellular thing", "cell"), 2 + 1);  // a blank before the element ends
  EXPECT_EQ(rank_text("neuron", "cell"), 0);
  EXPECT_EQ(rank_text("neuron", ""), 0);
}

}  // namespace
}  // namespace lamin::registry
