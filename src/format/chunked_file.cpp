#include "format/chunked_file.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <boost/json/object.hpp>
#include <cstring>
#include <limits>
#include <tuple>
#include "base/budget.hpp"
#include "base/json.hpp"
#include "base/threads.hpp"
#include "format/codecs.hpp"
#include "format/unfilter.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

std::size_t bytes_of(std::int64_t cells, std::size_t width) { return static_cast<std::size_t>(cells) * width; }

/// Runs that are read from a file in the order in which they lie there, neighbours at once.
class Gatherer {
 public:
  Gatherer(std::int64_t gap, std::span<std::byte> into) : gap_(gap), into_(into) {}

  struct Run {
    std::int64_t from = 0, to = 0, size = 0;
  };

  template <class Fetch>
  void add(Run run, const Fetch& fetch) {
    runs_.push_back(run);
    if (runs_.size() == most) flush(fetch);
  }

  template <class Fetch>
  void flush(const Fetch& fetch) {
    std::sort(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) { return a.from < b.from; });
    std::vector<std::pair<std::size_t, std::size_t>> groups;
    std::int64_t end = 0;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const auto& run = runs_[i];
      const bool joins =
          i > 0 && run.from - end <= gap_ && run.from + run.size - runs_[groups.back().first].from <= largest;
      if (!joins) groups.emplace_back(i, i);
      groups.back().second = i + 1;
      end = joins ? std::max(end, run.from + run.size) : run.from + run.size;
    }
    base::in_parallel(groups.size(), [&](std::size_t i) { read(groups[i], fetch); });
    runs_.clear();
  }

 private:
  static constexpr std::size_t most = 1 << 16;
  static constexpr std::int64_t largest = std::int64_t{16} << 20;

  template <class Fetch>
  void read(std::pair<std::size_t, std::size_t> group, const Fetch& fetch) {
    const auto& first = runs_[group.first];
    if (group.second - group.first == 1) {
      return fetch(first.from, into_.subspan(static_cast<std::size_t>(first.to), static_cast<std::size_t>(first.size)));
    }
    std::int64_t end = first.from;
    for (auto i = group.first; i < group.second; ++i) end = std::max(end, runs_[i].from + runs_[i].size);
    std::vector<std::byte> bytes(static_cast<std::size_t>(end - first.from));
    fetch(first.from, bytes);
    for (auto i = group.first; i < group.second; ++i) {
      const auto& run = runs_[i];
      std::memcpy(into_.data() + run.to, bytes.data() + (run.from - first.from), static_cast<std::size_t>(run.size));
    }
  }

  std::int64_t gap_;
  std::span<std::byte> into_;
  std::vector<Run> runs_;
};

void fill_runs(const StoredArray& array, const Plan& plan, std::size_t tile, std::span<std::byte> into) {
  const auto width = array.info.type.size;
  plan.runs(tile, [&](std::int64_t, std::int64_t to, std::int64_t count) {
    auto* at = into.data() + bytes_of(to, width);
    if (array.fill.size() != width) {
      std::memset(at, 0, bytes_of(count, width));
      return;
    }
    for (std::int64_t i = 0; i < count; ++i) std::memcpy(at + bytes_of(i, width), array.fill.data(), width);
  });
}

void copy_runs(const Plan& plan, std::size_t tile, std::size_t width, const char* chunk, std::span<std::byte> into) {
  plan.runs(tile, [&](std::int64_t from, std::int64_t to, std::int64_t count) {
    std::memcpy(into.data() + bytes_of(to, width), chunk + bytes_of(from, width), bytes_of(count, width));
  });
}

}  // namespace

std::vector<std::string> ChunkedFile::attribute(const std::string& path, const std::string& name) {
  const auto document = base::parse_json(attributes(path));
  const auto* found = document.get_object().if_contains(name);
  std::vector<std::string> texts;
  const auto add = [&](const boost::json::value& value) {
    texts.push_back(value.is_string() ? std::string(value.get_string()) : base::write_json(value));
  };
  if (found != nullptr && found->is_array()) {
    for (const auto& item : found->get_array()) add(item);
  } else if (found != nullptr && !found->is_null()) {
    add(*found);
  }
  return texts;
}

std::vector<std::int64_t> StoredArray::grid() const {
  std::vector<std::int64_t> grid;
  for (std::size_t i = 0; i < info.shape.size(); ++i)
    grid.push_back(info.shape[i] / info.chunks[i] + (info.shape[i] % info.chunks[i] != 0 ? 1 : 0));
  return grid;
}

std::int64_t StoredArray::chunk_cells() const {
  std::int64_t cells = 1;
  for (const auto size : info.chunks) cells *= size;
  return cells;
}

