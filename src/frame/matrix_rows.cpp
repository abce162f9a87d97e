// matrix_rows.cpp -- rows of matrices, dense or sparse by rows, as rows of numbers.
#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cstring>
#include <type_traits>
#include <utility>
#include "lamin/array_file.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

using Number = MatrixRows::Number;

/// Calls `work` with a value of the type of a number.
template <class Work>
auto with_type(Number number, const Work& work) {
  switch (number) {
    case Number::int8: return work(std::int8_t{});
    case Number::int16: return work(std::int16_t{});
    case Number::int32: return work(std::int32_t{});
    case Number::int64: return work(std::int64_t{});
    case Number::uint8: return work(std::uint8_t{});
    case Number::uint16: return work(std::uint16_t{});
    case Number::uint32: return work(std::uint32_t{});
    case Number::uint64: return work(std::uint64_t{});
    case Number::float32: return work(float{});
    case Number::float64: break;
  }
  return work(double{});
}

void swap_bytes(std::span<std::byte> cells, std::size_t width) {
  for (std::size_t at = 0; at + width <= cells.size(); at += width)
    std::reverse(cells.begin() + static_cast<std::ptrdiff_t>(at),
                 cells.begin() + static_cast<std::ptrdiff_t>(at + width));
}

std::vector<std::byte> cells_of(ArrayFile& file, const std::string& path, const Selection& selection, Number number,
                                bool swapped) {
  std::int64_t count = 1;
  for (const auto& axis : selection) {
    std::int64_t here = 0;
    for (const auto& range : axis) here += range.count;
    count *= here;
  }
  std::vector<std::byte> cells(static_cast<std::size_t>(count) * size_of(number));
  file.read(path, selection, cells);
  if (swapped) swap_bytes(cells, size_of(number));
  return cells;
}

/// The same numbers in another type.
template <class To, class From>
To number_as(From value) {
  return static_cast<To>(value);  // NOLINT(bugprone-signed-char-misuse): eight bits are a number here, no character
}

template <class To>
std::vector<To> converted(std::span<const std::byte> cells, Number from) {
  std::vector<To> out(cells.size() / size_of(from));
  with_type(from, [&](auto type) {
    using From = decltype(type);
    for (std::size_t i = 0; i < out.size(); ++i) {
      From value;
      std::memcpy(&value, cells.data() + i * sizeof(From), sizeof(From));
      out[i] = number_as<To>(value);
    }
  });
  return out;
}

[[noreturn]] void corrupt(const std::string& path, std::string_view why) {
  throw Error(Code::corrupt, fmt::format("The matrix '{}' {}.", path, why));
}

Number number_at(ArrayFile& file, const std::string& path, bool& swapped) {
  const auto type = file.info(path).type;
  const auto number = number_of(type);
  if (!number)
    throw Error(
        Code::unsupported,
        fmt::format("The matrix '{}' holds no numbers of 8 to 64 bits, which alone can be read by rows.", path));
  swapped = type.is_big_endian && type.size > 1;
  return *number;
}

/// "csr" or "csc", and its shape, as any version of anndata states them.
std::pair<std::string, std::vector<std::int64_t>> sparse_layout(ArrayFile& file, const std::string& path) {
  std::pair<std::string, std::vector<std::int64_t>> layout{"csr", {}};
  for (const auto* name : {"encoding-type", "h5sparse_format"})
    if (const auto found = file.attribute(path, name); !found.empty()) layout.first = found[0].substr(0, 3);
  for (const auto* name : {"shape", "h5sparse_shape"}) {
    for (const auto& text : file.attribute(path, name)) {
      std::int64_t size = -1;
      std::from_chars(text.data(), text.data() + text.size(), size);
      layout.second.push_back(size);
    }
    if (!layout.second.empty()) break;
  }
  return layout;
}

}  // namespace

std::size_t size_of(Number number) {
  return with_type(number, [](auto type) { return sizeof(type); });
}

std::optional<Number> number_of(const ArrayType& type) {
  using Kind = ArrayType::Kind;
  constexpr Number integers[] = {Number::int8, Number::int16, Number::int32, Number::int64};
  constexpr Number naturals[] = {Number::uint8, Number::uint16, Number::uint32, Number::uint64};
  const auto log = type.size == 1 ? 0 : type.size == 2 ? 1 : type.size == 4 ? 2 : type.size == 8 ? 3 : -1;
  if (type.kind == Kind::boolean && log == 0) return Number::uint8;
  if (type.kind == Kind::integer && log >= 0) return integers[log];
  if (type.kind == Kind::natural && log >= 0) return naturals[log];
  if (type.kind == Kind::real && log >= 2) return log == 2 ? Number::float32 : Number::float64;
  return std::nullopt;
}

