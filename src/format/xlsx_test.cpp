// What is written is read again; files of other programs are read in tests/e2e/test_sheet_files.py.
#include "format/xlsx.hpp"
#include <gmock/gmock.h>
#include <unistd.h>
#include <cmath>
#include <filesystem>
#include <fstream>
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = Column::Kind;

class XlsxTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("lamin-xlsx-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    path_ = folder_ / "t.xlsx";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_, path_;
};

Frame every_kind() {
  Frame frame;
  frame.add("text",
            Column::texts(std::vector<std::string>{"a <b> & \"c\" _x0041_\n\x01", "", " x "}, {true, false, true}));
  frame.add("whole", Column::integers({1, 0, -(std::int64_t{1} << 53)}, {true, false, true}));
  frame.add("real", Column::reals({0.1, std::nan(""), 1e300}));
  frame.add("flag", Column::booleans({true, false, false}, {true, false, true}));
  const std::vector<Value> days{Date{19783}, Value(), Date{-25507}};
  frame.add("day", Column::from_values(Kind::date, days));
  const std::vector<Value> times{Time{.micros = 1'709'298'300'500'000, .zoned = false}, Value(), Value()};
  frame.add("time", Column::from_values(Kind::time, times).with_zone(false));
  return frame;
}

TEST_F(XlsxTest, WhatIsWrittenIsReadAgain) {
  write_worksheet(every_kind(), "plate: 7", path_);
  EXPECT_THAT(worksheets(path_), ElementsAre("plate_ 7"));
  const auto [table, rows, letters] = read_worksheet(path_, "plate_ 7");
  EXPECT_THAT(rows, ElementsAre(2, 4));  // a row without any value is none
  EXPECT_THAT(letters, ElementsAre("A", "B", "C", "D", "E", "F"));
  EXPECT_EQ(table.at("text").text(0), "a <b> & \"c\" _x0041_\n\x01");
  EXPECT_EQ(table.at("text").text(1), " x ");
  EXPECT_EQ(table.at("whole").integers()[1], -(std::int64_t{1} << 53));
  EXPECT_EQ(table.at("real").reals()[0], 0.1);
  EXPECT_EQ(table.at("real").reals()[1], 1e300);
  EXPECT_EQ(table.at("flag").kind(), Kind::boolean);
  EXPECT_EQ(table.at("day").value(0), Value(Date{19783}));
  EXPECT_EQ(table.at("day").value(1), Value(Date{-25507}));
  EXPECT_EQ(table.at("time").value(0), Value(Time{.micros = 1'709'298'300'500'000}));
  EXPECT_TRUE(table.at("time").is_null(1));
}

TEST_F(XlsxTest, TheSameTableIsTheSameBytes) {
  const auto bytes = [&] {
    write_xlsx(every_kind(), path_);
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(bytes(), bytes());
}

TEST_F(XlsxTest, WhatACellCannotHoldIsText) {
  Frame frame;
  frame.add("big", Column::integers({(std::int64_t{1} << 53) + 1}));
  frame.add("far", Column::reals({std::numeric_limits<double>::infinity()}));
  const std::vector<Value> old{Date{-30000}};
  frame.add("old", Column::from_values(Kind::date, old));
  const std::vector<Value> zoned{Time{.micros = 0}};
  frame.add("zoned", Column::from_values(Kind::time, zoned));
  frame.add("list", Column::lists({2}, Column::integers({1, 2})));
  write_xlsx(frame, path_);
  const auto table = read_xlsx(path_);
  EXPECT_EQ(table.at("big").text(0), "9007199254740993");
  EXPECT_EQ(table.at("old").text(0), "1887-11-12");
  EXPECT_EQ(table.at("zoned").text(0), "1970-01-01T00:00:00.000000+00:00");
  EXPECT_EQ(table.at("list").text(0), "[1, 2]");
}

TEST_F(XlsxTest, WhatIsTooLargeIsRefused) {
  Frame frame;
  frame.add("long", Column::texts(std::vector<std::string>{std::string(40'000, 'x')}));
  try {
    write_xlsx(frame, path_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("one of column 'long' has 40000"));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_THROW(write_xlsx(every_kind(), folder_ / "nowhere" / "t.xlsx"), Error);
  EXPECT_THROW(read_worksheet(folder_ / "nowhere.xlsx"), Error);
}

}  // namespace
}  // namespace lamin::format
