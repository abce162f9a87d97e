// foreign_test.cpp -- malicious files: each is refused with an error that says why, in bounded time and memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>
#include "base/source_file.hpp"
#include "base/uid.hpp"
#include "format/file_text.hpp"
#include "format/format.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const fs::path data = fs::path(LAMIN_SOURCE_DIR) / "tests/data";

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool counts_memory = false;  // shadow and quarantine are several times as large
#else
constexpr bool counts_memory = true;
#endif

/// Resident bytes of this process: now ("VmRSS:"), or the peak since `Growth` started ("VmHWM:").
std::int64_t resident(std::string_view wanted) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t kilobytes = 0;
    if (word == wanted && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

/// How much memory was taken since construction.
class Growth {
 public:
  Growth() {
    std::ofstream("/proc/self/clear_refs") << "5";  // resets the peak
    before_ = resident("VmRSS:");
  }
  std::int64_t bytes() const { return counts_memory ? resident("VmHWM:") - before_ : 0; }

 private:
  std::int64_t before_ = 0;
};

class Foreign : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(scratch_); }
  void TearDown() override {
    unsetenv("LAMIN_READ_SECONDS");
    unsetenv("LAMIN_READ_BUDGET");
    fs::remove_all(scratch_);
  }
  template <class F>
  static Error thrown(F f) {
    try {
      f();
    } catch (const Error& e) { return e; }
    ADD_FAILURE() << "nothing was thrown";
    return Error(Code::internal, "");
  }
  fs::path write(const std::string& name, std::string_view bytes) {
    fs::create_directories((scratch_ / name).parent_path());
    std::ofstream(scratch_ / name, std::ios::binary) << bytes;
    return scratch_ / name;
  }
  fs::path fifo(const std::string& name) {
    fs::create_directories((scratch_ / name).parent_path());
    fs::remove(scratch_ / name);
    EXPECT_EQ(mkfifo((scratch_ / name).c_str(), 0600), 0);
    return scratch_ / name;
  }
  /// A copy of a valid zarr folder with one file changed.
  fs::path zarr_with(const std::string& file, std::string_view bytes) {
    fs::remove_all(scratch_ / "copy.zarr");
    fs::copy(data / "made/encodings_v3.zarr", scratch_ / "copy.zarr", fs::copy_options::recursive);
    write("copy.zarr/" + file, bytes);
    return scratch_ / "copy.zarr";
  }
  /// `bytes` of the same text, compressed by the shell's gzip.
  fs::path gzip_bomb(const std::string& name, const std::string& head, std::string_view line, int lines) {
    const auto plain = scratch_ / "plain";
    {
      std::ofstream out(plain, std::ios::binary);
      out << head;
      std::string block;
      for (int i = 0; i < 1000; ++i) block += line;
      for (int i = 0; i < lines / 1000; ++i) out << block;
    }
    EXPECT_EQ(std::system(("gzip -c " + plain.string() + " > " + (scratch_ / name).string()).c_str()), 0);
    fs::remove(plain);
    return scratch_ / name;
  }

  fs::path scratch_ = fs::temp_directory_path() / ("lamin-foreign-" + base::random_uid(8));
};

constexpr std::int64_t harmless = 256 << 20;

TEST_F(Foreign, Hdf5ThatCrashesTheLibrary) {
  for (auto* name : {"crash_heap.h5ad", "crash_local_heap.h5ad"}) {
    const auto file = data / "hostile" / name;
    for (const auto& error : {thrown([&] { read_anndata(file); }), thrown([&] { check_hdf5(file); })}) {
      EXPECT_EQ(error.code(), Code::corrupt) << error.what();
      EXPECT_THAT(error.what(), HasSubstr(name));
    }
  }
}

TEST_F(Foreign, Hdf5ThatNeverEnds) {
  setenv("LAMIN_READ_SECONDS", "1", 1);
  for (auto* name : {"endless_heap.h5ad", "endless_heap_lzf.h5ad"}) {
    const auto error = thrown([&] { read_anndata(data / "hostile" / name); });
    EXPECT_EQ(error.code(), Code::corrupt) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(name));
    EXPECT_THAT(error.what(), HasSubstr("LAMIN_READ_SECONDS"));
  }
}

