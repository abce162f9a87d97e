#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <cmath>
#include <filesystem>
#include <fstream>
#include "base/json.hpp"
#include "base/source_file.hpp"
#include "base/uid.hpp"
#include "format/file_text.hpp"
#include "format/format.hpp"
#include "format/formats.hpp"
#include "format/hdf5_module.hpp"
#include "format/sketch.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = Column::Kind;

const fs::path data = LAMIN_SOURCE_DIR "/tests/data";

std::string kind_name(Kind kind) {
  constexpr const char* names[] = {"boolean", "int64", "float64", "text", "time", "date", "category"};
  return names[static_cast<std::size_t>(kind)];
}

/// A cell in the form of the expected values: null, a boolean, a number, or a text (also "inf").
json::value cell(const Column& column, std::int64_t row) {
  auto value = column.value(row);
  if (value.is_null()) return nullptr;
  if (auto* b = std::get_if<bool>(&value)) return *b;
  if (auto* i = std::get_if<std::int64_t>(&value)) return *i;
  if (auto* d = std::get_if<double>(&value)) {
    if (std::isinf(*d)) return *d > 0 ? "inf" : "-inf";
    return *d;
  }
  return json::string(column.text(row));
}

void expect_equal(const Column& got, const json::object& wanted, const std::string& where) {
  EXPECT_EQ(kind_name(got.kind()), std::string_view(wanted.at("kind").as_string())) << where;
  std::int64_t nulls = 0;
  for (std::int64_t i = 0; i < got.size(); ++i) nulls += got.is_null(i);
  EXPECT_EQ(nulls, wanted.at("nulls").as_int64()) << where;
  auto& values = wanted.at("values").as_array();
  ASSERT_LE(static_cast<std::int64_t>(values.size()), got.size()) << where;
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(cell(got, static_cast<std::int64_t>(i)), values[i]) << where << " row " << i;
  }
  if (!wanted.contains("categories")) return;
  json::array names;
  for (auto& name : got.category_names()) names.emplace_back(name);
  EXPECT_EQ(names, wanted.at("categories").as_array()) << where;
  EXPECT_EQ(got.ordered(), wanted.at("ordered").as_bool()) << where;
}

void expect_equal(const Frame& got, const json::object& wanted, const std::string& where) {
  auto& index = wanted.at("index").as_array();
  auto& columns = wanted.at("columns").as_object();
  EXPECT_EQ(got.size(), columns.size() + 1) << where;  // and the index
  for (std::size_t i = 0; i < index.size(); ++i) {
    EXPECT_EQ(got.at(got.index).text(static_cast<std::int64_t>(i)), std::string_view(index[i].as_string())) << where;
  }
  for (auto& [name, column] : columns) {
    ASSERT_TRUE(got.find(name)) << where << " " << name;
    expect_equal(got.at(name), column.as_object(), where + " " + std::string(name));
  }
}

void expect_equal(const std::vector<std::string>& got, const json::value& wanted) {
  json::array names;
  for (auto& name : got) names.emplace_back(name);
  EXPECT_EQ(json::value(names), wanted);
}

class AnnDataFiles : public ::testing::TestWithParam<const char*> {};

// Expected values are what anndata reads; tests/format/test_readers.py keeps them so.
TEST_P(AnnDataFiles, AreReadAsAnnDataReadsThem) {
  const fs::path file = data / GetParam();
  auto wanted = base::parse_json(file_text(data / "expected" / (file.filename().string() + ".json"))).as_object();
  auto head = read_anndata(file);
  EXPECT_EQ(head.n_obs, wanted.at("n_obs").as_int64());
  EXPECT_EQ(head.n_vars, wanted.at("n_vars").as_int64());
  expect_equal(head.obs, wanted.at("obs").as_object(), "obs");
  expect_equal(head.var, wanted.at("var").as_object(), "var");
  expect_equal(head.uns_keys, wanted.at("uns"));
  expect_equal(head.layers, wanted.at("layers"));
  expect_equal(head.obsm, wanted.at("obsm"));
}

INSTANTIATE_TEST_SUITE_P(Real, AnnDataFiles,
                         ::testing::Values("singlecell/anndata_v0.5.0.h5ad", "singlecell/anndata_v0.7.0.h5ad",
                                           "singlecell/anndata_v0.11.4.h5ad", "singlecell/pbmc-small.h5ad",
                                           "singlecell/cxg_example_valid.h5ad"));
