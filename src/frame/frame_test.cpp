#include "lamin/frame.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>
#include <cstring>
#include <limits>
#include "frame/arrow_abi.hpp"
#include "frame/column_data.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = Column::Kind;

template <class F>
Error thrown(F f) {
  try {
    f();
  } catch (const Error& e) { return e; }
  ADD_FAILURE() << "nothing was thrown";
  return Error(Code::internal, "");
}

Frame round_trip(const Frame& frame) {
  ArrowSchema schema{};
  ArrowArray array{};
  frame.export_arrow(&schema, &array);
  return Frame::import_arrow(&schema, &array);
}

TEST(Column, HoldsLists) {
  const auto column = Column::lists({2, -1, 0, 1}, Column::integers({1, 2, 3}));
  EXPECT_EQ(column.kind(), Kind::list);
  EXPECT_EQ(column.value(0), Value(Json{"[1, 2]"}));
  EXPECT_TRUE(column.is_null(1));
  EXPECT_EQ(column.value(2), Value(Json{"[]"}));
  EXPECT_THAT(column.lengths(), ElementsAre(2, -1, 0, 1));
  EXPECT_EQ(column.items().size(), 3);
  EXPECT_THAT(thrown([] { Column::lists({1}, Column::integers({1, 2})); }).what(),
              HasSubstr("lists of 1 items in all"));
}

TEST(Column, HoldsValuesOfAnyTypeAndNamesWhatItCannotHold) {
  const auto column = Column::objects({Value("a"), Value(1), Value(), Value()}, {{2, "bytes"}});
  EXPECT_EQ(column.value(0), Value("a"));
  EXPECT_EQ(column.value(1), Value(1));
  EXPECT_FALSE(column.is_null(2));
  EXPECT_TRUE(column.is_null(3));
  EXPECT_THAT(thrown([&] { column.value(2); }).what(), HasSubstr("row 2 holds bytes"));
  ArrowSchema schema{};
  ArrowArray array{};
  EXPECT_EQ(thrown([&] { column.export_arrow(&schema, &array); }).code(), Code::unsupported);
}

TEST(Column, KnowsWhetherItsTimesHaveAZone) {
  const std::vector<Value> zoned{Time{1}, Value()}, local{Time{.micros = 1, .zoned = false}, Value()};
  EXPECT_TRUE(Column::from_values(Kind::time, zoned).has_zone());
  const auto column = Column::from_values(Kind::time, local);
  EXPECT_FALSE(column.has_zone());
  EXPECT_FALSE(std::get<Time>(column.value(0)).zoned);
  EXPECT_TRUE(column.with_zone(true).has_zone());
}

TEST(Frame, ListsAndTimesSurviveArrow) {
  Frame frame;
  const std::vector<std::string> texts{"x", "y", "z"};
  frame.add("lists", Column::lists({1, 2, -1}, Column::texts(texts)));
  frame.add("nested", Column::lists({1, 0, 1}, Column::lists({2, 1}, Column::integers({1, 2, 3}))));
  frame.add("local", Column::from_values(Kind::time, std::vector<Value>{Time{5}, Value(), Time{7}}).with_zone(false));
  const auto back = round_trip(frame);
  for (const std::string name : {"lists", "nested", "local"}) {
    for (int row = 0; row < 3; ++row) EXPECT_EQ(back.at(name).value(row), frame.at(name).value(row)) << name << row;
  }
  EXPECT_FALSE(back.at("local").has_zone());
}

TEST(Column, HoldsEveryKindWithNulls) {
  std::vector<Value> booleans{true, Value(), false}, times{Time{1}, Value(), Time{-3}},
      dates{Date{2}, Value(), Date{0}};
  std::vector<Value> texts{"a", Value(), ""}, reals{1.5, Value(), 2}, integers{1, Value(), -7};
  for (auto& [kind, values] : std::vector<std::pair<Kind, std::vector<Value>>>{{Kind::boolean, booleans},
                                                                               {Kind::time, times},
                                                                               {Kind::date, dates},
                                                                               {Kind::text, texts},
                                                                               {Kind::category, texts},
                                                                               {Kind::int64, integers}}) {
    auto column = Column::from_values(kind, values);
    ASSERT_EQ(column.size(), 3);
    EXPECT_EQ(column.kind(), kind);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(column.value(i) == values[static_cast<std::size_t>(i)]) << int(kind) << i;
    EXPECT_TRUE(column.is_null(1));
  }
  auto column = Column::from_values(Kind::float64, reals);
  EXPECT_TRUE(column.value(0) == Value(1.5));
  EXPECT_TRUE(column.is_null(1));
  EXPECT_TRUE(column.value(2) == Value(2.0));
}