TEST_F(Foreign, Hdf5ThatShowsOtherFiles) {
  const auto file = data / "hostile/external_storage.h5ad";
  for (const auto& error : {thrown([&] { read_anndata(file); }), thrown([&] { check_hdf5(file); })}) {
    EXPECT_EQ(error.code(), Code::corrupt);
    EXPECT_THAT(error.what(), HasSubstr("/obs/ct"));
    EXPECT_THAT(error.what(), HasSubstr("another file"));
  }
}

TEST_F(Foreign, Hdf5ThatClaimsMoreThanItHolds) {
  const Growth growth;
  const auto file = data / "hostile/text_of_6_gb.h5ad";
  for (const auto& error : {thrown([&] { read_anndata(file); }), thrown([&] { check_hdf5(file); })}) {
    EXPECT_EQ(error.code(), Code::corrupt) << error.what();
    EXPECT_THAT(error.what(), HasSubstr("LAMIN_READ_BUDGET"));
  }
  EXPECT_LT(growth.bytes(), harmless) << (growth.bytes() >> 20) << " MB";
}

TEST_F(Foreign, SoundFilesAreSound) {
  for (auto* name :
       {"made/encodings.h5ad", "made/encodings_lzf.h5ad", "made/empty.h5ad", "singlecell/anndata_v0.5.0.h5ad",
        "singlecell/anndata_v0.7.0.h5ad", "singlecell/anndata_v0.11.4.h5ad", "singlecell/pbmc-small.h5ad",
        "singlecell/cxg_example_valid.h5ad"}) {
    EXPECT_NO_THROW(check_hdf5(data / name)) << name;
  }
}

TEST_F(Foreign, TheHelperIsStartedAgain) {
  const auto file = data / "made/encodings.h5ad";
  const auto rows = read_anndata(file).n_obs;
  // All children of this process: the helper, and what it forked.
  std::ifstream children("/proc/self/task/" + std::to_string(getpid()) + "/children");
  int killed = 0;
  for (pid_t child = 0; children >> child; ++killed) kill(child, SIGKILL);
  EXPECT_EQ(killed, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(read_anndata(file).n_obs, rows);
}

TEST_F(Foreign, ThreadsAndForkedProcessesRead) {
  const auto file = data / "made/encodings.h5ad";
  const auto rows = read_anndata(file).n_obs;
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 5; ++k) right += read_anndata(file).n_obs == rows ? 1 : 0;
      });
    }
    const pid_t pid = fork();
    if (pid == 0) _exit(read_anndata(file).n_obs == rows ? 0 : 1);
    int status = -1;
    waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(right, 40);
}

TEST_F(Foreign, TheHelperEndsWithTheProcess) {
  int report[2];
  ASSERT_EQ(pipe(report), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    read_anndata(data / "made/encodings.h5ad");
    std::ifstream children("/proc/self/task/" + std::to_string(getpid()) + "/children");
    pid_t helper = 0;
    children >> helper;
    if (::write(report[1], &helper, sizeof(helper)) < 0) _exit(1);
    for (;;) pause();
  }
  pid_t helper = 0;
  ASSERT_EQ(read(report[0], &helper, sizeof(helper)), static_cast<ssize_t>(sizeof(helper)));
  ASSERT_GT(helper, 0);
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  bool gone = false;
  for (int i = 0; i < 100 && !gone; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::ifstream state("/proc/" + std::to_string(helper) + "/stat");
    std::string number, name, letter;
    gone = !(state >> number >> name >> letter) || letter == "Z";
  }
  EXPECT_TRUE(gone);
}

std::string array_json(std::string_view shape, std::string_view outer, std::string_view codecs,
                       std::string_view type = "int64") {
  return R"({"zarr_format":3,"node_type":"array","shape":)" + std::string(shape) + R"(,"data_type":")" +
         std::string(type) + R"(","chunk_grid":{"name":"regular","configuration":{"chunk_shape":)" +
         std::string(outer) + R"(}},"chunk_key_encoding":{"name":"default"},"fill_value":0,"codecs":[)" +
         std::string(codecs) + "]}";
}

std::string sharding(std::string_view inner) {
  return R"({"name":"sharding_indexed","configuration":{"chunk_shape":)" + std::string(inner) +
         R"(,"codecs":[{"name":"bytes"}],"index_codecs":[{"name":"bytes"}]}})";
}

