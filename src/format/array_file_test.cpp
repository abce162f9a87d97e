// The same arrays by every way to their bytes: a local path, ranges of a reader, a store; and damage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <numeric>
#include "format/file_text.hpp"
#include "format/hdf5_arrays.hpp"
#include "format/local_arrays.hpp"
#include "format/zarr_arrays.hpp"
#include "lamin/error.hpp"
#include "store/store.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Kind = ArrayType::Kind;
using Node = ArrayFile::Node;

const fs::path data = LAMIN_SOURCE_DIR "/tests/data";

/// Everything in a file: attributes, shapes and cells, by path.
std::map<std::string, std::string> everything(ArrayFile& file, const std::string& path = "") {
  std::map<std::string, std::string> found;
  found[path + "@"] = file.attributes(path);
  if (file.kind(path) == Node::group) {
    for (const auto& name : file.children(path)) found.merge(everything(file, path.empty() ? name : path + "/" + name));
    return found;
  }
  const auto info = file.info(path);
  if (info.type.kind == Kind::text) {
    const auto texts = file.read_texts(path, file.whole(path));
    for (std::size_t i = 0; i < texts.ends.size(); ++i) found[path] += std::string(texts.at(i)) + "\n";
  } else if (info.type.kind != Kind::other) {
    std::string cells(static_cast<std::size_t>(info.cells()) * info.type.size, '\0');
    file.read(path, file.whole(path), std::as_writable_bytes(std::span(cells)));
    found[path] = cells;
  }
  return found;
}

class Counted final : public store::Reader {
 public:
  explicit Counted(std::string bytes) : bytes_(std::move(bytes)), reader_(bytes_) {}
  std::int64_t size() const override { return reader_.size(); }
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const override {
    fetched_ += static_cast<std::int64_t>(into.size());
    return reader_.read_at(offset, into);
  }
  std::int64_t fetched() const { return fetched_; }

 private:
  std::string bytes_;
  store::BytesReader reader_;
  mutable std::atomic<std::int64_t> fetched_ = 0;
};

class Files : public ::testing::TestWithParam<const char*> {};

TEST_P(Files, are_the_same_from_a_path_and_by_ranges) {
  const auto path = data / GetParam();
  const auto reader = std::make_shared<Counted>(file_bytes(path));
  const auto by_ranges = open_hdf5_arrays(reader, "far.h5ad");
  const auto local = open_local_arrays(path);
  const auto wanted = everything(*local);
  EXPECT_GT(wanted.size(), 10U);
  EXPECT_EQ(everything(*by_ranges), wanted);
  EXPECT_EQ(by_ranges->bytes_read(), reader->fetched());
}

INSTANTIATE_TEST_SUITE_P(Hdf5, Files,
                         ::testing::Values("singlecell/anndata_v0.5.0.h5ad", "singlecell/anndata_v0.7.0.h5ad",
                                           "singlecell/anndata_v0.11.4.h5ad", "singlecell/pbmc-small.h5ad",
                                           "made/encodings.h5ad", "made/encodings_lzf.h5ad", "made/empty.h5ad"),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (auto& c : name)
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           return name;
                         });

TEST(Arrays, of_zarr_are_the_same_in_a_folder_and_in_a_store) {
  for (const auto* name : {"encodings_v2.zarr", "encodings_v3.zarr"}) {
    const auto folder = data / "made" / name;
    const std::shared_ptr<store::Store> store = store::open_memory();
    store->put(folder, "a/x.zarr");
    const auto wanted = everything(*open_local_arrays(folder));
    EXPECT_GT(wanted.size(), 10U);
    EXPECT_EQ(everything(*open_zarr_arrays(zarr::store_place(store, "a/x.zarr"))), wanted) << name;
  }
}

