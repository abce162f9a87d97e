// Streams of files, compressed and in archives.
#include "format/byte_stream.hpp"
#include <gmock/gmock.h>
#include <fstream>
#include "format/format.hpp"
#include "format/taxonomy.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;
const fs::path data = LAMIN_SOURCE_DIR "/tests/data/terms";

std::string all_of(ByteStream& bytes) {
  std::string text, part(1000, '\0');
  while (const auto n = bytes.read(part)) text.append(part, 0, n);
  return text;
}

std::string message_of(const std::function<void()>& act, Code code) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

class ByteStreamTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path cut(const fs::path& whole, std::uintmax_t bytes) {
    const auto path = folder_ / whole.filename();
    fs::copy_file(whole, path, fs::copy_options::overwrite_existing);
    fs::permissions(path, fs::perms::owner_write, fs::perm_options::add);
    fs::resize_file(path, fs::file_size(whole) - bytes);
    return path;
  }
  fs::path folder_ = fs::temp_directory_path() / ("lamin-bytes-" + std::to_string(::getpid()));
};

TEST_F(ByteStreamTest, CompressedFilesAreReadOnTheWay) {
  const fs::path obo = LAMIN_SOURCE_DIR "/tests/data/obo";
  EXPECT_THAT(all_of(*open_bytes(obo / "cl-basic_2022-11-25.obo.gz")), HasSubstr("id: CL:0000084\n"));
  EXPECT_THAT(all_of(*open_bytes(obo / "hsapdv_2025-01-23.owl.zst")), HasSubstr("</rdf:RDF>"));
  EXPECT_THAT(all_of(*open_bytes(data / "pathways.obo.zip")), HasSubstr("name: pathway ontology"));
  for (const char* name : {"cl-basic_2022-11-25.obo.gz", "hsapdv_2025-01-23.owl.zst"}) {
    const auto path = cut(obo / name, 100);
    EXPECT_THAT(message_of([&] { all_of(*open_bytes(path)); }, Code::corrupt), HasSubstr("ends too early")) << name;
  }
}

TEST_F(ByteStreamTest, AnOntologyInAZipIsRead) {
  const auto terms = read_terms(data / "pathways.obo.zip");
  EXPECT_EQ(terms.ontology + " " + terms.version, "pw 7.97");
  ASSERT_EQ(terms.terms.size(), 1U);
}

TEST_F(ByteStreamTest, ArchivesOfSeveralFilesAndWorkbooksAreRefusedByName) {
  EXPECT_THAT(message_of([&] { open_bytes(data / "taxdmp.zip"); }, Code::unsupported),
              HasSubstr("3 files (citations.dmp, names.dmp, nodes.dmp)"));
  EXPECT_THAT(message_of([&] { open_bytes(data / "book.xlsx"); }, Code::unsupported), HasSubstr("workbook of Excel"));
  const auto path = cut(data / "taxdmp.zip", 30);
  EXPECT_THAT(message_of([&] { open_bytes(path); }, Code::corrupt), HasSubstr("list of its files"));
}

TEST_F(ByteStreamTest, ATaxonomyIsReadFromEveryArchive) {
  for (const char* archive : {"taxdmp.zip", "taxdump.tar.gz"}) {
    EXPECT_TRUE(is_taxonomy(data / archive)) << archive;
    int parents = 0;
    std::vector<std::string> taxa;
    read_taxonomy(
        data / archive, [&](const Taxon& taxon) { taxa.push_back(taxon.scientific_name + "/" + taxon.common_name); },
        [&](std::uint32_t, std::uint32_t) { ++parents; });
    EXPECT_THAT(taxa,
                ElementsAre("root/", "cellular organisms/", "Eukaryota/eucaryotes", "Homo/", "Homo sapiens/human"));
    EXPECT_EQ(parents, 4) << archive;
  }
  const auto path = cut(data / "taxdump.tar.gz", 40);
  EXPECT_THAT(
      message_of([&] { read_taxonomy(path, [](const Taxon&) {}, [](std::uint32_t, std::uint32_t) {}); }, Code::corrupt),
      HasSubstr("ends too early"));
  EXPECT_FALSE(is_taxonomy(data / "pathways.obo.zip"));
  EXPECT_FALSE(is_taxonomy(data / "uniprot_P60904.dat"));
}

TEST(LinesTest, EndAsTextsEnd) {
  const auto lines_of = [](std::string_view text) {
    TextBytes bytes(text);
    Lines lines(bytes);
    std::vector<std::string> all;
    for (std::string_view line; lines.next(line);) all.emplace_back(line);
    EXPECT_EQ(lines.number(), static_cast<std::int64_t>(all.size()));
    return all;
  };
  EXPECT_THAT(lines_of("\xEF\xBB\xBF"
                       "a\r\n\nb"),
              ElementsAre("a", "", "b"));
  EXPECT_THAT(lines_of(""), ElementsAre());
  EXPECT_THAT(lines_of("\n"), ElementsAre(""));
  const std::string long_line(10'000'000, 'x');
  EXPECT_THAT(lines_of("a\n" + long_line + "\nb\n"), ElementsAre("a", long_line, "b"));
  const std::string longer(Lines::longest + 10, 'x');
  EXPECT_THAT(message_of([&] { lines_of(longer); }, Code::corrupt), HasSubstr("line 1 is longer than 64 MiB"));
}

}  // namespace
}  // namespace lamin::format
