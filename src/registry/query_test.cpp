#include <gmock/gmock.h>

#include "lamin/query.hpp"
#include "registry/query_property_testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using namespace registry::test;
using testing::HasSubstr;

TEST(QueryProperty, FindsWhatTheModelFinds) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    Bench bench;
    check_random_queries({&bench}, 2500, seed);
    if (HasFailure()) return;
  }
}

TEST(Query, NamesTheNearestField) {
  Bench bench;
  auto& db = bench.db();
  auto message = [&](std::string_view where) {
    return std::string(error_of([&] { db.count({.registry = "Sample", .where = Expr::parse(where)}); }).what());
  };
  EXPECT_THAT(message("nam = 'a'"), HasSubstr("Unknown field 'nam'. Did you mean name?"));
  EXPECT_THAT(message("nam = 'a'"), HasSubstr("Available fields: "));
  EXPECT_THAT(message("donor.ag = 1"), HasSubstr("Unknown field 'ag' of Donor in 'donor.ag'. Did you mean age?"));
  EXPECT_THAT(message("name.x = 1"), HasSubstr("'name' of Sample in 'name.x' is a value and no relation"));
  EXPECT_THAT(message("donor = 'abc'"), HasSubstr("Invalid lookup 'abc' for donor"));
  EXPECT_THAT(message("donor = 'abc'"), HasSubstr("Did you mean donor__name?"));
  EXPECT_THAT(message("tags = 'red'"), HasSubstr("Did you mean tags__name?"));
  EXPECT_THAT(message("size = 'big'"), HasSubstr("Field 'size' expected a number but got 'big'"));
  EXPECT_THAT(message("taken_at > 'soon'"), HasSubstr("holds time"));
  EXPECT_THAT(message("size__range = 1"), HasSubstr("needs two values"));
  EXPECT_THAT(message("name__year = 2020"), HasSubstr("'year' is no look-up"));
  EXPECT_THAT(message("name > null"), HasSubstr("cannot take null"));
}

TEST(Query, FindsByUidAndItsBeginning) {
  Bench bench;
  auto& db = bench.db();
  const auto& table = bench.table("Sample");
  bench.row("Sample", {{"uid", "abcdefgh0000"}, {"name", "v1"}, {"is_latest", false}});
  bench.row("Sample", {{"uid", "abcdefgh0001"}, {"name", "v2"}});
  bench.row("Sample", {{"uid", "abcdefgh0002"}, {"name", "v3"}, {"branch", 2}});
  bench.row("Sample", {{"uid", "abXdefgh0000"}, {"name", "other"}});
  EXPECT_EQ(db.get(table, "abcdefgh0000").text("name"), "v1");
  EXPECT_EQ(db.get(table, "abcdefgh").text("name"), "v2") << "the latest on a branch that is seen";
  db.session().branch = 2;
  EXPECT_EQ(db.get(table, "abcdefgh").text("name"), "v3");
  EXPECT_EQ(db.get(table, "abX").text("name"), "other");
  EXPECT_EQ(error_of([&] { db.get(table, "ab"); }).code(), Code::multiple_found);
  EXPECT_EQ(error_of([&] { db.get(table, "zz"); }).code(), Code::not_found);
  EXPECT_FALSE(db.find(table, "").has_value());
  EXPECT_FALSE(db.find(table, "a_c").has_value()) << "no wildcard";
  EXPECT_EQ(error_of([&] { db.find(bench.table("Note"), "a"); }).code(), Code::invalid_argument);
}

TEST(Query, HidesOtherBranches) {
  Bench bench;
  auto& db = bench.db();
  const Record trashed = bench.row("Sample", {{"name", "trashed"}, {"branch", -1}});
  bench.row("Sample", {{"name", "main"}});
  bench.row("Sample", {{"name", "mine"}, {"branch", 2}});
  auto count = [&](std::string_view where) { return db.count({.registry = "Sample", .where = Expr::parse(where)}); };
  EXPECT_EQ(count(""), 1);
  EXPECT_EQ(count("name = 'trashed'"), 0);
  EXPECT_EQ(count("id = " + std::to_string(trashed.id())), 1);
  EXPECT_EQ(count("uid = '" + std::string(trashed.uid()) + "'"), 1);
  EXPECT_EQ(count("uid__startswith = '" + std::string(trashed.uid()) + "'"), 0);
  EXPECT_EQ(count("branch = -1"), 1);
  EXPECT_EQ(count("branch.name = 'trash' or branch_id = 2"), 2);
  db.session().branch = 2;
  EXPECT_EQ(count(""), 2);
  EXPECT_EQ(db.count({.registry = "Sample", .any_branch = true}), 3);
}