void ChunkedFile::check_claim(std::int64_t cells, std::size_t width, const std::string& where) const {
  // A stored byte becomes 1,032 at most when it is inflated; zstd and missing chunks could claim any size.
  constexpr std::int64_t floor = std::int64_t{64} << 20, most_ratio = 1032;
  if (width == 0 || cells <= floor / static_cast<std::int64_t>(width)) return;
  const auto stored = std::min(stored_bytes(), std::numeric_limits<std::int64_t>::max() / (2 * most_ratio));
  auto most = floor + most_ratio * stored;
  if (const auto limits = base::ReadLimits::from_environment(); limits.explicit_bytes) most = limits.most;
  if (cells <= most / static_cast<std::int64_t>(width)) return;
  throw Error(
      Code::corrupt,
      fmt::format("'{}' claims {} cells of {} bytes in a file of {}: it is damaged or made to harm. If you trust "
                  "it, read less of it at once, or set LAMIN_READ_BUDGET, for instance to 8GB.",
                  where, cells, width, base::size_text(stored_bytes())));
}

void ChunkedFile::read(const std::string& path, const Selection& selection, std::span<std::byte> into) {
  const auto array = stored(path);
  const auto width = array->info.type.size;
  if (width == 0)
    throw Error(Code::invalid_argument, fmt::format("'{}' holds texts: read them as such.", array->where));
  const Plan plan(array->info, selection, array->where);
  check_claim(plan.cells(), width, array->where);
  if (into.size() != bytes_of(plan.cells(), width)) {
    throw Error(Code::invalid_argument,
                fmt::format("{} bytes cannot hold {} cells of '{}'.", into.size(), plan.cells(), array->where));
  }
  if (into.empty()) return;
  if (array->all) {
    if (array->all->size() != bytes_of(plan.chunk_cells(), width))
      throw Error(Code::corrupt, fmt::format("'{}' is shorter than its shape says.", array->where));
    for (std::size_t tile = 0; tile < plan.tiles(); ++tile) copy_runs(plan, tile, width, array->all->data(), into);
    return;
  }
  if (array->filters.empty()) read_direct(*array, plan, into);
  else read_decoded(*array, plan, into);
}

void ChunkedFile::read_direct(const StoredArray& array, const Plan& plan, std::span<std::byte> into) {
  const auto width = array.info.type.size;
  const auto whole = bytes_of(plan.chunk_cells(), width);
  std::string object;
  Gatherer gatherer(gap(), into);
  const auto fetch = [&](std::int64_t from, std::span<std::byte> part) {
    fetch_into({object, from, static_cast<std::int64_t>(part.size()), 0}, part);
  };
  for (std::size_t tile = 0; tile < plan.tiles(); ++tile) {
    const auto piece = locate(array, plan.chunk(tile));
    if (!piece) {
      fill_runs(array, plan, tile, into);
      continue;
    }
    if (piece->size >= 0 && static_cast<std::size_t>(piece->size) < whole)
      throw Error(Code::corrupt, fmt::format("A chunk of '{}' is shorter than its shape says.", array.where));
    if (piece->object != object) {
      gatherer.flush(fetch);
      object = piece->object;
    }
    plan.runs(tile, [&](std::int64_t from, std::int64_t to, std::int64_t count) {
      gatherer.add({piece->offset + static_cast<std::int64_t>(bytes_of(from, width)),
                    static_cast<std::int64_t>(bytes_of(to, width)), static_cast<std::int64_t>(bytes_of(count, width))},
                   fetch);
    });
  }
  gatherer.flush(fetch);
}

/// Chunks that lie side by side in one object.
struct ChunkedFile::Task {
  Piece span;
  std::vector<std::pair<std::size_t, Piece>> tiles;
};

