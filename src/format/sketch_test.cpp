#include "format/sketch.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <set>
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using Texts = std::vector<std::string>;
using Kind = Column::Kind;

ColumnSketch sketched(std::initializer_list<Column> parts) {
  ColumnSketcher sketcher("x");
  for (const auto& part : parts) sketcher.add(part);
  return sketcher.finish();
}

TEST(Sketch, CountsEachValueAndWhereItIsFirst) {
  const auto sketch = sketched({Column::texts(Texts{"a", "b", "a"}, {true, true, true}),
                                Column::texts(Texts{"b", "", "c"}, {true, false, true})});
  ASSERT_EQ(sketch.values.size(), 3);
  EXPECT_EQ(sketch.values.text(1), "b");
  EXPECT_EQ(sketch.counts, (std::vector<std::int64_t>{2, 2, 1}));
  EXPECT_EQ(sketch.rows, (std::vector<std::int64_t>{0, 1, 5}));
  EXPECT_EQ(sketch.nulls, 1);
  EXPECT_TRUE(sketch.complete);
}

TEST(Sketch, LevelsThatNoRowHasAreToldApart) {
  const auto sketch =
      sketched({Column::categories({0, 2, -1}, {"a", "b", "c"}, true), Column::categories({1}, {"c", "a"}, true)});
  EXPECT_EQ(sketch.kind, Kind::category);
  EXPECT_EQ(sketch.values.unique_texts(), (Texts{"a", "c"}));
  EXPECT_EQ(sketch.counts, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(sketch.unused, 1);
  EXPECT_EQ(sketch.nulls, 1);
  EXPECT_TRUE(sketch.ordered && sketch.repeated.empty());
}

TEST(Sketch, LevelsThatAreThereTwiceAreNamed) {
  ColumnSketcher sketcher("x");
  const auto levels = Column::texts(Texts{"a", "b", "a"});
  sketcher.add_codes(Column::integers({0, 1, 2, -1}), levels, false, "obs/x");
  const auto sketch = sketcher.finish();
  EXPECT_EQ(sketch.repeated, (Texts{"a"}));
  EXPECT_EQ(sketch.counts, (std::vector<std::int64_t>{2, 1}));
  ColumnSketcher broken("x");
  EXPECT_THROW(broken.add_codes(Column::integers({3}), levels, false, "obs/x"), Error);
  EXPECT_THROW(ColumnSketcher("x").add_codes(Column::reals({1}), levels, false, "obs/x"), Error);
}

TEST(Sketch, OfTooManyNumbersTheExtremesAreKept) {
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  for (int i = 0; i < 50'000; ++i) {
    integers.push_back(i - 3);
    reals.push_back(i);
  }
  reals[40'000] = 0.5;
  reals[7] = std::numeric_limits<double>::quiet_NaN();
  const auto whole = sketched({Column::integers(integers)});
  EXPECT_FALSE(whole.complete);
  EXPECT_EQ(whole.values.integers()[0], -3);
  EXPECT_EQ(whole.values.integers()[1], 49'996);
  const auto real = sketched({Column::reals(reals)});
  ASSERT_EQ(real.values.size(), 3);
  EXPECT_EQ(real.values.reals()[2], 0.5);
  EXPECT_EQ(real.rows[2], 40'000);
  EXPECT_EQ(real.nulls, 1);
}

TEST(Sketch, OfTooManyTextsOneOfEachKindIsKept) {
  Texts texts;
  for (int i = 0; i < 300'000; ++i) texts.push_back("cell " + std::to_string(i));
  texts.insert(texts.end(), {"12", "1.5", "true", "2024-05-06", R"({"a": 1})", "", "12", "another"});
  const auto sketch = sketched({Column::texts(texts)});
  EXPECT_FALSE(sketch.complete);
  EXPECT_EQ(sketch.values.size(), 7) << "and any one of the words";
  std::set<std::string_view> kept;
  for (std::int64_t i = 0; i < sketch.values.size(); ++i) kept.insert(sketch.values.text(i));
  for (const auto* text : {"12", "1.5", "true", "2024-05-06", R"({"a": 1})", ""})
    EXPECT_TRUE(kept.contains(text)) << text;
}

TEST(Sketch, NamesThatRepeatAreCounted) {
  Frame frame;
  frame.add("_index", Column::texts(Texts{"a", "b", "a", "a"}));
  frame.index = "_index";
  const auto table = sketch_frame("obs", frame);
  EXPECT_EQ(table.repeated_names, 2);
  EXPECT_TRUE(table.names_compared);
  EXPECT_EQ(table.rows, 4);
}

TEST(Sketch, ColumnsOfOtherKinds) {
  EXPECT_EQ(sketched({Column::booleans({true, true}, {true, false})}).counts, (std::vector<std::int64_t>{1}));
  const auto dates =
      sketched({Column::from_values(Kind::date, std::vector<Value>{Value(Date{10}), Value(Date{10}), Value()})});
  EXPECT_EQ(dates.values.size(), 1);
  EXPECT_EQ(dates.counts.front(), 2);
  const auto lists = sketched({Column::lists({2, 0, 1}, Column::texts(Texts{"a", "b", "a"}))});
  EXPECT_EQ(lists.kind, Kind::list);
  EXPECT_EQ(lists.counts, (std::vector<std::int64_t>{2, 1}));
  EXPECT_THROW(sketched({Column::integers({1}), Column::reals({1})}), Error);
  EXPECT_EQ(sketched({}).values.size(), 0);
}

}  // namespace
}  // namespace lamin::format
