// hash.cpp -- digests of bytes, and the state that hashes one file in one pass.
//
// LaminDB's hash of a large file needs its first and last 50 MiB. If the size is known beforehand, both are hashed as
// they pass; otherwise the last 50 MiB are kept in a ring.
#include "base/hash.hpp"
#include <llvm-c/blake3.h>
#include <openssl/hmac.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <optional>
#include "base/evp_digest.hpp"
#include "base/source_file.hpp"
#include "lamin/error.hpp"

namespace lamin::base {
namespace {

constexpr std::size_t hash_size = 22;  // characters of base64 that LaminDB keeps

std::vector<std::uint8_t> digest(const EVP_MD* kind, std::string_view bytes) {
  std::vector<std::uint8_t> result(static_cast<std::size_t>(EVP_MD_get_size(kind)));
  if (EVP_Digest(bytes.data(), bytes.size(), result.data(), nullptr, kind, nullptr) != 1) {
    throw Error(Code::unavailable, "OpenSSL refuses to compute a digest: is it in FIPS mode, which forbids md5?");
  }
  return result;
}

std::string_view view(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string base64url(std::span<const std::uint8_t> bytes, std::size_t size) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  text.reserve(bytes.size() * 4 / 3 + 3);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) bits = (bits << 8) | (j < count ? bytes[i + j] : 0U);
    for (std::size_t j = 0; j <= count; ++j) text += alphabet[(bits >> (18 - 6 * j)) & 63];
  }
  if (size > 0 && text.size() > size) text.resize(size);
  return text;
}

std::vector<std::uint8_t> md5(std::string_view bytes) { return digest(EVP_md5(), bytes); }
std::vector<std::uint8_t> sha1(std::string_view bytes) { return digest(EVP_sha1(), bytes); }
std::vector<std::uint8_t> sha256(std::string_view bytes) { return digest(EVP_sha256(), bytes); }

std::vector<std::uint8_t> hmac_sha256(std::span<const std::uint8_t> key, std::string_view bytes) {
  std::vector<std::uint8_t> result(32);
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
           bytes.size(), result.data(), &size) == nullptr) {
    throw Error(Code::unavailable, "OpenSSL refuses to compute a signature.");
  }
  return result;
}

std::string base64(std::span<const std::uint8_t> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  return text;
}

std::string md5_base64(std::string_view text) { return base64url(md5(text)); }

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

struct FileHasher::State {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): blake3 has a function for that
  State(std::int64_t chunk, std::int64_t size) : chunk(chunk), expected(size) { llvm_blake3_hasher_init(&blake3); }

  // Size unknown: keeps everything up to `chunk` bytes; beyond that, the last `chunk` of them in a ring.
  void keep(std::span<const std::uint8_t> bytes) {
    const auto room = static_cast<std::size_t>(chunk);
    while (!bytes.empty()) {
      if (ring.size() < room) {
        const std::size_t count = std::min(bytes.size(), room - ring.size());
        ring.insert(ring.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
        bytes = bytes.subspan(count);
        continue;
      }
      if (first_digest.empty()) first_digest = sha1(view(ring));
      const std::size_t count = std::min(bytes.size(), room - ring_end);
      std::memcpy(ring.data() + ring_end, bytes.data(), count);
      ring_end = (ring_end + count) % room;
      bytes = bytes.subspan(count);
    }
  }

  // Size known to exceed `chunk`: hashes the two ends as they pass.
  void add_ends(std::span<const std::uint8_t> bytes, std::int64_t offset) {
    auto part = [&](std::int64_t from, std::int64_t to) {
      from = std::clamp<std::int64_t>(from - offset, 0, static_cast<std::int64_t>(bytes.size()));
      to = std::clamp<std::int64_t>(to - offset, from, static_cast<std::int64_t>(bytes.size()));
      return bytes.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
    };
    first.add(part(0, chunk));
    last.add(part(expected - chunk, expected));
  }

  void add(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return;
    llvm_blake3_hasher_update(&blake3, bytes.data(), bytes.size());
    if (expected > chunk) {
      add_ends(bytes, size);
    } else {
      if (expected < 0) keep(bytes);
      if (size <= chunk) whole.add(bytes);
    }
    size += static_cast<std::int64_t>(bytes.size());
  }

  std::string ends_hash() {
    std::vector<std::uint8_t> both = expected > chunk ? first.finish() : first_digest;
    std::vector<std::uint8_t> tail;
    if (expected > chunk) {
      tail = last.finish();
    } else {
      std::rotate(ring.begin(), ring.begin() + static_cast<std::ptrdiff_t>(ring_end), ring.end());
      tail = sha1(view(ring));
    }
    both.insert(both.end(), tail.begin(), tail.end());
    return base64url(sha1(view(both)), hash_size);
  }

  FileHash finish() {
    if (expected >= 0 && expected != size) { throw_changed(); }
    FileHash result;
    result.size = size;
    result.type = size > chunk ? "sha1-fl" : "md5";
    result.hash = size > chunk ? ends_hash() : base64url(whole.finish(), hash_size);
    std::array<std::uint8_t, LLVM_BLAKE3_OUT_LEN> out{};
    llvm_blake3_hasher_finalize(&blake3, out.data(), out.size());
    result.digest = hex(out);
    return result;
  }

  const std::int64_t chunk;
  const std::int64_t expected;  // -1: unknown
  std::int64_t size = 0;
  llvm_blake3_hasher blake3;
  EvpDigest whole{EVP_md5()};
  EvpDigest first{EVP_sha1()};
  EvpDigest last{EVP_sha1()};
  std::vector<std::uint8_t> first_digest;
  std::vector<std::uint8_t> ring;
  std::size_t ring_end = 0;
};

