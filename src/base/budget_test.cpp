#include "base/budget.hpp"
#include <gtest/gtest.h>
#include <cstdlib>
#include <limits>
#include "base/testing.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

constexpr ReadLimits small{.floor = 1000, .ratio = 10, .most = 50'000};

Code refused(Budget& budget, std::uint64_t count, std::uint64_t width) {
  try {
    budget.take(count, width, "x");
  } catch (const Error& error) { return error.code(); }
  return Code::internal;
}

TEST(Budget, GrowsWithWhatIsStored) {
  Budget budget("file", 100, small);
  EXPECT_EQ(budget.limit(), 2000);
  budget.take(10, 150, "column");
  EXPECT_EQ(budget.left(), 500);
  EXPECT_EQ(refused(budget, 501, 1), Code::corrupt);
  EXPECT_EQ(budget.left(), 500);
  budget.add_stored(100);
  budget.take(1500, 1, "column");
  EXPECT_EQ(budget.left(), 0);
  budget.add_stored(1'000'000);
  EXPECT_EQ(budget.limit(), 50'000);
}

TEST(Budget, ProductsDoNotOverflow) {
  Budget budget("file", 100, small);
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(refused(budget, most, most), Code::corrupt);
  EXPECT_EQ(refused(budget, std::uint64_t{1} << 33, std::uint64_t{1} << 31), Code::corrupt);
  EXPECT_EQ(refused(budget, most / 2 + 2, 2), Code::corrupt);
  EXPECT_EQ(Budget("file", std::numeric_limits<std::int64_t>::max(), small).limit(), 50'000);
}

TEST(Budget, SaysWhichFileAndHowToRaiseIt) {
  Budget budget("a.h5ad", 100, small);
  try {
    budget.take(10'000, 1, "column 'x'");
    FAIL();
  } catch (const Error& error) {
    const std::string_view message = error.what();
    for (auto* part : {"a.h5ad", "column 'x'", "LAMIN_READ_BUDGET"})
      EXPECT_NE(message.find(part), message.npos) << part;
  }
}

TEST(Budget, MetadataHasALimitOfItsOwn) {
  Budget budget("folder", 0, {.floor = 64 << 20});
  budget.check_document(8'000'000, "zarr.json");
  EXPECT_THROW(budget.check_document(8'000'000, "zarr.json"), Error);
}

TEST(ReadLimits, ComeFromTheEnvironment) {
  ASSERT_EQ(setenv("LAMIN_READ_BUDGET", "3GB", 1), 0);
  ASSERT_EQ(setenv("LAMIN_READ_SECONDS", "7", 1), 0);
  const auto limits = ReadLimits::from_environment();
  EXPECT_EQ(limits.bytes_for(1), 3'000'000'000);
  EXPECT_EQ(limits.seconds_for(1'000'000'000), 7);
  for (auto* bad : {"-1", "0", "much", "3 XB", "GB", "nan"}) {
    ASSERT_EQ(setenv("LAMIN_READ_BUDGET", bad, 1), 0);
    EXPECT_THROW(ReadLimits::from_environment(), Error) << bad;
  }
  unsetenv("LAMIN_READ_BUDGET");
  unsetenv("LAMIN_READ_SECONDS");
  EXPECT_GE(ReadLimits::from_environment().most, std::int64_t{2} << 30);
}

TEST(ParseSize, Units) {
  EXPECT_EQ(parse_size("1000"), 1000);
  EXPECT_EQ(parse_size("1.5GB"), 1'500'000'000);
  EXPECT_EQ(parse_size("512 MiB"), std::int64_t{512} << 20);
  EXPECT_EQ(parse_size("2k"), 2000);
  EXPECT_EQ(parse_size("7B"), 7);
}

}  // namespace
}  // namespace lamin::base
