#include <gmock/gmock.h>

#include "lamin/query.hpp"
#include "registry/engine.hpp"
#include "registry/expr.hpp"
#include "registry/testing.hpp"

namespace lamin {
namespace {

using registry::test::error_of;
using testing::HasSubstr;

std::string shown(std::string_view text) { return to_string(Expr::parse(text)); }

TEST(Parse, ReadsComparisons) {
  EXPECT_EQ(shown("name = \"x\""), R"(name = "x")");
  EXPECT_EQ(shown("size > 10"), "size > 10");
  EXPECT_EQ(shown("size>=-1.5"), "size >= -1.5");
  EXPECT_EQ(shown("a.b != 'it\\'s'"), R"(a.b != "it's")");
  EXPECT_EQ(shown("key ~ \"pbmc\""), R"(key ~ "pbmc")");
  EXPECT_EQ(shown("run is null"), "run is null");
  EXPECT_EQ(shown("run is not null"), "run is not null");
  EXPECT_EQ(shown("x in (1, 2,3)"), "x in (1, 2, 3)");
  EXPECT_EQ(shown("x not in ()"), "not (x in ())");
  EXPECT_EQ(shown("is_ok = true"), "is_ok = true");
  EXPECT_EQ(shown("day = 2026-01-31"), R"(day = "2026-01-31")");
  EXPECT_EQ(shown("at < 2026-01-31T10:00:00.5Z"), R"(at < "2026-01-31T10:00:00.5Z")");
  EXPECT_EQ(shown("cell_types__name__icontains = 't'"), R"(cell_types__name icontains "t")");
}

TEST(Parse, BindsAndTighterThanOr) {
  EXPECT_EQ(shown("a = 1 or b = 2 and c = 3"), "a = 1 or (b = 2 and c = 3)");
  const Expr e = Expr::parse("(a = 1 or b = 2) and not c = 3 and (d = 4 and e = 5)");
  ASSERT_EQ(e.node, Expr::Node::all_of);
  EXPECT_EQ(e.children.size(), 4U) << "one text is one condition: nested and is flat";
  EXPECT_EQ(e.children[0].node, Expr::Node::any_of);
  EXPECT_EQ(e.children[1].node, Expr::Node::none_of);
}

TEST(Parse, TakesWordsAsPartsOfNames) {
  EXPECT_EQ(shown("notes = 1"), "notes = 1");
  EXPECT_EQ(shown("order.and_so = 1 and inner = 2"), "order.and_so = 1 and inner = 2");
  EXPECT_EQ(shown("NOT a IS NULL"), "not (a is null)");
}

TEST(Parse, TakesNamesInQuotes) {
  EXPECT_EQ(shown(R"("cell type" = 'x' and "1st".b > 2)"), R"("cell type" = "x" and "1st".b > 2)");
  EXPECT_EQ(shown(R"(doc."a.b"."c d" is null)"), R"(doc."a.b"."c d" is null)");
  EXPECT_EQ(to_string(Expr::lookup("cell \"type\"__name__in", {Value("x")})), R"("cell \"type\"".name in ("x"))");
  EXPECT_EQ(to_string(Expr::compare("1st", Op::isnull, Value(true))), R"("1st" is null)");
  for (const char* text : {R"("a" = "b)", R"("a = 1)", R"("" "a" = 1)", R"("a""b" = 1)"})
    EXPECT_EQ(error_of([&] { Expr::parse(text); }).code(), Code::invalid_argument) << text;
}

TEST(Parse, SaysWhereItStopped) {
  const std::pair<const char*, const char*> bad[] = {
      {"name", "position 5"},      {"name = ", "position 8"}, {"name = x", "position 8"},    {"= 3", "position 1"},
      {"(a = 1", "position 7"},    {"a = 1)", "position 6"},  {"a = 1 b = 2", "position 7"}, {"a in 1", "position 6"},
      {"a in (1", "position 8"},   {"a is 3", "position 6"},  {"a = 'x", "position 5"},      {"a = 1e", "position 5"},
      {"a = 12:30", "position 5"}, {"1a = 3", "position 1"},  {"a == == 1", "position 6"},   {"not", "position 4"},
  };
  for (const auto& [text, position] : bad) {
    const auto error = error_of([&] { Expr::parse(text); });
    EXPECT_EQ(error.code(), Code::invalid_argument) << text;
    EXPECT_THAT(error.what(), HasSubstr(position)) << text;
  }
}

TEST(Parse, RefusesEndlessNesting) {
  std::string deep(100'000, '(');
  EXPECT_EQ(error_of([&] { Expr::parse(deep); }).code(), Code::invalid_argument);
  std::string nots;
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  EXPECT_EQ(error_of([&] { Expr::parse(nots); }).code(), Code::invalid_argument);
}

TEST(Parse, PrintsWhatItReads) {
  for (const char* text : {"size range (5)", "size range (1, 5)", "name in ('a')", "name in ()", "size = -0."}) {
    const auto printed = to_string(Expr::parse(text));
    EXPECT_EQ(to_string(Expr::parse(printed)), printed) << text;
  }
}

TEST(Parse, MeansWhatItPrintsOrIsRefused) {
  const std::string alphabet = "ab._'\"\\()=!<>~,1-: \n\t\xC3\xA4%;andornotinisnull";
  std::uint32_t state = 7;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    state = state * 1664525 + 1013904223;
    const auto n = state >> 28;
    for (std::uint32_t k = 0; k < n * 2; ++k) {
      state = state * 1664525 + 1013904223;
      text += alphabet[(state >> 8) % alphabet.size()];
    }
    try {
      const auto printed = to_string(Expr::parse(text));
      EXPECT_EQ(to_string(Expr::parse(printed)), printed) << text;
    } catch (const Error& error) { EXPECT_EQ(error.code(), Code::invalid_argument) << text; }
  }
}

TEST(Lookup, SplitsTheOpOff) {
  EXPECT_EQ(Expr::lookup("a__b__icontains", {Value("x")}).op, Op::icontains);
  EXPECT_EQ(Expr::lookup("a__b__icontains", {Value("x")}).path, "a__b");
  EXPECT_EQ(Expr::lookup("a__b", {Value("x")}).path, "a__b");
  EXPECT_EQ(Expr::lookup("date", {Value("x")}).path, "date");
  EXPECT_EQ(Expr::lookup("a___dtype_str", {Value("x")}).path, "a___dtype_str");
  EXPECT_EQ(error_of([] { Expr::lookup("", {}); }).code(), Code::invalid_argument);
}

TEST(Lookup, EveryOpHasItsName) {
  for (int i = 0; i <= static_cast<int>(Op::has_any_keys); ++i) {
    const auto op = static_cast<Op>(i);
    EXPECT_EQ(registry::find_op(registry::op_name(op)), op);
  }
  EXPECT_FALSE(registry::find_op("like").has_value());
}

}  // namespace
}  // namespace lamin