INSTANTIATE_TEST_SUITE_P(Made, AnnDataFiles,
                         ::testing::Values("made/encodings.h5ad", "made/encodings_lzf.h5ad", "made/encodings_v2.zarr",
                                           "made/encodings_v3.zarr", "made/empty.h5ad"));

class AnnDataBad : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(scratch_); }
  void TearDown() override { fs::remove_all(scratch_); }
  fs::path write(const std::string& name, std::string_view bytes) {
    fs::create_directories((scratch_ / name).parent_path());
    std::ofstream(scratch_ / name, std::ios::binary) << bytes;
    return scratch_ / name;
  }
  template <class F>
  Error thrown(F f) {
    try {
      f();
    } catch (const Error& e) { return e; }
    ADD_FAILURE() << "nothing was thrown";
    return Error(Code::internal, "");
  }
  Error read(const fs::path& path) {
    return thrown([&] { read_anndata(path); });
  }

  fs::path scratch_ = fs::temp_directory_path() / ("lamin-anndata-" + base::random_uid(8));
};

TEST_F(AnnDataBad, TruncatedAnywhere) {
  const auto bytes = file_bytes(data / "made/encodings.h5ad");
  for (std::size_t size = 0; size < bytes.size(); size += bytes.size() / 40) {
    auto error = read(write("cut.h5ad", std::string_view(bytes).substr(0, size)));
    EXPECT_EQ(error.code(), Code::corrupt) << size;
    EXPECT_THAT(error.what(), HasSubstr("cut.h5ad")) << size;
  }
}

// Flipped bytes must end in an error or in some table, never in a crash.
TEST_F(AnnDataBad, DamagedAnywhere) {
  const auto bytes = file_bytes(data / "made/encodings_lzf.h5ad");
  int failed = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 211) {
    auto damaged = bytes;
    damaged[at] = static_cast<char>(~damaged[at]);
    auto path = write("damaged.h5ad", damaged);
    try {
      read_anndata(path);
    } catch (const Error& e) {
      EXPECT_TRUE(e.code() == Code::corrupt || e.code() == Code::unsupported) << at << ": " << e.what();
      ++failed;
    }
  }
  EXPECT_GT(failed, 0);
}

TEST_F(AnnDataBad, ForeignFiles) {
  EXPECT_EQ(read(write("text.h5ad", "this is no HDF5 file")).code(), Code::corrupt);
  EXPECT_EQ(read(write("empty.h5ad", "")).code(), Code::corrupt);
  EXPECT_EQ(read(scratch_ / "none.h5ad").code(), Code::not_found);
  fs::create_directories(scratch_ / "folder.zarr");
  EXPECT_EQ(read(scratch_ / "folder.zarr").code(), Code::corrupt);
  write("group.zarr/.zgroup", "{\"zarr_format\": 2}");
  auto error = read(scratch_ / "group.zarr");
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("no 'obs'"));
}

TEST_F(AnnDataBad, BrokenZarr) {
  struct Case {
    const char* file;
    const char* bytes;
    Code code;
  };
  for (auto& [file, bytes, code] : std::vector<Case>{
           {"obs/zarr.json", "{\"zarr_format\": 3, \"node", Code::corrupt},
           {"obs/int8/zarr.json", "{\"zarr_format\": 3, \"node_type\": \"array\"}", Code::corrupt},
           {"obs/int8/c/0", "not blosc", Code::corrupt},
           {"obs/uint32/c/0", "\x1F\x8B", Code::corrupt},
           {"obs/int64/c/0", "short", Code::corrupt},
           {"obs/float32/c/0", "wrong checksum", Code::corrupt},
           {"obs/category/codes/zarr.json",
            "{\"zarr_format\": 3, \"node_type\": \"array\", \"shape\": [7], \"data_type\": \"int8\", \"codecs\": "
            "[{\"name\": "
            "\"bytes\"}], \"fill_value\": 9, \"chunk_grid\": {\"name\": \"regular\", \"configuration\": "
            "{\"chunk_shape\": "
            "[7]}}, \"chunk_key_encoding\": {\"name\": \"v2\"}}",
            Code::corrupt},
           {"obs/int8/zarr.json",
            "{\"zarr_format\": 3, \"node_type\": \"array\", \"shape\": [999999999999], \"data_type\": \"int8\", "
            "\"codecs\": "
            "[{\"name\": \"bytes\"}], \"fill_value\": 0, \"chunk_grid\": {\"name\": \"regular\", \"configuration\": "
            "{\"chunk_shape\": [7]}}}",
            Code::corrupt},
       }) {
    fs::remove_all(scratch_ / "copy.zarr");
    fs::copy(data / "made/encodings_v3.zarr", scratch_ / "copy.zarr", fs::copy_options::recursive);
    write(std::string("copy.zarr/") + file, bytes);
    auto error = read(scratch_ / "copy.zarr");
    EXPECT_EQ(error.code(), code) << file << ": " << error.what();
  }
}

