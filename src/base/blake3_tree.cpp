// blake3_tree.cpp -- the values of subtrees are LLVM's; the few nodes above them are computed here, by the definition.
#include "base/blake3_tree.hpp"
#include <llvm-c/blake3.h>
#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace lamin::base::blake3 {
namespace {

using Words = std::array<std::uint32_t, 16>;

constexpr std::array<std::uint32_t, 8> iv = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                             0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
constexpr std::array<std::size_t, 16> permutation = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

void mix(Words& v, std::size_t a, std::size_t b, std::size_t c, std::size_t d, std::uint32_t x, std::uint32_t y) {
  v[a] += v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 12);
  v[a] += v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 8);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 7);
}

Value parent(const Value& left, const Value& right) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint32_t is_parent = 4;
  constexpr int rounds = 7;
  Words m{};
  std::memcpy(m.data(), left.data(), left.size());
  std::memcpy(m.data() + 8, right.data(), right.size());
  Words v = {iv[0], iv[1], iv[2], iv[3], iv[4], iv[5], iv[6], iv[7], iv[0], iv[1], iv[2], iv[3], 0, 0, 64, is_parent};
  for (int round = 0; round < rounds; ++round) {
    mix(v, 0, 4, 8, 12, m[0], m[1]);
    mix(v, 1, 5, 9, 13, m[2], m[3]);
    mix(v, 2, 6, 10, 14, m[4], m[5]);
    mix(v, 3, 7, 11, 15, m[6], m[7]);
    mix(v, 0, 5, 10, 15, m[8], m[9]);
    mix(v, 1, 6, 11, 12, m[10], m[11]);
    mix(v, 2, 7, 8, 13, m[12], m[13]);
    mix(v, 3, 4, 9, 14, m[14], m[15]);
    Words next{};
    for (std::size_t i = 0; i < next.size(); ++i) next[i] = m[permutation[i]];
    m = next;
  }
  for (std::size_t i = 0; i < 8; ++i) v[i] ^= v[i + 8];
  Value value{};
  std::memcpy(value.data(), v.data(), value.size());
  return value;
}

}  // namespace

Value value_of(std::uint64_t number, std::span<const std::uint8_t> piece) {
  llvm_blake3_hasher hasher;  // NOLINT(cppcoreguidelines-pro-type-member-init): blake3 has a function for that
  llvm_blake3_hasher_init(&hasher);
  hasher.chunk.chunk_counter = number * (piece_size / LLVM_BLAKE3_CHUNK_LEN);
  llvm_blake3_hasher_update(&hasher, piece.data(), piece.size());
  Value left{}, right{};
  std::memcpy(left.data(), hasher.cv_stack, left.size());
  std::memcpy(right.data(), hasher.cv_stack + left.size(), right.size());
  return parent(left, right);
}

Value folded(std::vector<Value> values) {
  for (auto size = values.size(); size > 1; size /= 2)
    for (std::size_t i = 0; i < size / 2; ++i) values[i] = parent(values[2 * i], values[2 * i + 1]);
  return values.front();
}

void Root::add(Value value, std::uint64_t pieces) {
  pieces_ += pieces;
  for (auto subtrees = pieces_ / pieces; subtrees % 2 == 0; subtrees /= 2) {
    value = parent(stack_.back(), value);
    stack_.pop_back();
  }
  stack_.push_back(value);
}

std::array<std::uint8_t, 32> Root::finish(std::span<const std::uint8_t> rest) const {
  llvm_blake3_hasher hasher;  // NOLINT(cppcoreguidelines-pro-type-member-init): blake3 has a function for that
  llvm_blake3_hasher_init(&hasher);
  hasher.chunk.chunk_counter = pieces_ * (piece_size / LLVM_BLAKE3_CHUNK_LEN);
  for (const auto& value : stack_) {
    std::memcpy(hasher.cv_stack + std::size_t{hasher.cv_stack_len} * value.size(), value.data(), value.size());
    ++hasher.cv_stack_len;
  }
  llvm_blake3_hasher_update(&hasher, rest.data(), rest.size());
  std::array<std::uint8_t, LLVM_BLAKE3_OUT_LEN> digest{};
  llvm_blake3_hasher_finalize(&hasher, digest.data(), digest.size());
  return digest;
}

}  // namespace lamin::base::blake3
