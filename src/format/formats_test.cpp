// formats_test.cpp -- the table of formats says each thing once.
#include "format/formats.hpp"
#include <gtest/gtest.h>
#include <set>
#include <string>
#include "base/path.hpp"
#include "base/testing.hpp"

namespace lamin::format {
namespace {

TEST(Formats, EachSuffixIsAnArtifactsAndInOneRow) {
  std::set<std::string_view> seen;
  for (const Format& format : formats()) {
    EXPECT_FALSE(format.name.empty());
    for (const auto suffix : format.suffixes) {
      EXPECT_TRUE(seen.insert(suffix).second) << suffix;
      // Ontologies are known by more suffixes than artifacts have.
      if (!format.has_terms && suffix != ".ipc") { EXPECT_EQ(base::suffix_of("x" + std::string(suffix)), suffix); }
      EXPECT_EQ(format_of(suffix), &format);
      EXPECT_EQ(format_of(std::filesystem::path("a/b" + std::string(suffix))), &format) << suffix;
    }
  }
  EXPECT_EQ(format_of(std::string_view(".none")), nullptr);
  EXPECT_EQ(format_of(std::filesystem::path("a/b.CSV.gz"))->name, "csv");
}

TEST(Formats, SayWhatIsOpenedInParts) {
  EXPECT_EQ(opening_of(".h5ad"), "hdf5");
  EXPECT_EQ(opening_of(".h5.gz"), "hdf5");
  EXPECT_EQ(opening_of(".spatialdata.zarr"), "zarr");
  EXPECT_EQ(opening_of(".tiledbsoma"), "soma");
  EXPECT_EQ(opening_of("", "soma"), "soma");
  EXPECT_EQ(opening_of(".parquet"), "");
  EXPECT_EQ(opening_of(""), "");
  check_open_mode("zarr", ".zarr", "r+", true);
  check_open_mode("soma", ".tiledbsoma", "w", true);
  check_open_mode("", ".csv", "r", false);
  test::failure_of(Code::invalid_argument, [] { check_open_mode("hdf5", ".h5ad", "r+", true); });
  test::failure_of(Code::invalid_argument, [] { check_open_mode("zarr", ".zarr", "w", true); });
  test::failure_of(Code::invalid_argument, [] { check_open_mode("zarr", ".zarr", "r+", false); });
}

TEST(Formats, ListsTheSuffixesThatCan) {
  EXPECT_EQ(suffixes_that([](const Format& f) { return f.shape != nullptr; }), ".h5ad, .zarr, .anndata.zarr");
}

}  // namespace
}  // namespace lamin::format