TEST(Query, OneAndFirst) {
  Bench bench;
  auto& db = bench.db();
  bench.row("Tag", {{"name", "b"}});
  bench.row("Tag", {{"name", "a"}});
  EXPECT_EQ(db.first({.registry = "Tag"})->text("name"), "b") << "unordered: by id";
  EXPECT_EQ(db.first({.registry = "Tag", .order_by = {"name"}})->text("name"), "a");
  EXPECT_FALSE(db.first({.registry = "Tag", .where = Expr::parse("name = 'c'")}).has_value());
  EXPECT_EQ(error_of([&] { db.one({.registry = "Tag"}); }).code(), Code::multiple_found);
  const auto error = error_of([&] { db.one({.registry = "Tag", .where = Expr::parse("name = 'c'")}); });
  EXPECT_EQ(error.code(), Code::not_found);
  EXPECT_THAT(error.what(), HasSubstr("No Tag with name = \"c\""));
}

TEST(Query, GivesColumnsAcrossRelations) {
  Bench bench;
  auto& db = bench.db();
  const Record d = bench.row("Donor", {{"name", "d"}});
  const Record s1 = bench.row("Sample", {{"name", "s1"}, {"donor", d.id()}}),
               s2 = bench.row("Sample", {{"name", "s2"}});
  std::vector<std::int64_t> tags = {bench.row("Tag", {{"name", "x"}}).id(), bench.row("Tag", {{"name", "y"}}).id()};
  registry::Writes(db).link(s1, *s1.table().find_relation("tags"), tags);
  const std::vector<std::string> paths = {"name", "donor__name", "tags__name"};
  using V = std::vector<Value>;
  const auto all = db.columns({.registry = "Sample", .order_by = {"-name"}}, paths);
  EXPECT_EQ(all[0], (V{"s2", "s1", "s1"}));
  EXPECT_EQ(all[1], (V{Value(), "d", "d"}));
  EXPECT_EQ(all[2], (V{Value(), "x", "y"}));
  EXPECT_EQ(db.columns({.registry = "Sample", .order_by = {"name"}, .limit = 1}, paths)[2], (V{"x", "y"}))
      << "the limit counts samples";
  const std::vector<std::string> one = {"donor__name"};
  EXPECT_EQ(db.columns({.registry = "Sample", .distinct = true}, one)[0], (V{Value(), "d"}));
  EXPECT_EQ(names_of(db.all({.registry = "Sample", .order_by = {"-tags__name"}})), "s1, s2") << "by the last of them";
  EXPECT_EQ(db.related_one(s1, *s1.table().find_relation("donor"))->text("name"), "d");
  EXPECT_FALSE(db.related_one(s2, *s2.table().find_relation("donor")).has_value());
}

TEST(Query, LooksIntoDocuments) {
  Bench bench;
  auto& db = bench.db();
  bench.row("Sample", {{"name", "a"}, {"params", Json{R"({"lr": 0.1, "deep": {"x": "y"}, "on": true, "n": null})"}}});
  bench.row("Sample", {{"name", "b"}, {"params", Json{R"({"lr": "0.1", "deep": 3})"}}});
  bench.row("Sample", {{"name", "c"}});
  auto names = [&](const Expr& where) {
    std::string out;
    for (const auto& row : db.all({.registry = "Sample", .where = where})) out += row.text("name");
    return out;
  };
  EXPECT_EQ(names(Expr::parse("params.lr = 0.1")), "a");
  EXPECT_EQ(names(Expr::parse("params.lr = '0.1'")), "b");
  EXPECT_EQ(names(Expr::parse("params.lr > 0")), "a") << "a text is no number";
  EXPECT_EQ(names(Expr::parse("params.deep.x = 'y'")), "a");
  EXPECT_EQ(names(Expr::parse("params__on = true")), "a");
  EXPECT_EQ(names(Expr::parse("params.n is null")), "bc") << "it is not there";
  EXPECT_EQ(names(Expr::parse("params.n = null")), "a") << "it is there and null";
  EXPECT_EQ(names(Expr::parse("params has_keys (\"lr\", \"on\")")), "a");
  EXPECT_EQ(names(Expr::parse("params has_any_keys (\"x\", \"lr\")")), "ab");
  EXPECT_EQ(names(Expr::parse("params.deep has_key \"x\"")), "a");
  EXPECT_EQ(names(Expr::parse("params.lr is not null")), "ab");
  EXPECT_EQ(names(Expr::parse("params is null")), "c");
  EXPECT_EQ(names(Expr::parse("params__deep__x__icontains = 'Y'")), "a");
  EXPECT_EQ(names(Expr::compare("params", Op::exact, Json{R"({"lr":"0.1","deep":3})"})), "b");
  EXPECT_EQ(names(Expr::compare("params__deep", Op::exact, Json{R"({"x":"y"})"})), "a");
}

}  // namespace
}  // namespace lamin
