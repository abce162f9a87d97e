// blake3_tree.hpp -- BLAKE3 of one long input by several threads.
//
// BLAKE3 is a tree over chunks of 1 KiB: what an aligned power of two of bytes contributes can be computed without the
// bytes before it. LLVM's hasher does not offer that, but its state is public: a hasher that is told where it starts
// leaves the two values below such a subtree on its stack.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace lamin::base::blake3 {

constexpr std::size_t piece_size = std::size_t{256} << 10;  ///< stays in the cache between reading, hashing and writing

/// What a subtree contributes to the digest.
using Value = std::array<std::uint8_t, 32>;

/// Of the whole piece with this number, which is not the last one of the input.
Value value_of(std::uint64_t number, std::span<const std::uint8_t> piece);
/// Of 2^n subtrees of the same size that lie side by side, the first at a multiple of all of them.
Value folded(std::vector<Value> values);

/// The digest, from the subtrees in order and the rest.
class Root {
 public:
  /// A subtree of 2^n pieces, at a multiple of its size.
  void add(Value value, std::uint64_t pieces);
  /// The last 1 to `piece_size` bytes; at least one piece precedes them.
  std::array<std::uint8_t, 32> finish(std::span<const std::uint8_t> rest) const;

 private:
  std::uint64_t pieces_ = 0;
  std::vector<Value> stack_;  // one for each bit of `pieces_`, the largest first
};

}  // namespace lamin::base::blake3
