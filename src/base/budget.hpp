// budget.hpp -- how much memory the content of one foreign file may take, and how long reading it may last.
//
// A few bytes can claim any size (a shape, a compressed run of zeros), so a reader asks here before it takes memory.
// The limit grows with what is stored: `floor` + `ratio` times the bytes on disk, at most `most`. Deflate shrinks a run
// of zeros by 1,032; tables that name their rows stay far below 256. LAMIN_READ_BUDGET ("8GB") sets the limit itself,
// whatever is stored; LAMIN_READ_SECONDS sets the time.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace lamin::base {

struct ReadLimits {
  std::int64_t floor = std::int64_t{64} << 20, ratio = 256;
  std::int64_t most = std::int64_t{2} << 30;  ///< bytes
  std::int64_t seconds = 0;                   ///< of CPU time; 0 = 10, plus one for each 20 MB stored
  bool explicit_bytes = false;                ///< only `most` counts

  /// `most` is a quarter of the memory, at least 2 GiB. Throws invalid_argument for a value that is not a size.
  static ReadLimits from_environment();
  std::int64_t bytes_for(std::int64_t stored) const;
  std::int64_t seconds_for(std::int64_t stored) const;
};

/// "8GB", "512 MiB", "1000000" in bytes. Throws invalid_argument.
std::int64_t parse_size(std::string_view text);
/// "73 MB"
std::string size_text(std::int64_t bytes);

class Budget {
 public:
  /// `name` is the file's, for messages.
  Budget(std::string name, std::int64_t stored, const ReadLimits& limits = ReadLimits::from_environment());
  /// More bytes of the file were found on disk.
  void add_stored(std::int64_t bytes) { stored_ += bytes; }
  std::int64_t stored() const { return stored_; }
  /// Call before taking memory for `count` cells of `width` bytes each. Throws corrupt beyond the limit; `what` names
  /// what needs them.
  void take(std::uint64_t count, std::uint64_t width, std::string_view what);
  /// The same for memory that is freed at once.
  void check(std::uint64_t count, std::uint64_t width, std::string_view what) const;
  void check_document(std::int64_t bytes,
                      std::string_view what);  ///< text that becomes a tree of values, 16 times as large
  std::int64_t limit() const { return limits_.bytes_for(stored_); }
  std::int64_t left() const { return limit() - taken_; }
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  std::string name_;
  ReadLimits limits_;
  std::int64_t stored_, taken_ = 0, documents_ = 0;
};

}  // namespace lamin::base