void ChunkedFile::read_decoded(const StoredArray& array, const Plan& plan, std::span<std::byte> into) {
  const auto width = array.info.type.size;
  // What is left of a chunk is worth keeping if it is most of it.
  const auto decoded = plan.tiles() * bytes_of(plan.chunk_cells(), width);
  const bool keeps = decoded <= most_kept() / 2 && bytes_of(plan.cells(), width) < decoded / 4;
  std::vector<std::pair<std::size_t, Piece>> wanted;
  for (std::size_t tile = 0; tile < plan.tiles(); ++tile) {
    const auto chunk = plan.chunk(tile);
    if (const auto known = keeps ? kept(array, chunk) : nullptr) {
      copy_runs(plan, tile, width, known->data(), into);
    } else if (auto piece = locate(array, chunk)) {
      wanted.emplace_back(tile, std::move(*piece));
    } else {
      fill_runs(array, plan, tile, into);
    }
  }
  std::sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.object, a.second.offset) < std::tie(b.second.object, b.second.offset);
  });
  std::vector<Task> tasks;
  for (auto& [tile, piece] : wanted) {
    if (!tasks.empty()) {
      auto& span = tasks.back().span;
      const auto end = span.offset + span.size;
      const bool joins = span.size >= 0 && piece.size >= 0 && span.object == piece.object && piece.offset >= end &&
                         piece.offset - end <= gap() && piece.offset + piece.size - span.offset <= most_together();
      if (joins) {
        span.size = piece.offset + piece.size - span.offset;
        tasks.back().tiles.emplace_back(tile, piece);
        continue;
      }
    }
    tasks.push_back({piece, {}});
    tasks.back().tiles.emplace_back(tile, piece);
  }
  const auto decode_task = [&](std::size_t i) {
    const auto& task = tasks[i];
    const auto bytes = fetch(task.span);
    for (const auto& [tile, piece] : task.tiles) {
      const auto part = task.tiles.size() == 1
                            ? std::string_view(bytes)
                            : std::string_view(bytes).substr(static_cast<std::size_t>(piece.offset - task.span.offset),
                                                             static_cast<std::size_t>(piece.size));
      auto cells = decode(array, piece, part);
      if (!keeps) {
        copy_runs(plan, tile, width, cells.data(), into);
      } else {
        copy_runs(plan, tile, width, remember(array, plan.chunk(tile), std::move(cells))->data(), into);
      }
    }
  };
  constexpr std::size_t worth_a_thread = std::size_t{128} << 10;  // decoding this takes longer than starting one
  const auto each = wanted.size() * bytes_of(plan.chunk_cells(), width) / std::max<std::size_t>(1, tasks.size());
  base::in_parallel(tasks.size(), decode_task,
                    std::max<std::size_t>(1, worth_a_thread / std::max<std::size_t>(1, each)));
}

std::string ChunkedFile::decode(const StoredArray& array, const Piece& piece, std::string_view stored) const {
  const auto expected = array.info.type.size > 0
                            ? static_cast<std::int64_t>(bytes_of(array.chunk_cells(), array.info.type.size))
                            : std::int64_t{-1};
  if (expected >= 0) check_claim(array.chunk_cells(), array.info.type.size, array.where);
  std::string bytes;
  auto now = stored;
  try {
    for (std::size_t i = 0; i < array.filters.size(); ++i) {
      const auto& filter = array.filters[i];
      if (filter.bit < 32 && ((piece.skipped >> filter.bit) & 1U) != 0) continue;
      // Only what comes after can change the size: a checksum adds four bytes.
      const bool exact = std::all_of(array.filters.begin() + static_cast<std::ptrdiff_t>(i) + 1, array.filters.end(),
                                     [](const Filter& later) { return later.codec == "shuffle"; });
      bytes =
          unfilter(filter.codec, filter.width, now, {.expected = exact ? expected : -1, .most = array.most_decoded});
      now = bytes;
    }
  } catch (Error& error) {
    error.add_context(fmt::format("while reading '{}'", array.where));
    throw;
  }
  if (now.data() == stored.data()) bytes = stored;
  if (expected >= 0 && static_cast<std::int64_t>(bytes.size()) != expected) {
    throw Error(Code::corrupt,
                fmt::format("A chunk of '{}' has {} bytes instead of {}.", array.where, bytes.size(), expected));
  }
  return arranged(array, std::move(bytes));
}

std::size_t ChunkedFile::most_kept() {
  const std::lock_guard lock(mutex_);
  return most_kept_;
}

void ChunkedFile::keep(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  most_kept_ = bytes;
}

std::shared_ptr<const std::string> ChunkedFile::kept(const StoredArray& array, std::int64_t chunk) {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find({array.path, chunk});
  if (found == known_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->bytes;
}

std::shared_ptr<const std::string> ChunkedFile::remember(const StoredArray& array, std::int64_t chunk,
                                                         std::string bytes) {
  auto held = std::make_shared<const std::string>(std::move(bytes));
  const std::lock_guard lock(mutex_);
  const Key key{array.path, chunk};
  if (held->size() > most_kept_ || known_.contains(key)) return held;
  recent_.push_front({key, held});
  known_[key] = recent_.begin();
  now_kept_ += held->size();
  while (now_kept_ > most_kept_) {
    now_kept_ -= recent_.back().bytes->size();
    known_.erase(recent_.back().key);
    recent_.pop_back();
  }
  return held;
}

}  // namespace lamin::format
