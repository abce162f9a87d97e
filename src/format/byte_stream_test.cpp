// Streams of files, compressed and in archives.
#include "format/byte_stream.hpp"
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <fstream>
#include <set>
#include "base/hostile_names_testing.hpp"
#include "format/codecs.hpp"
#include "format/format.hpp"
#include "format/taxonomy.hpp"
#include "format/term_table.hpp"
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

/// A zip archive of one file, which it does not compress, and what it says of it.
struct Zip {
  std::string name = "a.obo", text = "[Term]\nid: X:1\nname: a\n";
  std::uint32_t crc = codecs().crc32(0, text), size = static_cast<std::uint32_t>(text.size());
  unsigned flags = 0, records = 1;

  std::string bytes() const {
    const auto stored = static_cast<std::uint32_t>(text.size());
    const auto local = "PK\x03\x04" + number(20, 2) + number(flags, 2) + number(0, 2) + number(0, 4) + number(crc, 4) +
                       number(stored, 4) + number(size, 4) + number(name.size(), 2) + number(0, 2) + name + text;
    const auto list = "PK\x01\x02" + number(20, 2) + number(20, 2) + number(flags, 2) + number(0, 2) + number(0, 4) +
                      number(crc, 4) + number(stored, 4) + number(size, 4) + number(name.size(), 2) + number(0, 12) +
                      number(0, 4) + name;
    return local + list + "PK\x05\x06" + number(0, 4) + number(records, 2) + number(records, 2) +
           number(list.size(), 4) + number(local.size(), 4) + number(0, 2);
  }
  static std::string number(std::uint64_t value, std::size_t width) {
    std::string out;
    for (; width > 0; --width, value >>= 8) out += static_cast<char>(value & 0xFF);
    return out;
  }
};

/// A tar archive of one file.
std::string tar_of(std::string_view name, std::string_view text) {
  std::string head(512, '\0');
  head.replace(0, std::min<std::size_t>(name.size(), 100), name.substr(0, 100));
  head.replace(100, 8, "0000644");
  head.replace(124, 12, fmt::format("{:011o}", text.size()) + std::string(1, '\0'));
  head[156] = '0';
  head.replace(257, 8,
               std::string("ustar\0"
                           "00",
                           8));
  head.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : head) sum += static_cast<unsigned char>(c);
  head.replace(148, 8, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  std::string body(text);
  body.resize((text.size() + 511) / 512 * 512, '\0');
  return head + body + std::string(1024, '\0');
}

TEST_F(ByteStreamTest, NoNameInAnArchiveLeadsOutOfIt) {
  const auto files_in = [](const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) names.insert(entry.path().string());
    return names;
  };
  const auto in = folder_ / "in";
  fs::create_directories(in);
  for (const auto* archive : {"a.zip", "a.tar"}) std::ofstream(in / archive) << "";
  const auto before = files_in(folder_);
  int read = 0;
  for (const auto& name : base::hostile_names()) {
    const auto member = name + ".obo";
    const Zip zip{.name = member};
    std::ofstream(in / "a.zip") << zip.bytes();
    std::ofstream(in / "a.tar") << tar_of(member, zip.text);
    for (const auto* archive : {"a.zip", "a.tar"}) {
      try {
        read += read_terms(in / archive).terms.size() == 1 ? 1 : 0;
      } catch (const Error& e) { EXPECT_NE(e.code(), Code::internal) << member; }
    }
  }
  EXPECT_GE(read, 500) << "the content of an archive does not depend on its names";
  EXPECT_EQ(files_in(folder_), before);
}

TEST_F(ByteStreamTest, WhatAnArchiveSaysOfItsFilesIsChecked) {
  const auto message = [&](const Zip& zip, Code code) {
    std::ofstream(folder_ / "a.zip") << zip.bytes();
    return message_of([&] { all_of(*open_bytes(folder_ / "a.zip")); }, code);
  };
  const Zip good;
  std::ofstream(folder_ / "good.zip") << good.bytes();
  EXPECT_EQ(all_of(*open_bytes(folder_ / "good.zip")), good.text);
  EXPECT_EQ(read_terms(folder_ / "good.zip").terms.size(), 1U);
  EXPECT_THAT(message({.crc = good.crc ^ 1U}, Code::corrupt), HasSubstr("'a.obo' has another checksum"));
  EXPECT_THAT(message({.size = good.size + 1}, Code::corrupt), HasSubstr("holds 23 bytes instead of 24"));
  EXPECT_THAT(message({.size = good.size - 1}, Code::corrupt), HasSubstr("holds more than the 22 bytes"));
  EXPECT_THAT(message({.flags = 1}, Code::unsupported), HasSubstr("'a.obo' in "));
  EXPECT_THAT(message({.flags = 1}, Code::unsupported), HasSubstr("has a password"));
  EXPECT_THAT(message({.records = 2}, Code::corrupt), HasSubstr("its list names 1 files, and should name 2"));
  EXPECT_THAT(message({.records = 0}, Code::corrupt), HasSubstr("its list names 1 files, and should name 0"));
}

TEST_F(ByteStreamTest, AnArchiveWithoutFilesIsNoOntology) {
  const auto path = folder_ / "empty.obo";
  std::ofstream(path) << "PK\x05\x06" + Zip::number(0, 18);
  EXPECT_THAT(message_of([&] { open_bytes(path); }, Code::corrupt), HasSubstr("is an archive without files"));
  EXPECT_THAT(message_of([&] { read_terms(path); }, Code::corrupt), HasSubstr("is an archive without files"));
}

TEST_F(ByteStreamTest, WhatBreaksOnTheWaySaysInWhichFile) {
  const auto path = cut(LAMIN_SOURCE_DIR "/tests/data/obo/cl-basic_2022-11-25.obo.gz", 100);
  try {
    all_of(*open_bytes(path));
    FAIL();
  } catch (const Error& error) { EXPECT_THAT(error.context(), ElementsAre("while reading '" + path.string() + "'")); }
  const auto wide = folder_ / "wide.csv";
  std::ofstream(wide) << "a,b\n" << std::string(Lines::longest + 10, 'x');
  EXPECT_THAT(message_of([&] { read_text_table(wide); }, Code::corrupt), HasSubstr("wide.csv', line 2 is longer"));
}

TEST_F(ByteStreamTest, GzipMayBePaddedWithZeros) {
  const fs::path whole = LAMIN_SOURCE_DIR "/tests/data/obo/cl-basic_2022-11-25.obo.gz";
  const auto text = all_of(*open_bytes(whole));
  const auto path = cut(whole, 0);
  const auto add = [&](const std::string& bytes) { std::ofstream(path, std::ios::app) << bytes; };
  add(std::string(200'000, '\0'));
  EXPECT_TRUE(all_of(*open_bytes(path)) == text);
  EXPECT_GT(read_terms(path).terms.size(), 2000U);
  add("no gzip");
  EXPECT_THAT(message_of([&] { all_of(*open_bytes(path)); }, Code::corrupt), HasSubstr("header"));
  EXPECT_THAT(message_of([&] { read_terms(path); }, Code::corrupt), HasSubstr("header"));
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
  EXPECT_THAT(message_of([&] { lines_of(longer); }, Code::corrupt),
              HasSubstr("'a text', line 1 is longer than 64 MiB"));
}

}  // namespace
}  // namespace lamin::format
