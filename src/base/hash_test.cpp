#include "base/hash.hpp"
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <string>
#include <vector>
#include "base/testing.hpp"

namespace lamin::base {
namespace {

using test::failure_of;
using test::TempFolder;

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

FileHash hash_in_pieces(std::string_view text, std::size_t piece, std::int64_t size, std::int64_t ends) {
  FileHasher hasher(size, ends);
  for (std::size_t at = 0; at < text.size(); at += piece) hasher.add(bytes(text.substr(at, piece)));
  return hasher.finish();
}

TEST(Hash, TextsHaveLaminDBsHash) {
  EXPECT_EQ(md5_base64("a"), "DMF1ucDxtqgxw5niaXcmYQ");
  EXPECT_EQ(md5_base64("b"), "kutf_uauL-w61xx3dTFXjw");
  EXPECT_EQ(md5_base64("abc"), "kAFQmDzST7DWlj99KOF_cg");
  EXPECT_EQ(hex(md5("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Hash, Base64IsUrlSafeAndUnpadded) {
  const std::vector<std::uint8_t> b16 = {0x9b, 0x89, 0xc8, 0xc1, 0xac, 0xf7, 0x9d, 0xba,
                                         0x5b, 0x53, 0x41, 0xd1, 0xff, 0xf9, 0x80, 0x6f};
  EXPECT_EQ(base64url(b16), "m4nIwaz3nbpbU0HR__mAbw");
  EXPECT_EQ(base64url(b16, 5), "m4nIw");
  EXPECT_EQ(base64url(bytes("f")), "Zg");
  EXPECT_EQ(base64url(bytes("fo")), "Zm8");
  EXPECT_EQ(base64url({}), "");
}

TEST(Hash, AFileLargerThanTwoEndsIsHashedByThem) {
  for (const std::int64_t size : {-1, 3}) {
    const FileHash hash = hash_in_pieces("abc", 1, size, 1);
    EXPECT_EQ(hash.hash, "p0EbDbQEP1wS-Tw6TuBjKS");
    EXPECT_EQ(hash.type, "sha1-fl");
    EXPECT_EQ(hash.size, 3);
  }
}

TEST(Hash, PiecesAndAKnownSizeChangeNothing) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 7);
  for (const std::int64_t ends : {1, 10, 333, 499, 500, 501, 999, 1000, 1001}) {
    const FileHash whole = hash_in_pieces(text, 1000, 1000, ends);
    EXPECT_EQ(whole.type, ends < 1000 ? "sha1-fl" : "md5");
    for (const std::size_t piece : {1, 7, 100, 999, 1000}) {
      const FileHash streamed = hash_in_pieces(text, piece, -1, ends);
      EXPECT_EQ(streamed.hash, whole.hash) << ends << " " << piece;
      EXPECT_EQ(streamed.type, whole.type);
      EXPECT_EQ(streamed.digest, whole.digest);
      EXPECT_EQ(hash_in_pieces(text, piece, 1000, ends).hash, whole.hash) << ends << " " << piece;
    }
  }
}

TEST(Hash, ADigestSeesWhatTheEndsDoNot) {
  const FileHash one = hash_in_pieces("aaXaa", 5, -1, 2);
  const FileHash other = hash_in_pieces("aaYaa", 5, -1, 2);
  EXPECT_EQ(one.hash, other.hash);
  EXPECT_NE(one.digest, other.digest);
}

TEST(Hash, DigestsAreBlake3) {
  EXPECT_EQ(FileHasher().finish().digest, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  EXPECT_EQ(hash_in_pieces(std::string_view("\0", 1), 1, -1, 9).digest,
            "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213");
}

TEST(Hash, AFolderIsHashedWithoutNamesButDigestedWithThem) {
  const TempFolder folder;
  folder.write("x/a.txt", "a");
  folder.write("x/sub/b.txt", "b");
  folder.write("x/empty", "");
  folder.write("y/b.txt", "a");
  folder.write("y/sub/a.txt", "b");
  folder.write("y/empty", "");
  const FileHash x = hash_path(folder / "x");
  EXPECT_EQ(x.hash, "Gw7D5VgZ2vGCi5x7q-Bo3Q");
  EXPECT_EQ(x.type, "md5-d");
  EXPECT_EQ(x.size, 2);
  EXPECT_EQ(x.files, 3);
  const FileHash y = hash_path(folder / "y");
  EXPECT_EQ(y.hash, x.hash);
  EXPECT_NE(y.digest, x.digest);
  EXPECT_EQ(hash_path(folder / "x").digest, x.digest);
}

TEST(Hash, ManyFilesGiveTheSameHashAsOneByOne) {
  const TempFolder folder;
  std::vector<std::pair<std::string, FileHash>> files;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "f" + std::to_string(i);
    files.emplace_back(name, hash_path(folder.write(name, std::string(static_cast<std::size_t>(i) * 100, 'x'))));
  }
  const FileHash one_by_one = combine(files);
  std::swap(files.front(), files.back());
  EXPECT_EQ(combine(files).digest, one_by_one.digest);
  const FileHash together = hash_path(folder.path());
  EXPECT_EQ(together.hash, one_by_one.hash);
  EXPECT_EQ(together.digest, one_by_one.digest);
  EXPECT_EQ(together.size, 199 * 200 / 2 * 100);
}

TEST(Hash, AFolderHasThatOfItsSortedHashes) {
  constexpr std::string_view alphabet = "_-zaZA90bB";
  std::vector<std::pair<std::string, FileHash>> files;
  std::vector<std::string> hashes{"", "not of 22 characters", "with a blank, of 22 ch"};
  for (std::size_t i = 0; i < 500; ++i) {
    std::string hash;
    for (std::size_t at = 0; at < 22; ++at) hash += alphabet[(i * 7 + at * at * (i % 13) + i / 10) % alphabet.size()];
    hashes.push_back(hash);
  }
  for (std::size_t i = 0; i < hashes.size(); ++i) files.push_back({std::to_string(i), {.hash = hashes[i]}});
  std::ranges::sort(hashes);
  std::string all;
  for (const auto& hash : hashes) {
    const auto digest = md5(hash);
    all.append(digest.begin(), digest.end());
  }
  EXPECT_EQ(combine(files).hash, base64url(md5(all), 22));
}

TEST(Hash, ALargeFileHasTheHashOfLaminDB) {
  const TempFolder folder;
  std::string block;
  for (int i = 0; i < 256; ++i) block += static_cast<char>(i);
  std::string content;
  content.reserve(ends_size + 4);
  for (int i = 0; i < 50 * 4096; ++i) content += block;
  content += "tail";
  const FileHash hash = hash_path(folder.write("big", content));
  EXPECT_EQ(hash.hash, "EcEMb8xF3cmjjcFq9Luhhs");
  EXPECT_EQ(hash.type, "sha1-fl");
  EXPECT_EQ(hash.size, ends_size + 4);
}

TEST(Hash, EmptyFoldersAndFilesAreFine) {
  const TempFolder folder;
  const FileHash nothing = hash_path(folder.path());
  EXPECT_EQ(nothing.files, 0);
  EXPECT_EQ(nothing.size, 0);
  EXPECT_EQ(nothing.hash.size(), 22U);
  EXPECT_EQ(hash_path(folder.write("empty", "")).hash, md5_base64(""));
}

TEST(Hash, WhatCannotBeReadIsSaidSo) {
  const TempFolder folder;
  EXPECT_THAT(failure_of(Code::not_found, [&] { hash_path(folder / "missing.h5ad"); }),
              ::testing::HasSubstr("missing.h5ad"));
  const auto pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(failure_of(Code::invalid_argument, [&] { hash_path(folder.path()); }),
              ::testing::HasSubstr("a named pipe"));
  std::filesystem::remove(pipe);
  FileHasher hasher(10);
  hasher.add(bytes("short"));
  failure_of(Code::conflict, [&] { hasher.finish(); });
  if (::geteuid() != 0) {  // root reads everything
    const auto secret = folder.write("secret", "x");
    ::chmod(secret.c_str(), 0);
    failure_of(Code::no_access, [&] { hash_path(secret); });
    failure_of(Code::no_access, [&] { hash_path(folder.path()); });
  }
}

}  // namespace
}  // namespace lamin::base
