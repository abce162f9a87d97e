// large_hash.hpp -- the hash of one large file, which is what FileHasher says, by several threads that each read (and
// copy) ranges of it.
//
// The two ends that LaminDB hashes are a range each, because their bytes are needed in order; what lies between them is
// cut into smaller ones.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>
#include "base/blake3_tree.hpp"
#include "base/hash.hpp"

namespace lamin::base {

class LargeHasher {
 public:
  static constexpr std::size_t piece_size = blake3::piece_size;
  struct Range {
    std::int64_t begin = 0, end = 0;
  };
  /// Whether a file is large enough that its ends are far apart.
  static bool takes(std::int64_t size, std::int64_t ends = ends_size);

  explicit LargeHasher(std::int64_t size, std::int64_t ends = ends_size);
  ~LargeHasher();
  /// The longest first.
  const std::vector<Range>& ranges() const { return ranges_; }
  /// Bytes of a range in order, `piece_size` each time; the last of the file may be fewer. Different ranges may be
  /// added to at the same time.
  void add(std::size_t range, std::span<const std::uint8_t> piece);
  FileHash finish();

 private:
  struct Ends;
  struct Part {
    std::vector<blake3::Value> folded, pieces;  ///< what is complete, and what follows it
    std::int64_t done = 0;
  };

  std::int64_t size_;
  std::vector<Range> ranges_;
  std::vector<Part> parts_;  // of the range of the same number
  std::vector<std::uint8_t> rest_;
  std::unique_ptr<Ends> ends_;
};

}  // namespace lamin::base
