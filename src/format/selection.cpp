#include "format/selection.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "lamin/error.hpp"

namespace lamin::format {

Plan::Plan(const ArrayInfo& info, const Selection& selection, const std::string& where) : chunks_(info.chunks) {
  if (selection.size() != info.shape.size()) {
    throw Error(Code::invalid_argument, fmt::format("'{}' has {} dimensions, but {} were selected.", where,
                                                    info.shape.size(), selection.size()));
  }
  for (std::size_t axis = 0; axis < selection.size(); ++axis) {
    std::int64_t count = 0;
    const auto size = info.shape[axis];
    for (const auto& range : selection[axis]) {
      if (range.count < 0 || range.begin < 0 || range.begin > size || range.count > size - range.begin) {
        throw Error(Code::invalid_argument, fmt::format("Rows {} to {} of '{}' do not exist: dimension {} has {}.",
                                                        range.begin, range.begin + range.count, where, axis, size));
      }
      count += range.count;
    }
    result_.push_back(count);
    grid_.push_back(size / chunks_[axis] + (size % chunks_[axis] != 0 ? 1 : 0));
    axes_.push_back(cut(selection[axis], chunks_[axis]));
    cells_ *= count;
    chunk_cells_ *= chunks_[axis];
    tiles_ *= axes_.back().groups.size();
  }
}

Plan::Axis Plan::cut(const std::vector<Range>& ranges, std::int64_t chunk) {
  Axis axis;
  std::int64_t to = 0;
  for (const auto& range : ranges) {
    for (std::int64_t done = 0; done < range.count;) {
      const auto at = range.begin + done, from = at % chunk, count = std::min(range.count - done, chunk - from);
      axis.segments.push_back({at / chunk, from, to, count});
      done += count;
      to += count;
    }
  }
  const auto before = [](const Segment& a, const Segment& b) { return a.chunk < b.chunk; };
  if (!std::is_sorted(axis.segments.begin(), axis.segments.end(), before))
    std::stable_sort(axis.segments.begin(), axis.segments.end(), before);
  for (std::size_t i = 0; i < axis.segments.size(); ++i) {
    if (i == 0 || axis.segments[i].chunk != axis.segments[i - 1].chunk) axis.groups.push_back({i, i});
    axis.groups.back().end = i + 1;
  }
  return axis;
}

std::vector<std::size_t> Plan::axes_at(std::size_t tile) const {
  std::vector<std::size_t> at(axes_.size());
  for (std::size_t axis = axes_.size(); axis-- > 0;) {
    const auto groups = axes_[axis].groups.size();
    at[axis] = tile % groups;
    tile /= groups;
  }
  return at;
}

std::int64_t Plan::chunk(std::size_t tile) const {
  const auto at = axes_at(tile);
  std::int64_t number = 0;
  for (std::size_t axis = 0; axis < at.size(); ++axis) {
    const auto& [segments, groups] = axes_[axis];
    number = number * grid_[axis] + segments[groups[at[axis]].begin].chunk;
  }
  return number;
}

bool Plan::is_whole(std::size_t axis, std::size_t group) const {
  const auto& [segments, groups] = axes_[axis];
  const auto [begin, end] = groups[group];
  if (end - begin != 1) return false;
  const auto& s = segments[begin];
  return s.from == 0 && s.to == 0 && s.count == chunks_[axis] && s.count == result_[axis];
}

}  // namespace lamin::format
