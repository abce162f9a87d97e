#include "base/large_hash.hpp"
#include "base/source_file.hpp"
#include "base/testing.hpp"
#include "base/threads.hpp"

namespace lamin::base {
namespace {

constexpr std::int64_t piece = LargeHasher::piece_size, block = 16 * piece;

std::string noise(std::int64_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::uint64_t state = 1;
  for (auto& byte : bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<char>(state >> 56);
  }
  return bytes;
}

std::span<const std::uint8_t> part(const std::string& bytes, std::int64_t from, std::int64_t to) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()) + from, static_cast<std::size_t>(to - from)};
}

FileHash hash_in_ranges(const std::string& bytes, std::int64_t ends, std::size_t worth_a_thread) {
  LargeHasher hasher(std::ssize(bytes), ends);
  in_parallel(
      hasher.ranges().size(),
      [&](std::size_t i) {
        const auto [begin, end] = hasher.ranges()[i];
        for (auto at = begin; at < end; at += piece) hasher.add(i, part(bytes, at, std::min(at + piece, end)));
      },
      worth_a_thread);
  return hasher.finish();
}

TEST(LargeHash, IsWhatOneThreadFinds) {
  const auto all = noise(9 * block + 1);
  for (const std::int64_t size :
       {2 * block + 2, 2 * block + piece, 3 * block - 1, 3 * block, 3 * block + 1, 3 * block + piece,
        4 * block + 5 * piece + 1024, 7 * block, 8 * block + 7 * piece + 17, 9 * block + 1}) {
    const auto bytes = all.substr(0, static_cast<std::size_t>(size));
    for (const std::int64_t ends : {std::int64_t{1}, piece, block - 1, block}) {
      if (!LargeHasher::takes(size, ends)) continue;
      FileHasher plain(size, ends);
      plain.add(part(bytes, 0, size));
      const auto expected = plain.finish();
      for (const std::size_t worth_a_thread : {1, 1000}) {
        const auto found = hash_in_ranges(bytes, ends, worth_a_thread);
        EXPECT_EQ(found.digest, expected.digest) << size << " " << ends;
        EXPECT_EQ(found.hash, expected.hash) << size << " " << ends;
        EXPECT_EQ(found.type, expected.type);
        EXPECT_EQ(found.size, size);
      }
    }
  }
}

TEST(LargeHash, TakesOnlyFilesWhoseEndsAreFarApart) {
  EXPECT_FALSE(LargeHasher::takes(2 * block, block));
  EXPECT_TRUE(LargeHasher::takes(2 * block + 1, block));
  EXPECT_FALSE(LargeHasher::takes(2 * block + 1, block + 1));
  EXPECT_FALSE(LargeHasher::takes(2 * ends_size));
  EXPECT_TRUE(LargeHasher::takes(std::int64_t{110} << 20));
}

TEST(LargeHash, EveryByteCounts) {
  auto bytes = noise(4 * block + 3);
  const auto before = hash_in_ranges(bytes, block, 1).digest;
  for (const std::int64_t at : {std::int64_t{0}, piece, 2 * block - 1, 2 * block, 4 * block - 1, 4 * block + 2}) {
    bytes[static_cast<std::size_t>(at)] ^= 1;
    EXPECT_NE(hash_in_ranges(bytes, block, 1).digest, before) << at;
    bytes[static_cast<std::size_t>(at)] ^= 1;
  }
  EXPECT_EQ(hash_in_ranges(bytes, block, 1).digest, before);
}

TEST(LargeHash, AFileThatGrowsOrShrinksMeanwhileIsRefused) {
  const test::TempFolder folder;
  const auto bytes = noise(1000);
  const auto path = folder.write("file", bytes);
  const SourceFile file(path.string());
  std::vector<std::uint8_t> buffer(1000);
  file.read_whole(0, buffer);
  file.refuse_more();
  folder.write("file", bytes + "more");
  test::failure_of(Code::conflict, [&] { file.refuse_more(); });
  folder.write("file", bytes.substr(1));
  test::failure_of(Code::conflict, [&] { file.read_whole(0, buffer); });
}

}  // namespace
}  // namespace lamin::base