FileHasher::FileHasher(std::int64_t size, std::int64_t ends) : state_(std::make_unique<State>(ends, size)) {}
FileHasher::~FileHasher() = default;
void FileHasher::add(std::span<const std::uint8_t> bytes) { state_->add(bytes); }
FileHash FileHasher::finish() { return state_->finish(); }

namespace {

/// A LaminDB hash in 17 bytes instead of 22 characters: six bits each, which sort as the characters do.
using Packed = std::array<std::uint8_t, 17>;
constexpr std::string_view sorted_alphabet = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// nullopt if the text is not such a hash.
std::optional<Packed> packed(std::string_view hash) {
  if (hash.size() != hash_size) return std::nullopt;
  Packed out{};
  for (std::size_t i = 0; i < hash_size; ++i) {
    const auto rank = sorted_alphabet.find(hash[i]);
    if (rank == sorted_alphabet.npos) return std::nullopt;
    const std::size_t byte = i * 6 / 8, shift = i * 6 % 8;
    const auto bits = static_cast<std::uint32_t>(rank) << (10 - shift);
    out[byte] |= static_cast<std::uint8_t>(bits >> 8);
    if (byte + 1 < out.size()) out[byte + 1] |= static_cast<std::uint8_t>(bits);
  }
  return out;
}

std::array<char, hash_size> unpacked(const Packed& packed) {
  std::array<char, hash_size> hash{};
  for (std::size_t i = 0; i < hash_size; ++i) {
    const std::size_t byte = i * 6 / 8, shift = i * 6 % 8;
    const std::uint32_t next = byte + 1 < packed.size() ? packed[byte + 1] : 0U;
    hash[i] = sorted_alphabet[((std::uint32_t{packed[byte]} << 8 | next) >> (10 - shift)) & 63];
  }
  return hash;
}

}  // namespace

// Memory for a file is that of its LaminDB hash, which are sorted at the end.
struct FolderHasher::State {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): blake3 has a function for that
  State() { llvm_blake3_hasher_init(&manifest); }

  void line(const std::string& text) { llvm_blake3_hasher_update(&manifest, text.data(), text.size()); }

  llvm_blake3_hasher manifest;
  std::deque<Packed> hashes;        // which, unlike a vector, is never there twice while it grows
  std::vector<std::string> others;  // unknown ones
  std::vector<std::string> executables;
  FileHash result = {.type = "md5-d", .files = 0};
};

FolderHasher::FolderHasher() : state_(std::make_unique<State>()) {}
FolderHasher::~FolderHasher() = default;

void FolderHasher::add(std::string_view path, const FileHash& file) {
  auto& s = *state_;
  ++s.result.files;
  s.result.size += file.size;
  if (const auto hash = packed(file.hash)) s.hashes.push_back(*hash);
  else s.others.push_back(file.hash);
  // NUL and newline work as separators: neither a path nor a number can hold a NUL.
  s.line(std::string(path) + '\0' + std::to_string(file.size) + '\0' + file.digest + '\n');
  if (file.is_executable) s.executables.emplace_back(path);
}

FileHash FolderHasher::finish(std::vector<std::string> empty_folders) {
  auto& s = *state_;
  std::ranges::sort(s.hashes);
  std::ranges::sort(s.others);
  EvpDigest all(EVP_md5());
  auto other = s.others.begin();
  for (const auto& one : s.hashes) {
    const auto hash = unpacked(one);
    const std::string_view text(hash.data(), hash.size());
    for (; other != s.others.end() && *other < text; ++other) all.add(md5(*other));
    all.add(md5(text));
  }
  for (; other != s.others.end(); ++other) all.add(md5(*other));
  s.result.hash = base64url(all.finish(), hash_size);
  // No path is empty, so a line that starts with NUL is none of the above.
  using namespace std::string_literals;
  for (const auto& path : s.executables) s.line("\0x"s + path + "\0\n"s);
  std::ranges::sort(empty_folders);
  for (const auto& path : empty_folders) s.line("\0d"s + path + "\0\n"s);
  std::array<std::uint8_t, LLVM_BLAKE3_OUT_LEN> out{};
  llvm_blake3_hasher_finalize(&s.manifest, out.data(), out.size());
  s.result.digest = hex(out);
  return std::move(s.result);
}

FileHash combine(const std::vector<std::pair<std::string, FileHash>>& files, std::vector<std::string> empty_folders) {
  std::vector<const std::pair<std::string, FileHash>*> sorted;
  sorted.reserve(files.size());
  for (const auto& file : files) sorted.push_back(&file);
  std::ranges::sort(sorted, {}, [](const auto* file) -> const std::string& { return file->first; });
  FolderHasher hasher;
  for (const auto* file : sorted) hasher.add(file->first, file->second);
  return hasher.finish(std::move(empty_folders));
}

}  // namespace lamin::base