MatrixRows::MatrixRows(std::shared_ptr<ArrayFile> file, std::string path)
    : file_(std::move(file)), path_(std::move(path)) {
  if (file_->kind(path_) == ArrayFile::Node::array) {
    const auto shape = file_->info(path_).shape;
    if (shape.size() != 1 && shape.size() != 2)
      corrupt(path_, fmt::format("has {} dimensions instead of 2", shape.size()));
    rows_ = shape[0];
    columns_ = shape.size() == 2 ? shape[1] : 1;
    stored_ = number_at(*file_, path_, swapped_);
    wide_ = columns_;
    return;
  }
  sparse_ = true;
  const auto [format, shape] = sparse_layout(*file_, path_);
  if (format == "csc")
    throw Error(
        Code::unsupported,
        fmt::format("'{}' is a csc matrix, of which single rows cannot be read: store it as csr_matrix.", path_));
  if (shape.size() != 2 || shape[0] < 0 || shape[1] < 0) corrupt(path_, "does not state its shape");
  rows_ = shape[0];
  columns_ = wide_ = shape[1];
  stored_ = number_at(*file_, path_ + "/data", swapped_);
  indices_ = number_at(*file_, path_ + "/indices", indices_swapped_);
  bool starts_swapped = false;
  const auto starts = number_at(*file_, path_ + "/indptr", starts_swapped);
  starts_ = converted<std::int64_t>(
      cells_of(*file_, path_ + "/indptr", file_->whole(path_ + "/indptr"), starts, starts_swapped), starts);
  const auto data = file_->info(path_ + "/data").shape, indices = file_->info(path_ + "/indices").shape;
  const bool fits = std::ssize(starts_) == rows_ + 1 && data.size() == 1 && indices == data && starts_.front() == 0 &&
                    starts_.back() <= data[0] && std::is_sorted(starts_.begin(), starts_.end());
  if (!fits) corrupt(path_, "has an index of its rows (indptr) that does not fit to its data");
}

void MatrixRows::place_columns(std::vector<std::int32_t> places, std::int64_t wide) {
  const bool fits = std::ssize(places) == columns_ &&
                    std::all_of(places.begin(), places.end(), [&](auto place) { return place >= -1 && place < wide; });
  if (!fits)
    throw Error(Code::invalid_argument, fmt::format("Places of {} columns do not fit to the {} of '{}' in {}.",
                                                    places.size(), columns_, path_, wide));
  places_ = std::move(places);
  wide_ = wide;
  placed_ = true;
}

void MatrixRows::read(std::span<const std::int64_t> rows, Number as, std::span<std::byte> into) const {
  for (const auto row : rows)
    if (row < 0 || row >= rows_)
      throw Error(Code::invalid_argument, fmt::format("'{}' has no row {}: it has {}.", path_, row, rows_));
  if (into.size() != rows.size() * static_cast<std::size_t>(wide_) * size_of(as))
    throw Error(Code::invalid_argument,
                fmt::format("{} bytes cannot hold {} rows of {} numbers.", into.size(), rows.size(), wide_));
  if (into.empty()) return;
  if (sparse_) read_sparse(rows, as, into);
  else read_dense(rows, as, into);
}

void MatrixRows::read_dense(std::span<const std::int64_t> rows, Number as, std::span<std::byte> into) const {
  Selection selection(1);
  for (const auto row : rows) {
    auto& ranges = selection[0];
    if (!ranges.empty() && ranges.back().begin + ranges.back().count == row) ++ranges.back().count;
    else ranges.push_back({row, 1});
  }
  if (file_->info(path_).shape.size() == 2) selection.push_back({{0, columns_}});
  if (!placed_ && as == stored_ && !swapped_) return file_->read(path_, selection, into);
  const auto cells = cells_of(*file_, path_, selection, stored_, swapped_);
  if (placed_) std::memset(into.data(), 0, into.size());
  with_type(stored_, [&](auto from) {
    with_type(as, [&](auto to) {
      using From = decltype(from);
      using To = decltype(to);
      const auto* in = reinterpret_cast<const From*>(cells.data());
      auto* out = reinterpret_cast<To*>(into.data());
      for (std::size_t row = 0; row < rows.size(); ++row, in += columns_, out += wide_) {
        for (std::int64_t j = 0; j < columns_; ++j) {
          const auto place = placed_ ? places_[static_cast<std::size_t>(j)] : j;
          if (place >= 0) out[place] = number_as<To>(in[j]);
        }
      }
    });
  });
}

void MatrixRows::read_sparse(std::span<const std::int64_t> rows, Number as, std::span<std::byte> into) const {
  Selection selection(1);
  for (const auto row : rows) {
    const auto begin = starts_[static_cast<std::size_t>(row)], end = starts_[static_cast<std::size_t>(row) + 1];
    if (end == begin) continue;
    auto& ranges = selection[0];
    if (!ranges.empty() && ranges.back().begin + ranges.back().count == begin) ranges.back().count += end - begin;
    else ranges.push_back({begin, end - begin});
  }
  const auto cells = cells_of(*file_, path_ + "/data", selection, stored_, swapped_);
  const auto raw = cells_of(*file_, path_ + "/indices", selection, indices_, indices_swapped_);
  std::vector<std::int32_t> narrow;
  if (indices_ != Number::int32) narrow = converted<std::int32_t>(raw, indices_);
  const auto* columns = narrow.empty() ? reinterpret_cast<const std::int32_t*>(raw.data()) : narrow.data();
  std::memset(into.data(), 0, into.size());
  with_type(stored_, [&](auto from) {
    with_type(as, [&](auto to) {
      using From = decltype(from);
      using To = decltype(to);
      const auto* in = reinterpret_cast<const From*>(cells.data());
      auto* out = reinterpret_cast<To*>(into.data());
      for (const auto row : rows) {
        const auto count = starts_[static_cast<std::size_t>(row) + 1] - starts_[static_cast<std::size_t>(row)];
        for (std::int64_t i = 0; i < count; ++i, ++in, ++columns) {
          if (*columns < 0 || *columns >= columns_)
            corrupt(path_, fmt::format("has a value in column {} of {}", *columns, columns_));
          const auto place = placed_ ? places_[static_cast<std::size_t>(*columns)] : *columns;
          if (place >= 0) out[place] = number_as<To>(*in);
        }
        out += wide_;
      }
    });
  });
}

}  // namespace lamin
