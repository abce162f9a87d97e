#include "base/time.hpp"
#include <random>
#include "base/testing.hpp"

namespace lamin::base {
namespace {

constexpr Time moment{1'795'359'146'745'761};  // 2026-11-22 14:52:26.745761

TEST(Time, HasThreeForms) {
  EXPECT_EQ(sql_text(moment), "2026-11-22 14:52:26.745761");
  EXPECT_EQ(display(moment), "2026-11-22 14:52:26 UTC");
  EXPECT_EQ(iso(moment), "2026-11-22T14:52:26.745761+00:00");
  EXPECT_EQ(sql_text(Time{0}), "1970-01-01 00:00:00.000000");
  EXPECT_EQ(sql_text(Time{-1}), "1969-12-31 23:59:59.999999");
}

TEST(Time, ReadsWhatBothDatabasesWrite) {
  EXPECT_EQ(parse_time("2026-11-22 14:52:26.745761"), moment);
  EXPECT_EQ(parse_time("2026-11-22T14:52:26.745761Z"), moment);
  EXPECT_EQ(parse_time("2026-11-22 14:52:26.745761+00"), moment);
  EXPECT_EQ(parse_time("2026-11-22 16:22:26.745761+01:30"), moment);
  EXPECT_EQ(parse_time("2026-11-22 13:52:26.745761-0100"), moment);
  EXPECT_EQ(parse_time("2026-11-22 14:52:26.7")->micros % 1'000'000, 700'000);
  EXPECT_EQ(parse_time("2026-11-22 14:52:26.051")->micros % 1'000'000, 51'000);
  EXPECT_EQ(parse_time("2026-11-22 14:52:26")->micros % 1'000'000, 0);
}

TEST(Time, RefusesAnythingElse) {
  for (std::string_view text :
       {"", "2026-11-22", "2026-11-22 14:52", "2026-13-22 14:52:26", "2026-02-30 14:52:26", "2026-11-22 24:00:00",
        "2026-11-22 14:60:26", "2026-11-22 14:52:60", "2026-11-22 14:52:26.", "2026-11-22 14:52:26.1234567",
        "2026-11-22 14:52:26 ", "2026-11-22_14:52:26", "0000-11-22 14:52:26", "2026-11-22 14:52:26+1", "now"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
  for (std::string_view text : {"", "2026-11-2", "2026-11-31", "2026-11-22 ", "26-11-22", "2026/11/22"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Time, ComesBackFromItsText) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> any(-62'135'596'800'000'000, 253'402'300'799'999'999);
  for (int i = 0; i < 10'000; ++i) {
    const Time time{any(random)};
    EXPECT_EQ(parse_time(sql_text(time)), time);
    EXPECT_EQ(parse_time(iso(time)), time);
  }
  EXPECT_EQ(parse_date("2026-11-22"), Date{20'779});
  EXPECT_EQ(iso(Date{20'779}), "2026-11-22");
  EXPECT_EQ(iso(*parse_date("2024-02-29")), "2024-02-29");
}

TEST(Time, NowMovesOn) {
  const Time first = now();
  EXPECT_GT(first, Time{1'700'000'000'000'000});
  EXPECT_LE(first, now());
}

}  // namespace
}  // namespace lamin::base
