#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cmath>
#include <filesystem>
#include <fstream>
#include "base/uid.hpp"
#include "format/format.hpp"
#include "format/table_scan.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = Column::Kind;

class Tables : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(scratch_); }
  void TearDown() override { fs::remove_all(scratch_); }
  fs::path write(const std::string& name, std::string_view bytes) {
    std::ofstream(scratch_ / name, std::ios::binary) << bytes;
    return scratch_ / name;
  }
  Frame csv(std::string_view text, char separator = ',') { return read_csv(write("t.csv", text), separator); }
  template <class F>
  static Error thrown(F f) {
    try {
      f();
    } catch (const Error& e) { return e; }
    ADD_FAILURE() << "nothing was thrown";
    return Error(Code::internal, "");
  }
  static Frame example() {
    std::vector<std::string> texts{"a", "", "c,\"d\"\n"}, rows{"r1", "r2", "r3"};
    std::vector<Value> times{Time{1'700'000'000'000'000}, Value(), Time{0}}, dates{Date{1}, Value(), Date{20000}};
    Frame frame;
    frame.add("rows", Column::texts(rows));
    frame.add("text", Column::texts(texts, {true, false, true}));
    frame.add("category", Column::categories({1, -1, 0}, {"x", "y", "unused"}, true));
    frame.add("int", Column::integers({1, 2, 3}, {true, true, false}));
    frame.add("real", Column::reals({0.5, std::nan(""), -2}));
    frame.add("bool", Column::booleans({true, false, true}, {true, true, false}));
    frame.add("time", Column::from_values(Kind::time, times));
    frame.add("date", Column::from_values(Kind::date, dates));
    frame.index = "rows";
    return frame;
  }

  fs::path scratch_ = fs::temp_directory_path() / ("lamin-tables-" + base::random_uid(8));
};

TEST_F(Tables, CsvTypesAreThoseOfPandas) {
  auto frame = csv("i,f,s,b,d,t,n\n1,1.5,x,True,2024-01-01,10:30,NA\n,,,False,2024-02-01,11:00,\n");
  EXPECT_EQ(frame.at("i").kind(), Kind::int64);
  EXPECT_EQ(frame.at("f").kind(), Kind::float64);
  EXPECT_EQ(frame.at("s").kind(), Kind::text);
  EXPECT_EQ(frame.at("b").kind(), Kind::boolean);
  EXPECT_EQ(frame.at("d").text(1), "2024-02-01");  // dates stay texts
  EXPECT_EQ(frame.at("t").text(0), "10:30");
  for (auto* name : {"i", "f", "s", "n"}) EXPECT_TRUE(frame.at(name).is_null(1)) << name;
  EXPECT_TRUE(frame.at("n").is_null(0));
}

TEST_F(Tables, CsvNamesAndQuotes) {
  auto frame = csv("a,a,,a\n1,2,3,\"new\nline \"\"q\"\"\"\n");
  EXPECT_THAT(frame.names(), ElementsAre("a", "a.1", "Unnamed: 2", "a.2"));
  EXPECT_EQ(frame.at("a.2").text(0), "new\nline \"q\"");
  frame = csv("a;b\n1,5;2\n", ';');
  EXPECT_EQ(frame.at("a").text(0), "1,5");
  frame =
      csv("\xEF\xBB\xBF"
          "a\tb\r\n1\t2\r\n",
          '\t');
  EXPECT_THAT(frame.names(), ElementsAre("a", "b"));
  EXPECT_EQ(csv("a,b\n").rows(), 0);
}

// Types are decided by the whole column, not by its start.
TEST_F(Tables, CsvTypesFromALateRow) {
  std::string text = "a,b\n";
  for (int i = 0; i < 400'000; ++i) text += "1,2024-01-01\n";
  auto frame = csv(text + "x,never\n");
  EXPECT_EQ(frame.at("a").text(0), "1");
  EXPECT_EQ(frame.at("a").text(400'000), "x");
  EXPECT_EQ(frame.at("b").text(0), "2024-01-01");
}

/// All parts together.
struct Scanned {
  Frame frame;
  int starts = 0, parts = 0;
  std::string index;
};

Scanned scanned(const std::function<void(const TableScan&)>& scan) {
  Scanned out;
  std::vector<std::string> names;
  std::vector<std::vector<Value>> cells;
  std::vector<Kind> kinds;
  scan({.start =
            [&](const std::string& index) {
              ++out.starts;
              out.parts = 0;
              out.index = index;
              names.clear();
              cells.clear();
              kinds.clear();
            },
        .add =
            [&](const Frame& part) {
              if (out.parts++ == 0) {
                names = part.names();
                cells.resize(names.size());
                for (std::size_t i = 0; i < names.size(); ++i) kinds.push_back(part.at(i).kind());
              }
              for (std::size_t i = 0; i < names.size(); ++i) {
                EXPECT_EQ(part.at(i).kind(), kinds[i]) << names[i];
                for (std::int64_t row = 0; row < part.rows(); ++row) cells[i].push_back(part.at(i).value(row));
              }
            }});
  for (std::size_t i = 0; i < names.size(); ++i) out.frame.add(names[i], Column::from_values(kinds[i], cells[i]));
  return out;
}

void expect_equal(const Frame& a, const Frame& b) {
  ASSERT_EQ(a.names(), b.names());
  ASSERT_EQ(a.rows(), b.rows());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a.at(i).kind(), b.at(i).kind()) << a.names()[i];
    std::int64_t different = 0;
    for (std::int64_t row = 0; row < a.rows(); ++row) different += a.at(i).value(row) == b.at(i).value(row) ? 0 : 1;
    EXPECT_EQ(different, 0) << a.names()[i];
  }
}

TEST_F(Tables, CsvInPartsIsTheWholeTable) {
  std::string text =
      "\xEF\xBB\xBF"
      "code,\"a \"\"name\"\"\",late,quoted,day,n\r\n";
  constexpr int rows = 250'000;  // several blocks
  for (int i = 0; i < rows; ++i) {
    const bool last = i == rows - 1;
    text += (last ? "A01" : "00" + std::to_string(i)) + "," + (i % 3 == 0 ? "" : "5\" pipe") + "," + (last ? "3" : "") +
            ",\"a,\n\"\"b\"\" " + std::string(static_cast<std::size_t>(i % 40), 'x') + "\",2024-01-02," +
            (last ? "0.5" : std::to_string(i)) + "\r\n";
  }
  text.resize(text.size() - 2);  // the last line need not end
  const auto path = write("parts.csv", text);
  const auto whole = read_csv(path);
  EXPECT_EQ(whole.at("code").text(1), "001");
  const auto parts = scanned([&](const TableScan& to) { scan_csv(path, ',', to); });
  EXPECT_GT(parts.parts, 1);
  EXPECT_EQ(parts.starts, 2) << "the types of the first blocks do not fit the last one";
  expect_equal(parts.frame, whole);
  for (const char* small : {"a,b\n", "a,b\n\n1,2\n\n\n", "a\n\"1\n2\"\n", "\n\na;b,c\n1,2"}) {
    const auto one = write("small.csv", small);
    expect_equal(scanned([&](const TableScan& to) { scan_csv(one, ',', to); }).frame, read_csv(one));
  }
  for (const char* broken : {"", "a,b\n1,2\n3\n", "a\n\xff\n"}) {
    const auto one = write("broken.csv", broken);
    const auto code = thrown([&] { read_csv(one); }).code();
    EXPECT_EQ(thrown([&] { scanned([&](const TableScan& to) { scan_csv(one, ',', to); }); }).code(), code) << broken;
  }
}

TEST_F(Tables, ParquetInPartsIsTheWholeTable) {
  std::vector<std::string> names;
  std::vector<std::int64_t> numbers;
  std::vector<Value> kinds;
  constexpr int rows = 100'000;
  for (int i = 0; i < rows; ++i) {
    names.push_back("r" + std::to_string(i));
    numbers.push_back(i);
    kinds.push_back(i % 7 == 0 ? Value() : Value(std::string("k") + std::to_string(i % 5)));
  }
  Frame frame;
  frame.add("id", Column::texts(names));
  frame.add("n", Column::integers(std::move(numbers)));
  frame.add("kind", Column::from_values(Kind::category, kinds));
  frame.index = "id";
  write_parquet(frame, scratch_ / "parts.parquet");
  const auto parts = scanned([&](const TableScan& to) { scan_parquet(scratch_ / "parts.parquet", to); });
  EXPECT_GT(parts.parts, 1);
  EXPECT_EQ(parts.index, "id");
  expect_equal(parts.frame, read_parquet(scratch_ / "parts.parquet"));
  write_parquet(example(), scratch_ / "small.parquet");
  EXPECT_EQ(scanned([&](const TableScan& to) { scan_parquet(scratch_ / "small.parquet", to); }).frame.rows(), 3);
  const auto bad = write("bad.parquet", "PAR1 and nothing else PAR1");
  EXPECT_EQ(thrown([&] { scan_parquet(bad, {[](const std::string&) {}, [](const Frame&) {}}); }).code(), Code::corrupt);
}

TEST_F(Tables, CsvThatIsBroken) {
  EXPECT_EQ(thrown([&] { csv(""); }).code(), Code::corrupt);
  auto error = thrown([&] { csv("a,b\n1,2,3\n"); });
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("t.csv"));
  error = thrown([&] { csv("a\ncaf\xE9\n"); });
  EXPECT_EQ(error.code(), Code::corrupt);
  EXPECT_THAT(error.what(), HasSubstr("UTF-8"));
  EXPECT_EQ(thrown([&] { read_csv(write("t.csv.gz", "no gzip")); }).code(), Code::corrupt);
  EXPECT_EQ(thrown([&] { read_csv(scratch_ / "none.csv"); }).code(), Code::not_found);
  EXPECT_EQ(thrown([&] { read_csv(scratch_); }).code(), Code::invalid_argument);
}

TEST_F(Tables, GenesOfTheExamples) {
  auto frame = read_csv(LAMIN_SOURCE_DIR "/examples/data/human_genes.csv.gz");
  EXPECT_EQ(frame.rows(), 78'894);
  EXPECT_THAT(frame.names(),
              ElementsAre("ensembl_gene_id", "symbol", "ncbi_gene_ids", "biotype", "synonyms", "description"));
  EXPECT_EQ(frame.at("symbol").text(0), "TSPAN6");
}

TEST_F(Tables, CsvRoundTrip) {
  write_csv(example(), scratch_ / "out.csv");
  auto back = read_csv(scratch_ / "out.csv");
  auto frame = example();
  EXPECT_EQ(back.names(), frame.names());
  for (auto* name : {"rows", "text", "int", "real", "bool"}) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(back.at(name).value(i) == frame.at(name).value(i)) << name << " " << i;
  }
  EXPECT_EQ(back.at("category").text(0), "y");
  EXPECT_TRUE(back.at("category").is_null(1));
}

TEST_F(Tables, ParquetRoundTrip) {
  write_parquet(example(), scratch_ / "out.parquet");
  auto back = read_parquet(scratch_ / "out.parquet");
  auto frame = example();
  EXPECT_EQ(back.names(), frame.names());
  EXPECT_EQ(back.index, "rows");
  for (auto& name : frame.names()) {
    EXPECT_EQ(back.at(name).kind(), frame.at(name).kind()) << name;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(back.at(name).value(i) == frame.at(name).value(i)) << name << " " << i;
  }
  EXPECT_THAT(back.at("category").category_names(), ElementsAre("x", "y", "unused"));
  EXPECT_TRUE(back.at("category").ordered());
  EXPECT_EQ(parquet_rows(scratch_ / "out.parquet"), 3);
}

// Written by pandas: categories, an index with and without a name.
TEST_F(Tables, ParquetOfPandas) {
  auto frame = read_parquet(LAMIN_SOURCE_DIR "/tests/data/made/pandas_index.parquet");
  EXPECT_EQ(frame.index, "barcode");
  EXPECT_EQ(frame.at("barcode").text(2), "cell2");
  EXPECT_EQ(frame.at("category").kind(), Kind::category);
  EXPECT_TRUE(frame.at("category").is_null(1));
  EXPECT_THAT(frame.at("category").category_names(), ElementsAre("y", "unused", "x"));
  EXPECT_TRUE(frame.at("ordered").ordered());
  EXPECT_TRUE(frame.at("nullable_int").is_null(1));
  EXPECT_EQ(frame.at("uint32").integers()[6], 4'000'000'006);
  frame = read_parquet(LAMIN_SOURCE_DIR "/tests/data/made/pandas_range.parquet");
  EXPECT_EQ(frame.index, "");
  EXPECT_THAT(frame.names(), ElementsAre("n"));
}

TEST_F(Tables, ParquetThatIsBroken) {
  write_parquet(example(), scratch_ / "whole.parquet");
  auto size = fs::file_size(scratch_ / "whole.parquet");
  for (std::uintmax_t cut : {std::uintmax_t{0}, std::uintmax_t{6}, size / 2, size - 1}) {
    fs::copy_file(scratch_ / "whole.parquet", scratch_ / "cut.parquet", fs::copy_options::overwrite_existing);
    fs::resize_file(scratch_ / "cut.parquet", cut);
    auto error = thrown([&] { read_parquet(scratch_ / "cut.parquet"); });
    EXPECT_EQ(error.code(), Code::corrupt) << cut;
    EXPECT_THAT(error.what(), HasSubstr("cut.parquet"));
    EXPECT_EQ(thrown([&] { parquet_rows(scratch_ / "cut.parquet"); }).code(), Code::corrupt);
  }
  EXPECT_EQ(thrown([&] { read_parquet(scratch_ / "none.parquet"); }).code(), Code::not_found);
}

TEST_F(Tables, ParquetWithLists) {
  const auto frame = read_parquet(LAMIN_SOURCE_DIR "/tests/data/made/pandas_list.parquet");
  const auto& lists = frame.at("lists");
  EXPECT_EQ(lists.kind(), Column::Kind::list);
  write_parquet(frame, scratch_ / "lists.parquet");
  const auto back = read_parquet(scratch_ / "lists.parquet");
  for (std::int64_t row = 0; row < lists.size(); ++row) EXPECT_EQ(back.at("lists").value(row), lists.value(row)) << row;
  write_csv(frame, scratch_ / "lists.csv");
  EXPECT_EQ(read_csv(scratch_ / "lists.csv").at("lists").value(0), Value(std::get<Json>(lists.value(0)).text));
}

TEST_F(Tables, UnwritablePlaces) {
  auto frame = example();
  EXPECT_EQ(thrown([&] { write_parquet(frame, scratch_ / "no/where.parquet"); }).code(), Code::no_access);
  EXPECT_EQ(thrown([&] { write_csv(frame, scratch_ / "no/where.csv"); }).code(), Code::no_access);
  frame.index = "missing";
  EXPECT_EQ(thrown([&] { write_parquet(frame, scratch_ / "x.parquet"); }).code(), Code::not_found);
}

}  // namespace
}  // namespace lamin::format