TEST(Arrays, of_which_a_part_is_read_are_those_of_the_whole) {
  const auto file = open_local_arrays(data / "singlecell/pbmc-small.h5ad");
  const auto info = file->info("obsm/X_pca");
  ASSERT_EQ(info.shape.size(), 2U);
  const auto width = info.type.size;
  const auto columns = info.shape[1];
  std::vector<std::byte> all(static_cast<std::size_t>(info.cells()) * width), part(3 * 2 * width);
  file->read("obsm/X_pca", file->whole("obsm/X_pca"), all);
  file->read("obsm/X_pca", {{{7, 1}, {2, 2}}, {{1, 1}, {0, 1}}}, part);
  const std::int64_t rows[] = {7, 2, 3}, picked[] = {1, 0};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      const auto* wanted = all.data() + static_cast<std::size_t>(rows[i] * columns + picked[j]) * width;
      EXPECT_TRUE(std::equal(wanted, wanted + width, part.data() + (i * 2 + j) * width)) << i << "," << j;
    }
  }
  std::vector<std::byte> none(width);
  EXPECT_THROW(file->read("obsm/X_pca", {{{100'000, 1}}, {{0, 1}}}, none), Error);
  EXPECT_THROW(file->read("obsm/X_pca", {{{0, 2}}, {{0, 1}}}, none), Error);
  EXPECT_THROW(file->read("obsm/nothing", {{{0, 1}}}, none), Error);
}

TEST(Arrays, of_rows_of_a_matrix_go_where_they_are_placed) {
  const std::shared_ptr<ArrayFile> file = open_local_arrays(data / "singlecell/pbmc-small.h5ad");
  MatrixRows matrix(file, "X");
  const auto columns = static_cast<std::size_t>(matrix.columns());
  std::vector<double> plain(2 * columns);
  const std::int64_t rows[] = {5, 0};
  matrix.read(rows, MatrixRows::Number::float64, std::as_writable_bytes(std::span(plain)));
  std::vector<std::int32_t> places(columns);
  std::iota(places.rbegin(), places.rend(), 1);  // the other way round, behind a column of zeros
  places[0] = -1;
  matrix.place_columns(places, matrix.columns() + 1);
  std::vector<double> placed(2 * (columns + 1), 1);
  matrix.read(rows, MatrixRows::Number::float64, std::as_writable_bytes(std::span(placed)));
  for (std::size_t row = 0; row < 2; ++row) {
    EXPECT_EQ(placed[row * (columns + 1)], 0);
    EXPECT_EQ(placed[row * (columns + 1) + columns], 0) << "the place of the column that is left out";
    for (std::size_t j = 1; j < columns; ++j)
      EXPECT_EQ(placed[row * (columns + 1) + static_cast<std::size_t>(places[j])], plain[row * columns + j]);
  }
  const std::int64_t missing[] = {matrix.rows()};
  EXPECT_THROW(
      matrix.read(missing, MatrixRows::Number::float64, std::as_writable_bytes(std::span(placed).first(columns + 1))),
      Error);
  EXPECT_THROW(matrix.place_columns({1, 2}, 3), Error);
}

TEST(Arrays, whose_reader_fails_throw_what_it_throws) {
  const auto bytes = file_bytes(data / "made/encodings.h5ad");
  const FileRanges ranges{static_cast<std::int64_t>(bytes.size()),
                          [](std::int64_t, std::span<std::uint8_t>) -> std::size_t {
                            throw Error(Code::unavailable, "The network is gone.");
                          }};
  try {
    open_hdf5_arrays(ranges, "far.h5ad");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::unavailable);
    EXPECT_STREQ(error.what(), "The network is gone.");
  }
  const FileRanges cut{static_cast<std::int64_t>(bytes.size()), [&](std::int64_t offset, std::span<std::uint8_t> into) {
                         return store::BytesReader(std::string_view(bytes).substr(0, 1000)).read_at(offset, into);
                       }};
  EXPECT_THROW(open_hdf5_arrays(cut, "far.h5ad"), Error);
}

}  // namespace
}  // namespace lamin::format
