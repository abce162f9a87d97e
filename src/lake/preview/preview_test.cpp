// preview_test.cpp -- a first look at files of every kind, whole and broken.
#include "lamin/preview.hpp"
#include "base/testing.hpp"
#include "format/format.hpp"
#include "lamin/describe.hpp"

namespace lamin {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

/// A PNG with a header that says 3 x 2 pixels.
const std::string png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0"s;

TEST(PreviewTest, TablesHaveTypesAndFirstRows) {
  const test::TempFolder folder;
  std::string text = "name,n\n";
  for (int i = 0; i < 100; ++i) text += "row" + std::to_string(i) + "," + std::to_string(i) + "\n";
  const auto seen = preview(folder.write("a.csv", text), {.rows = 2});
  EXPECT_EQ(seen.what, "CSV table");
  ASSERT_EQ(seen.tables.size(), 1U);
  const auto& table = seen.tables[0];
  EXPECT_EQ(table.rows, -1);
  ASSERT_EQ(table.columns.size(), 2U);
  EXPECT_EQ(table.columns[1].name, "n");
  EXPECT_EQ(table.columns[1].type, "int64");
  EXPECT_THAT(table.first, ElementsAre(ElementsAre("row0", "0"), ElementsAre("row1", "1")));

  Frame frame;
  frame.add("x", Column::reals({0.5, 1.25, 3}));
  format::write_parquet(frame, folder / "b.parquet");
  const auto parquet = preview(folder / "b.parquet", {.rows = 1});
  EXPECT_EQ(parquet.tables[0].rows, 3);
  EXPECT_THAT(parquet.tables[0].first, ElementsAre(ElementsAre("0.5")));
}

TEST(PreviewTest, OnlyAsManyColumnsAsAreAskedFor) {
  const test::TempFolder folder;
  const auto seen = preview(folder.write("a.tsv", "a\tb\tc\n1\t2\t3\n"), {.columns = 2});
  EXPECT_EQ(seen.tables[0].n_columns, 3U);
  EXPECT_EQ(seen.tables[0].columns.size(), 2U);
  EXPECT_THAT(to_text(preview_node(seen)), HasSubstr("3 columns, the first 2"));
}

TEST(PreviewTest, PicturesByTheirBytes) {
  const test::TempFolder folder;
  const auto seen = preview(folder.write("spots", png));
  EXPECT_EQ(seen.what, "PNG image");
  EXPECT_THAT(seen.facts, ElementsAre(Pair("size in pixels", "3 x 2")));
  EXPECT_EQ(seen.picture, png);
  EXPECT_THAT(to_html(preview_node(seen)), HasSubstr("src=\"data:image/png;base64,iVBORw0KGgo"));

  const auto large = preview(folder / "spots", {.picture_bytes = 10});
  EXPECT_THAT(large.picture, IsEmpty());
  EXPECT_THAT(large.facts, ElementsAre(Pair("size in pixels", "3 x 2"), Pair("picture", "not shown: it is large")));

  EXPECT_THAT(preview(folder.write("a.jpg", "\xFF\xD8\xFF\xE0\0\x04..\xFF\xC0\0\x11\x08\0\x10\0\x20...."s)).facts,
              ElementsAre(Pair("size in pixels", "32 x 16")));
  EXPECT_THAT(preview(folder.write("a.gif", "GIF89a\x05\0\x04\0...."s)).facts,
              ElementsAre(Pair("size in pixels", "5 x 4")));
  const auto tiff = "II*\0\x08\0\0\0\x02\0\0\1\3\0\1\0\0\0\x07\0\0\0\1\1\3\0\1\0\0\0\x06\0\0\0\0\0\0\0"s;
  EXPECT_THAT(preview(folder.write("a.tif", tiff)).facts, ElementsAre(Pair("size in pixels", "7 x 6")));
}

TEST(PreviewTest, FoldersAsTrees) {
  const test::TempFolder folder;
  folder.write("run/b.txt", "12345");
  folder.write("run/a/c.txt", "123");
  const auto seen = preview(folder / "run");
  EXPECT_EQ(seen.what, "folder");
  EXPECT_EQ(seen.size, 8);
  EXPECT_THAT(seen.facts, ElementsAre(Pair("files", "2")));
  EXPECT_THAT(seen.lines, ElementsAre("a/", HasSubstr("  c.txt"), HasSubstr("b.txt")));
  EXPECT_TRUE(preview(folder / "run", {.lines = 2}).cut);
}

TEST(PreviewTest, DocumentsByTheirKeys) {
  const test::TempFolder folder;
  const auto json = preview(folder.write("a.json", R"({"name": "x", "runs": [{"id": 1}, {"id": 2}]})"));
  EXPECT_EQ(json.what, "JSON");
  EXPECT_THAT(json.lines, ElementsAre("name: \"x\"", "runs: list of 2", "  [0]: object of 1", "    id: 1"));
  const auto yaml = preview(folder.write("a.yaml", "# about\nname: x\nruns:\n  - id: 1\n"));
  EXPECT_THAT(yaml.lines, ElementsAre("name: x", "runs:"));
  const auto broken = preview(folder.write("b.json", "{\"name\": "));
  EXPECT_EQ(broken.what, "text");
  EXPECT_THAT(broken.note, HasSubstr("JSON"));
}

TEST(PreviewTest, TextAndWhatIsNotText) {
  const test::TempFolder folder;
  const auto text = preview(folder.write("reads.fastq", "@r1\nACGT\n+\nIIII\n"), {.lines = 2});
  EXPECT_THAT(text.lines, ElementsAre("@r1", "ACGT"));
  EXPECT_TRUE(text.cut);
  EXPECT_EQ(preview(folder.write("a.bin", "\0\1\2"s)).what, "binary file");
  EXPECT_EQ(preview(folder.write("a.bam", "BAM\1\0"s)).what, "BAM file");
  EXPECT_EQ(preview(folder.write("none.txt", "")).what, "empty file");
  test::failure_of(Code::not_found, [&] { preview(folder / "missing.txt"); });
}

TEST(PreviewTest, ABrokenFileIsShownWithWhatIsWrong) {
  const test::TempFolder folder;
  const auto seen = preview(folder.write("cells.h5ad", "\x89HDF\r\n\x1a\n\0\0\0\0"s));
  EXPECT_EQ(seen.what, "HDF5 file");
  EXPECT_THAT(seen.note, HasSubstr("cells.h5ad"));
  EXPECT_EQ(preview(folder.write("x.parquet", "not a table")).lines, std::vector{"not a table"s});
}

}  // namespace
}  // namespace lamin