TEST(Column, RefusesAValueOfAnotherType) {
  std::vector<Value> values{1, "two"};
  auto error = thrown([&] { Column::from_values(Kind::int64, values); });
  EXPECT_EQ(error.code(), Code::validation);
  EXPECT_THAT(error.what(), HasSubstr("row 1"));
  EXPECT_THAT(error.what(), HasSubstr("'two'"));
}

TEST(Column, RefusesCodesOutsideOfItsCategories) {
  EXPECT_EQ(thrown([] { Column::categories({0, 2}, {"a", "b"}); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([] { Column::categories({-2}, {"a", "b"}); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([] { Column::integers({1, 2}, {true}); }).code(), Code::invalid_argument);
}

TEST(Column, UniqueTextsOfTextsAndCategories) {
  std::vector<std::string> texts{"b", "a", "b", ""};
  EXPECT_THAT(Column::texts(texts, {true, true, true, false}).unique_texts(), ElementsAre("b", "a"));
  auto category = Column::categories({2, 0, -1, 2}, {"x", "unused", "z"}, true);
  EXPECT_THAT(category.unique_texts(), ElementsAre("x", "z"));
  EXPECT_THAT(category.category_names(), ElementsAre("x", "unused", "z"));
  EXPECT_EQ(category.text(0), "z");
  EXPECT_EQ(category.text(2), "");
  EXPECT_TRUE(category.ordered());
  EXPECT_EQ(thrown([&] { category.integers(); }).code(), Code::invalid_argument);
}

TEST(Frame, RefusesDuplicatesAndOtherLengths) {
  Frame frame;
  frame.add("a", Column::integers({1, 2}));
  EXPECT_EQ(thrown([&] { frame.add("a", Column::integers({1, 2})); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([&] { frame.add("b", Column::integers({1})); }).code(), Code::invalid_argument);
  auto error = thrown([&] { frame.at("c"); });
  EXPECT_EQ(error.code(), Code::not_found);
  EXPECT_THAT(error.what(), HasSubstr("it has: a"));
}

TEST(Arrow, RoundTripKeepsKindsValuesAndNulls) {
  std::vector<Value> times{Time{1'000'000}, Value(), Time{-1}}, dates{Date{-1}, Value(), Date{20000}};
  std::vector<std::string> texts{"é", "", "long text"};
  Frame frame;
  frame.add("b", Column::booleans({true, false, true}, {true, true, false}));
  frame.add("i", Column::integers({1, 2, 3}, {true, false, true}));
  frame.add("r", Column::reals({1.5, std::nan(""), -2}));
  frame.add("t", Column::texts(texts, {true, false, true}));
  frame.add("time", Column::from_values(Kind::time, times));
  frame.add("date", Column::from_values(Kind::date, dates));
  frame.add("c", Column::categories({1, -1, 0}, {"x", "y"}, true));
  Frame back = round_trip(frame);
  ASSERT_EQ(back.names(), frame.names());
  ASSERT_EQ(back.rows(), 3);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    EXPECT_EQ(back.at(i).kind(), frame.at(i).kind());
    for (int row = 0; row < 3; ++row) {
      EXPECT_TRUE(back.at(i).value(row) == frame.at(i).value(row)) << frame.names()[i] << " " << row;
    }
  }
  EXPECT_TRUE(back.at("c").ordered());
}

TEST(Arrow, EmptyFrames) {
  EXPECT_EQ(round_trip(Frame()).size(), 0u);
  Frame frame;
  frame.add("t", Column());
  frame.add("c", Column::categories({}, {}));
  frame.add("b", Column::booleans({}));
  Frame back = round_trip(frame);
  EXPECT_EQ(back.rows(), 0);
  EXPECT_EQ(back.size(), 3u);
}

// A consumer may move a child out of the struct and release the rest first.
TEST(Arrow, ChildrenOutliveTheirParentWhenMoved) {
  Frame frame;
  std::vector<std::string> texts{"kept"};
  frame.add("t", Column::texts(texts));
  ArrowSchema schema{};
  ArrowArray array{};
  frame.export_arrow(&schema, &array);
  frame = Frame();
  ArrowArray moved = *array.children[0];
  array.children[0]->release = nullptr;
  array.release(&array);
  schema.release(&schema);
  EXPECT_EQ(array.release, nullptr);
  EXPECT_EQ(std::memcmp(moved.buffers[2], "kept", 4), 0);
  moved.release(&moved);
}

/// A struct array of one column whose buffers the test owns.
struct Made {
  explicit Made(const char* format, std::vector<const void*> column_buffers, std::int64_t length,
                std::int64_t offset = 0)
      : buffers(std::move(column_buffers)) {
    child_schema.format = format;
    child_schema.name = "col";
    child_schema.release = [](ArrowSchema* s) { s->release = nullptr; };
    child.length = length;
    child.offset = offset;
    child.null_count = -1;
    child.n_buffers = static_cast<std::int64_t>(buffers.size());
    child.buffers = buffers.data();
    child.release = [](ArrowArray* a) { a->release = nullptr; };
    schema.format = "+s";
    schema.n_children = array.n_children = 1;
    schema.children = &schema_children;
    array.children = &array_children;
    array.length = length;
    schema.release = [](ArrowSchema* s) { s->release = nullptr; };
    array.release = [](ArrowArray* a) { a->release = nullptr; };
  }
  Column import() { return Frame::import_arrow(&schema, &array).at("col"); }

  std::vector<const void*> buffers;
  ArrowSchema schema{}, child_schema{};
  ArrowArray array{}, child{};
  ArrowSchema* schema_children = &child_schema;
  ArrowArray* array_children = &child;
};

TEST(ArrowImport, WidensAndHonoursOffsets) {
  std::int8_t bytes[] = {9, -1, 7, 3};
  std::uint8_t valid[] = {0b1101};
  auto column = Made("c", {valid, bytes}, 3, 1).import();
  EXPECT_TRUE(column.is_null(0));
  EXPECT_TRUE(column.value(1) == Value(7));
  EXPECT_TRUE(column.value(2) == Value(3));
  float floats[] = {0.5f, 2.0f};
  std::uint8_t second[] = {0b10};
  column = Made("f", {second, floats}, 2).import();
  EXPECT_TRUE(column.is_null(0));
  EXPECT_TRUE(column.value(1) == Value(2.0));
  std::int64_t nanos[] = {-1, 1'500};
  column = Made("tsn:Europe/Berlin", {nullptr, nanos}, 2).import();
  EXPECT_TRUE(column.value(0) == Value(Time{-1}));
  EXPECT_TRUE(column.value(1) == Value(Time{1}));
  std::int64_t offsets[] = {0, 1, 3};
  column = Made("U", {nullptr, offsets, "abc"}, 2).import();
  EXPECT_EQ(column.text(1), "bc");
}

TEST(ArrowImport, KeepsThePlaceOfWhatNoFieldHolds) {
  std::int32_t values[] = {1};
  const auto column = Made("w:16", {nullptr, values}, 1).import();
  EXPECT_EQ(column.kind(), Kind::object);
  EXPECT_EQ(column.foreign().at(0), "a value of Arrow type 'w:16'");
}

TEST(ArrowImport, ReleasesBothAlsoWhenItThrows) {
  std::int32_t falling[] = {4, 1};
  Made made("u", {nullptr, falling, "abcd"}, 1);
  auto error = thrown([&] { made.import(); });
  EXPECT_EQ(error.code(), Code::validation);
  EXPECT_THAT(error.what(), HasSubstr("'col'"));
  EXPECT_EQ(made.schema.release, nullptr);
  EXPECT_EQ(made.array.release, nullptr);
}

TEST(ArrowImport, RefusesBrokenArrays) {
  std::uint64_t large[] = {std::numeric_limits<std::uint64_t>::max()};
  EXPECT_EQ(thrown([&] { Made("L", {nullptr, large}, 1).import(); }).code(), Code::unsupported);
  std::int32_t falling[] = {4, 1};
  EXPECT_EQ(thrown([&] { Made("u", {nullptr, falling, "abcd"}, 1).import(); }).code(), Code::validation);
  EXPECT_EQ(thrown([&] { Made("l", {nullptr, nullptr}, 1).import(); }).code(), Code::validation);
  EXPECT_EQ(thrown([&] { Made("l", {nullptr}, 1).import(); }).code(), Code::validation);
}

TEST(ArrowImport, DictionariesOfNumbersAreLookedUp) {
  std::int8_t codes[] = {1, 0, 1};
  std::int64_t numbers[] = {10, 20};
  Made dictionary("l", {nullptr, numbers}, 2), made("c", {nullptr, codes}, 3);
  made.child_schema.dictionary = &dictionary.child_schema;
  made.child.dictionary = &dictionary.child;
  auto column = made.import();
  EXPECT_EQ(column.kind(), Kind::int64);
  EXPECT_THAT(column.integers(), ElementsAre(20, 10, 20));
  codes[0] = 2;
  Made outside("c", {nullptr, codes}, 3);
  outside.child_schema.dictionary = &dictionary.child_schema;
  outside.child.dictionary = &dictionary.child;
  EXPECT_EQ(thrown([&] { outside.import(); }).code(), Code::validation);
}

}  // namespace
}  // namespace lamin