TEST_F(Foreign, ZarrMetadataThatDoesNotFit) {
  const std::string bytes = R"({"name":"bytes"})";
  std::string many = bytes;
  for (int i = 0; i < 100; ++i) many += R"(,{"name":"gzip"})";
  for (const auto& meta : {array_json("[7]", "[]", sharding("[2]")), array_json("[7]", "[0]", sharding("[2]")),
                           array_json("[7]", "[4]", sharding("[0]")), array_json("[7]", "[4]", sharding("[]")),
                           array_json("[7]", "[4]", sharding("[3]")), array_json("[7]", "[4]", sharding("[2,2]")),
                           array_json("[7]", "[0]", bytes), array_json("[7]", "[]", bytes),
                           array_json("[7]", "[7]", many), array_json("[9223372036854775807]", "[1]", bytes),
                           array_json("[9223372036854775807]", "[2147483647]", bytes)}) {
    const auto error = thrown([&] { read_anndata(zarr_with("obs/int64/zarr.json", meta)); });
    EXPECT_EQ(error.code(), Code::corrupt) << meta << ": " << error.what();
    EXPECT_THAT(error.what(), HasSubstr("obs/int64")) << meta;
  }
}

TEST_F(Foreign, ZarrOfFillValues) {
  // Each column alone is harmless.
  const Growth growth;
  const auto folder =
      zarr_with("obs/zarr.json", R"({"zarr_format":3,"node_type":"group","attributes":{"_index":"c0","column-order":)"
                                 R"(["c1","c2","c3","c4","c5","c6","c7","c8","c9"],"encoding-type":"dataframe"}})");
  for (int i = 0; i < 10; ++i) {
    write("copy.zarr/obs/c" + std::to_string(i) + "/zarr.json",
          array_json("[2000000]", "[2000000]", R"({"name":"bytes"})"));
  }
  const auto error = thrown([&] { read_anndata(folder); });
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("LAMIN_READ_BUDGET"));
  EXPECT_LT(growth.bytes(), harmless) << (growth.bytes() >> 20) << " MB";
  setenv("LAMIN_READ_BUDGET", "1GB", 1);
  EXPECT_THAT(thrown([&] { read_anndata(folder); }).what(), HasSubstr("X"));  // which has a different shape
}