TEST_F(AnnDataBad, NamesInAFileDoNotLeadOut) {
  fs::copy(data / "made/encodings_v2.zarr", scratch_ / "copy.zarr", fs::copy_options::recursive);
  write("copy.zarr/obs/.zattrs",
        "{\"_index\": \"barcode\", \"column-order\": [\"../../../secret\"], \"encoding-type\": \"dataframe\"}");
  EXPECT_EQ(read(scratch_ / "copy.zarr").code(), Code::invalid_argument);
}

class WriteColumns : public AnnDataBad {
 protected:
  static void write_columns(const fs::path& from, const fs::path& to, const Frame& obs, const Frame& var) {
    const Slot changed[] = {{"obs", obs}, {"var", var}};
    write_table_columns(from, to, changed);
  }
};

TEST_F(WriteColumns, ReplacesAndAddsEveryKind) {
  auto before = read_anndata(data / "made/encodings.h5ad");
  Frame obs;
  std::vector<std::string> texts{"1", "2", "3", "4", "5", "6", "7"};
  obs.add("text", Column::texts(texts, {true, false, true, true, true, true, true}));
  obs.add("category", Column::categories({0, 1, -1, 1, 0, 0, 0}, {"T cell", "B cell"}, true));
  obs.add("nullable_int", Column::integers({1, 2, 3, 4, 5, 6, 7}));
  obs.add("int64", Column::integers({1, 2, 3, 4, 5, 6, 7}, {true, true, false, true, true, true, true}));
  obs.add("bool",
          Column::booleans({true, true, true, true, true, false, false}, {true, true, true, true, true, false, true}));
  obs.add("new reals", Column::reals({1, 2, std::nan(""), 4, 5, 6, 7.5}));
  obs.add("new text", Column::texts(texts));
  Frame var;
  var.add("flag", Column::booleans({true, false, true}));
  write_columns(data / "made/encodings.h5ad", scratch_ / "out.h5ad", obs, var);

  auto after = read_anndata(scratch_ / "out.h5ad");
  ASSERT_EQ(after.obs.size(), before.obs.size() + 2);
  EXPECT_EQ(after.obs.names().back(), "new text");
  for (auto& name : after.obs.names()) {
    auto& wanted = obs.find(name) ? obs.at(name) : before.obs.at(name);
    for (int i = 0; i < 7; ++i) EXPECT_TRUE(after.obs.at(name).value(i) == wanted.value(i)) << name << " " << i;
  }
  EXPECT_EQ(after.obs.at("text").kind(), Kind::category);
  EXPECT_TRUE(after.obs.at("category").ordered());
  EXPECT_THAT(after.obs.at("category").category_names(), ElementsAre("T cell", "B cell"));
  EXPECT_TRUE(after.var.at("flag").value(2) == Value(true));
  EXPECT_EQ(after.uns_keys, before.uns_keys);
  // The encodings that anndata looks for.
  const base::SourceFile out(scratch_ / "out.h5ad");
  base::Budget budget("out.h5ad", out.size());
  auto tree = hdf5().open({out.descriptor(), "out.h5ad", budget});
  auto encoding = [&](const char* path) { return std::get<std::string>(tree->attribute(path, "encoding-type")); };
  EXPECT_EQ(encoding("obs/category"), "categorical");
  EXPECT_EQ(encoding("obs/category/codes"), "array");
  EXPECT_EQ(encoding("obs/category/categories"), "string-array");
  EXPECT_EQ(encoding("obs/int64"), "nullable-integer");
  EXPECT_EQ(encoding("obs/bool"), "nullable-boolean");
  EXPECT_EQ(encoding("obs/new text"), "string-array");
}

