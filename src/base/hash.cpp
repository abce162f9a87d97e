// hash.cpp -- digests of bytes, and the state that hashes one file in one pass.
//
// LaminDB's hash of a large file needs its first and last 50 MiB. If the size is known beforehand, both are hashed as
// they pass; otherwise the last 50 MiB are kept in a ring.
#include "base/hash.hpp"
#include <llvm-c/blake3.h>
#include <openssl/evp.h>
#include <algorithm>
#include <array>
#include <cstring>
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

namespace {

// OpenSSL's incremental digest, freed with its owner.
class Digest {
 public:
  explicit Digest(const EVP_MD* kind) : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_, kind, nullptr) != 1) {
      EVP_MD_CTX_free(context_);
      throw Error(Code::unavailable, "OpenSSL refuses to compute a digest: is it in FIPS mode, which forbids md5?");
    }
  }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  ~Digest() { EVP_MD_CTX_free(context_); }

  void add(std::span<const std::uint8_t> bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }
  std::vector<std::uint8_t> finish() {
    std::vector<std::uint8_t> result(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    EVP_DigestFinal_ex(context_, result.data(), &size);
    result.resize(size);
    return result;
  }

 private:
  EVP_MD_CTX* context_;
};

}  // namespace

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
    if (expected >= 0 && expected != size) {
      throw Error(Code::conflict, "The file changed while it was read: save it again when nothing writes to it.");
    }
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
  Digest whole{EVP_md5()};
  Digest first{EVP_sha1()};
  Digest last{EVP_sha1()};
  std::vector<std::uint8_t> first_digest;
  std::vector<std::uint8_t> ring;
  std::size_t ring_end = 0;
};

FileHasher::FileHasher(std::int64_t size, std::int64_t ends) : state_(std::make_unique<State>(ends, size)) {}
FileHasher::~FileHasher() = default;
void FileHasher::add(std::span<const std::uint8_t> bytes) { state_->add(bytes); }
FileHash FileHasher::finish() { return state_->finish(); }

FileHash combine(const std::vector<std::pair<std::string, FileHash>>& files, std::vector<std::string> empty_folders) {
  FileHash result;
  result.type = "md5-d";
  result.files = static_cast<std::int64_t>(files.size());
  std::vector<std::string> hashes;
  hashes.reserve(files.size());
  for (const auto& [path, file] : files) hashes.push_back(file.hash);
  std::sort(hashes.begin(), hashes.end());
  std::string digests;
  for (const auto& hash : hashes) digests += view(md5(hash));
  result.hash = base64url(md5(digests), hash_size);

  std::vector<const std::pair<std::string, FileHash>*> sorted;
  sorted.reserve(files.size());
  for (const auto& file : files) sorted.push_back(&file);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  std::sort(empty_folders.begin(), empty_folders.end());
  llvm_blake3_hasher manifest;
  llvm_blake3_hasher_init(&manifest);
  const auto add = [&](const std::string& line) { llvm_blake3_hasher_update(&manifest, line.data(), line.size()); };
  for (const auto* file : sorted) {
    const auto& [path, hash] = *file;
    result.size += hash.size;
    // NUL and newline work as separators: neither a path nor a number can hold a NUL.
    add(path + '\0' + std::to_string(hash.size) + '\0' + hash.digest + '\n');
  }
  // No path is empty, so a line that starts with NUL is none of the above.
  using namespace std::string_literals;
  for (const auto* file : sorted) {
    if (file->second.is_executable) add("\0x"s + file->first + "\0\n"s);
  }
  for (const auto& path : empty_folders) add("\0d"s + path + "\0\n"s);
  std::array<std::uint8_t, LLVM_BLAKE3_OUT_LEN> out{};
  llvm_blake3_hasher_finalize(&manifest, out.data(), out.size());
  result.digest = hex(out);
  return result;
}

}  // namespace lamin::base