TEST_F(Foreign, ZarrChunksOneByOne) {
  const auto folder = zarr_with("obs/int64/zarr.json", array_json("[8000000]", "[1]", R"({"name":"bytes"})"));
  fs::remove_all(folder / "obs/int64/c");  // each of them is looked for
  const auto begin = std::chrono::steady_clock::now();
  const auto error = thrown([&] { read_anndata(folder); });
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("LAMIN_READ_BUDGET"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST_F(Foreign, ZarrMetadataOfManyMegabytes) {
  std::string list = "{\"zarr_format\": 3, \"node_type\": \"group\", \"attributes\": {\"a\": [0";
  for (int i = 0; i < 10'000'000; ++i) list += ",0";
  const auto folder = zarr_with("zarr.json", list + "]}}");
  const Growth growth;
  const auto error = thrown([&] { read_anndata(folder); });
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("metadata"));
  EXPECT_LT(growth.bytes(), harmless) << (growth.bytes() >> 20) << " MB";
}

TEST_F(Foreign, ZarrChunksThatAreNoFiles) {
  for (auto* what : {"fifo", "/dev/zero"}) {
    const auto folder = zarr_with("obs/int64/zarr.json", array_json("[7]", "[7]", R"({"name":"bytes"})"));
    fs::remove(folder / "obs/int64/c/0");
    if (std::string_view(what) == "fifo") fifo("copy.zarr/obs/int64/c/0");
    else fs::create_symlink(what, folder / "obs/int64/c/0");
    EXPECT_EQ(thrown([&] { read_anndata(folder); }).code(), Code::invalid_argument) << what;
  }
}

TEST_F(Foreign, ChunksThatDecompressWithoutEnd) {
  const auto bomb = file_bytes(gzip_bomb("bomb.gz", "", std::string(1000, '\0'), 300'000));
  auto texts = array_json("[7]", "[7]", R"({"name":"vlen-utf8"},{"name":"gzip"})", "string");
  auto folder = zarr_with("obs/text/zarr.json", texts);
  write("copy.zarr/obs/text/c/0", bomb);
  const Growth growth;
  const auto error = thrown([&] { read_anndata(folder); });
  EXPECT_EQ(error.code(), Code::corrupt) << error.what();
  EXPECT_THAT(error.what(), HasSubstr("LAMIN_READ_BUDGET"));
  EXPECT_LT(growth.bytes(), harmless) << (growth.bytes() >> 20) << " MB";
}

TEST_F(Foreign, TablesThatDecompressWithoutEnd) {
  const auto csv = gzip_bomb("bomb.csv.gz", "a,b,c\n", "0,0,0\n", 60'000'000);
  ASSERT_LT(fs::file_size(csv), 1'000'000U);
  const auto obo = gzip_bomb("bomb.obo.gz", "ontology: x\n", "! comment comment comment\n", 12'000'000);
  const Growth growth;
  auto error = thrown([&] { read_csv(csv); });
  EXPECT_EQ(error.code(), Code::corrupt) << error.what();
  EXPECT_THAT(error.what(), HasSubstr("LAMIN_READ_BUDGET"));
  error = thrown([&] { read_obo(obo); });
  EXPECT_EQ(error.code(), Code::corrupt) << error.what();
  EXPECT_THAT(error.what(), HasSubstr("LAMIN_READ_BUDGET"));
  // Whole, it takes 1.4 GB; how many blocks Arrow parses at once depends on the machine.
  EXPECT_LT(growth.bytes(), 2 * harmless) << (growth.bytes() >> 20) << " MB";
}

TEST_F(Foreign, ParquetOfOneValue) {
  {
    Frame frame;
    frame.add("a", Column::integers(std::vector<std::int64_t>(40'000'000, 7)));
    write_parquet(frame, scratch_ / "bomb.parquet");
  }
  ASSERT_LT(fs::file_size(scratch_ / "bomb.parquet"), 500'000U);
  const Growth growth;
  const auto error = thrown([&] { read_parquet(scratch_ / "bomb.parquet"); });
  EXPECT_EQ(error.code(), Code::corrupt) << error.what();
  EXPECT_THAT(error.what(), HasSubstr("LAMIN_READ_BUDGET"));
  EXPECT_LT(growth.bytes(), harmless) << (growth.bytes() >> 20) << " MB";
  setenv("LAMIN_READ_BUDGET", "2GB", 1);
  EXPECT_EQ(read_parquet(scratch_ / "bomb.parquet").rows(), 40'000'000);
}

TEST_F(Foreign, NothingWaitsForAFifo) {
  EXPECT_EQ(thrown([&] { read_csv(fifo("a.csv")); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([&] { read_csv(fifo("a.csv.gz")); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([&] { read_parquet(fifo("a.parquet")); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([&] { parquet_rows(fifo("a.parquet")); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([&] { read_obo(fifo("a.obo")); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([&] { read_anndata(fifo("a.h5ad")); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([&] { check_hdf5(fifo("a.h5ad")); }).code(), Code::invalid_argument);
  EXPECT_EQ(thrown([&] { write_table_columns(fifo("a.h5ad"), scratch_ / "b.h5ad", {}); }).code(),
            Code::invalid_argument);
}

TEST_F(Foreign, CsvWithEqualNames) {
  std::string head = "a";
  for (int i = 1; i < 20'000; ++i) head += ",a";
  std::string row = head;
  const auto begin = std::chrono::steady_clock::now();
  const auto frame = read_csv(write("equal.csv", head + "\n" + row + "\n"));
  EXPECT_EQ(frame.names().back(), "a.19999");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST_F(Foreign, OboWhoseFramesRepeat) {
  std::string text = "ontology: x\n";
  for (int i = 0; i < 100'000; ++i) {
    text += "\n[Term]\nid: X:1\nname: n" + std::to_string(i) + "\nsynonym: \"s" + std::to_string(i % 50'000) +
            "\" EXACT []\n";
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto terms = parse_obo(text, "repeats.obo");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  ASSERT_EQ(terms.terms.size(), 1U);
  EXPECT_EQ(terms.terms[0].synonyms.size(), 50'000U);
}

}  // namespace
}  // namespace lamin::format