TEST_F(WriteColumns, InFilesOfEveryAge) {
  for (auto* name : {"anndata_v0.5.0.h5ad", "anndata_v0.7.0.h5ad", "pbmc-small.h5ad"}) {
    auto before = read_anndata(data / "singlecell" / name);
    std::vector<std::string> texts(static_cast<std::size_t>(before.n_obs), "B cell");
    texts[1] = "T cell";
    std::vector<Value> values(texts.begin(), texts.end());
    auto column = before.obs.names()[1];
    Frame obs;
    obs.add(column, Column::from_values(Kind::category, values));
    obs.add("added", Column::texts(texts));
    fs::copy_file(data / "singlecell" / name, scratch_ / name);
    write_columns(scratch_ / name, scratch_ / name, obs, Frame());  // in place
    auto after = read_anndata(scratch_ / name);
    EXPECT_EQ(after.obs.size(), before.obs.size() + 1) << name;
    EXPECT_EQ(after.obs.at(column).text(1), "T cell") << name;
    EXPECT_EQ(after.obs.at("added").text(0), "B cell") << name;
    for (auto& other : before.obs.names()) {
      if (other == column) continue;
      for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(after.obs.at(other).value(i) == before.obs.at(other).value(i)) << name << " " << other;
      }
    }
    EXPECT_EQ(after.obs.at(after.obs.index).text(3), before.obs.at(before.obs.index).text(3));
    EXPECT_EQ(after.n_vars, before.n_vars);
  }
}

TEST_F(WriteColumns, RefusesWhatDoesNotFitAndLeavesNothing) {
  auto source = data / "made/encodings.h5ad";
  auto attempt = [&](const std::string& name, Column column) {
    Frame obs;
    obs.add(name, std::move(column));
    return thrown([&] { write_columns(source, scratch_ / "out.h5ad", obs, Frame()); }).code();
  };
  std::vector<Value> times(7, Value(Time{1}));
  EXPECT_EQ(attempt("text", Column::integers({1, 2})), Code::invalid_argument);
  EXPECT_EQ(attempt("a/b", Column::integers({1, 2, 3, 4, 5, 6, 7})), Code::invalid_argument);
  EXPECT_EQ(attempt("text", Column::from_values(Kind::time, times)), Code::unsupported);
  Frame none;
  EXPECT_EQ(thrown([&] { write_columns(scratch_ / "none", scratch_ / "o", none, none); }).code(), Code::not_found);
  EXPECT_EQ(thrown([&] { write_columns(source, scratch_ / "no/folder/o", none, none); }).code(), Code::not_found);
  EXPECT_TRUE(fs::is_empty(scratch_));
}

TEST(Glance, CountsTheFirstRowsOnly) {
  for (const auto* name : {"singlecell/pbmc-small.h5ad", "made/encodings.h5ad", "made/encodings_v2.zarr"}) {
    const auto* format = format_of(data / name);
    const auto whole = format->sketch(data / name), first = format->glance(data / name, 3);
    ASSERT_EQ(first.tables.size(), whole.tables.size()) << name;
    EXPECT_EQ(first.n_obs, whole.n_obs) << name;
    for (std::size_t i = 0; i < whole.tables.size(); ++i) {
      const auto& table = first.tables[i];
      EXPECT_EQ(table.rows, whole.tables[i].rows) << name << " " << table.slot;
      EXPECT_EQ(whole.tables[i].seen, -1);
      EXPECT_EQ(table.seen, table.rows > 3 ? 3 : -1) << name << " " << table.slot;
      ASSERT_EQ(table.columns.size(), whole.tables[i].columns.size());
      for (const auto& column : table.columns) {
        std::int64_t counted = column.nulls;
        for (const auto count : column.counts) counted += count;
        if (column.complete && table.seen == 3) { EXPECT_EQ(counted, 3) << name << " " << column.name; }
      }
    }
  }
}

}  // namespace
}  // namespace lamin::format
