// selection.hpp -- which chunks a selection touches, and which runs of cells go from each to where in the result.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>
#include "lamin/array_file.hpp"

namespace lamin::format {

class Plan {
 public:
  /// Throws invalid_argument for a range outside of the array.
  Plan(const ArrayInfo& info, const Selection& selection, const std::string& where);

  std::int64_t cells() const { return cells_; }  ///< of the result
  std::size_t tiles() const { return tiles_; }   ///< chunks that are touched
  std::int64_t chunk(std::size_t tile) const;    ///< its number in the grid, the last dimension fastest
  std::int64_t chunk_cells() const { return chunk_cells_; }
  /// Calls take(cell in the chunk, cell of the result, count) for each run of cells.
  template <class Take>
  void runs(std::size_t tile, const Take& take) const {
    const auto at = axes_at(tile);
    std::int64_t block = 1;
    std::size_t axis = axes_.size();
    for (; axis > 0 && is_whole(axis - 1, at[axis - 1]); --axis) block *= chunks_[axis - 1];
    if (axis == 0) return take(std::int64_t{0}, std::int64_t{0}, block);
    descend(0, axis - 1, at, block, 0, 0, take);
  }

 private:
  struct Segment {
    std::int64_t chunk = 0, from = 0, to = 0, count = 0;
  };
  struct Group {
    std::size_t begin = 0, end = 0;  // segments in the same chunk
  };
  struct Axis {
    std::vector<Segment> segments;
    std::vector<Group> groups;
  };

  static Axis cut(const std::vector<Range>& ranges, std::int64_t chunk);
  std::vector<std::size_t> axes_at(std::size_t tile) const;
  bool is_whole(std::size_t axis, std::size_t group) const;

  template <class Take>
  void descend(std::size_t axis, std::size_t last, const std::vector<std::size_t>& at, std::int64_t block,
               std::int64_t from, std::int64_t to, const Take& take) const {
    const auto& [segments, groups] = axes_[axis];
    const auto group = groups[at[axis]];
    for (auto i = group.begin; i < group.end; ++i) {
      const auto& s = segments[i];
      const auto from_here = from * chunks_[axis] + s.from, to_here = to * result_[axis] + s.to;
      if (axis == last) {
        take(from_here * block, to_here * block, s.count * block);
        continue;
      }
      for (std::int64_t row = 0; row < s.count; ++row)
        descend(axis + 1, last, at, block, from_here + row, to_here + row, take);
    }
  }

  std::vector<std::int64_t> chunks_, grid_, result_;
  std::vector<Axis> axes_;
  std::int64_t cells_ = 1, chunk_cells_ = 1;
  std::size_t tiles_ = 1;
};

}  // namespace lamin::format
