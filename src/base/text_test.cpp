#include "base/text.hpp"
#include <thread>
#include "base/testing.hpp"
#include "base/visible.hpp"
#include "lamin/text.hpp"
#include "lamin/value.hpp"

namespace lamin::base {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Text, InternedOnesAreSharedAndOutliveTheirSource) {
  std::string source = "cell_type";
  const Text first = Text::intern(source);
  const Text second = Text::intern("cell_type");
  source = "overwritten";
  EXPECT_EQ(first, "cell_type");
  EXPECT_EQ(first.view().data(), second.view().data());
  EXPECT_TRUE(Text::intern("").empty());
}

TEST(Text, InterningIsSafeInThreads) {
  std::vector<std::jthread> threads;
  std::vector<const char*> seen(8);
  for (std::size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&seen, t] {
      for (int i = 0; i < 500; ++i) Text::intern("name" + std::to_string(i));
      seen[t] = Text::intern("name7").view().data();
    });
  }
  threads.clear();
  for (const char* one : seen) EXPECT_EQ(one, seen[0]);
}

TEST(Text, CamelBecomesSnake) {
  EXPECT_EQ(snake("CellType"), "cell_type");
  EXPECT_EQ(snake("Artifact"), "artifact");
  EXPECT_EQ(snake("JsonValue"), "json_value");
  EXPECT_EQ(snake("ULabel"), "ulabel");
  EXPECT_EQ(snake("already_snake"), "already_snake");
  EXPECT_EQ(snake(""), "");
}

TEST(Text, FoldsAsPythonLowers) {
  EXPECT_EQ(fold("T Cell"), "t cell");
  EXPECT_EQ(fold("ÄÖ ẞ"), "äö ß");
  EXPECT_EQ(fold("ΑΣ ΑΣΑ Σ"), "ας ασα σ");
  EXPECT_EQ(fold("İ"), "i\u0307");
  EXPECT_EQ(fold("ЖǄ𐐀"), "жǆ𐐨");
  EXPECT_EQ(fold("\xff"
                 "A"),
            "\xff"
            "a")
      << "bytes that are not UTF-8 stay";
  EXPECT_EQ(lower("ÄA"), "Äa");
}

TEST(Text, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(visible("a\x1b[31mb\x07\x7f"), "a\\x1b[31mb\\x07\\x7f");
  EXPECT_EQ(visible("a\nb\tc\r"), "a\nb\tc\\r");
  EXPECT_EQ(visible_line("a\nb\tc\r"), "a\\nb\\tc\\r");
  EXPECT_EQ(visible("\u009b31m \u0085"), "\\x9b31m \\x85");
  for (const auto& [text, shown] : {std::pair{"\u202a", "\\u202a"},
                                    {"\u202e", "\\u202e"},
                                    {"\u2066", "\\u2066"},
                                    {"\u2069", "\\u2069"},
                                    {"\u2028", "\\u2028"},
                                    {"\u200e", "\\u200e"}})
    EXPECT_EQ(visible(text), shown);
  EXPECT_EQ(visible("T cell, größe, 細胞, 🧬"), "T cell, größe, 細胞, 🧬");
  EXPECT_EQ(visible("\xff\xc3"), "\\xff\\xc3") << "bytes that are not UTF-8";
  EXPECT_EQ(visible_line(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(Text, SplitsJoinsTrims) {
  EXPECT_THAT(split("a|b||c", '|'), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split("", '|'), ElementsAre(""));
  const std::vector<std::string> parts = {"a", "b"};
  EXPECT_EQ(join(parts, ", "), "a, b");
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(trim(" \t a b\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, DistanceCountsASwapAsOne) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("namr", "name"), 1);
  EXPECT_EQ(edit_distance("nmae", "name"), 1);
  EXPECT_EQ(edit_distance("ca", "abc"), 3);
}

TEST(Text, NearestAreBestFirst) {
  const std::vector<std::string_view> known = {"name", "uid", "names", "description", "synonyms"};
  EXPECT_THAT(nearest("nmae", known), ElementsAre("name", "names"));
  EXPECT_THAT(nearest("nmae", known, 1), ElementsAre("name"));
  EXPECT_THAT(nearest("NAME", known), ElementsAre("name", "names"));
  EXPECT_THAT(nearest("zzzzzz", known), IsEmpty());
  EXPECT_THAT(nearest("name", {}), IsEmpty());
}

TEST(Value, ShowsItself) {
  EXPECT_EQ(to_string(Value()), "None");
  EXPECT_EQ(to_string(Value(true)), "True");
  EXPECT_EQ(to_string(Value(7)), "7");
  EXPECT_EQ(to_string(Value(0.5)), "0.5");
  EXPECT_EQ(to_string(Value("T cell")), "'T cell'");
  EXPECT_EQ(to_string(Value(Time{0})), "1970-01-01 00:00:00 UTC");
  EXPECT_EQ(to_string(Value(Date{0})), "1970-01-01");
  EXPECT_EQ(to_string(Value(Json{"{}"})), "{}");
}

TEST(Error, EveryCodeHasNamesAndItsOwnExitStatus) {
  std::vector<int> statuses;
  for (int code = 0; code <= static_cast<int>(Code::internal); ++code) {
    const CodeRow& entry = row(static_cast<Code>(code));
    EXPECT_EQ(static_cast<int>(entry.code), code);
    EXPECT_FALSE(entry.name.empty());
    EXPECT_FALSE(entry.python.empty());
    EXPECT_GE(entry.http, 300);
    EXPECT_LT(entry.http, 600);
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), entry.exit_status), 0) << entry.name;
    EXPECT_GT(entry.exit_status, 1);
    EXPECT_LT(entry.exit_status, 256);
    statuses.push_back(entry.exit_status);
  }
}

TEST(Error, ContextGrowsOutwards) {
  Error error(Code::not_found, "There is no 'x'.");
  error.add_context("while loading").add_context("while describing");
  EXPECT_THAT(error.context(), ElementsAre("while loading", "while describing"));
}

}  // namespace
}  // namespace lamin::base
