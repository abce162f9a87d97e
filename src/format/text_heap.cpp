#include "format/text_heap.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <vector>
#include "format/hdf5_outline.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

constexpr std::size_t header = 16, object_header = 16;
constexpr std::int64_t usual = 4096;                      ///< bytes of a heap, unless a text is longer
constexpr std::int64_t together = std::int64_t{8} << 20;  ///< fetched at once

struct Cell {
  std::uint32_t length = 0, number = 0;
  std::uint64_t address = 0;
};

Cell cell_at(const std::byte* at) {
  Cell cell;
  std::memcpy(&cell.length, at, sizeof(cell.length));
  std::memcpy(&cell.address, at + 4, sizeof(cell.address));
  std::memcpy(&cell.number, at + 12, sizeof(cell.number));
  return cell;
}

template <class T>
T number_at(std::string_view bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return value;
}

[[noreturn]] void broken(const std::string& name) {
  throw Error(Code::corrupt,
              fmt::format("'{}' has a text that is not where it should be: it is damaged. Get or write it "
                          "again.",
                          name));
}

/// The texts of one heap by number.
using Numbered = std::vector<std::string_view>;

std::uint64_t size_in(std::string_view bytes, const std::string& name) {
  if (bytes.size() < header || !bytes.starts_with(std::string_view("GCOL\x01", 5))) broken(name);
  return number_at<std::uint64_t>(bytes, 8);
}

Numbered numbered(std::string_view heap, const std::string& name) {
  Numbered texts;
  std::size_t at = header;
  while (at + object_header <= heap.size()) {
    const auto number = number_at<std::uint16_t>(heap, at);
    const auto size = number_at<std::uint64_t>(heap, at + 8);
    if (number == 0) break;  // the rest is free
    at += object_header;
    if (size > heap.size() - at) broken(name);
    if (texts.size() <= number) texts.resize(number + std::size_t{1});
    texts[number] = heap.substr(at, static_cast<std::size_t>(size));
    at += (static_cast<std::size_t>(size) + 7) / 8 * 8;
  }
  return texts;
}

/// Heaps that lie side by side.
struct Span {
  std::int64_t begin = 0, end = 0;
  std::vector<std::uint64_t> addresses;
  std::string bytes = {};
};

}  // namespace

ArrayTexts TextHeap::texts(std::span<const std::byte> cells) const {
  const auto count = cells.size() / text_cell;
  std::vector<std::uint64_t> addresses;
  for (std::size_t i = 0; i < count; ++i) {
    const auto cell = cell_at(cells.data() + i * text_cell);
    if (cell.length == 0) continue;
    if (addresses.empty() || addresses.back() != cell.address) addresses.push_back(cell.address);
  }
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  std::vector<Span> spans;
  for (const auto address : addresses) {
    if (address > static_cast<std::uint64_t>(file_size_)) broken(name_);
    const auto at = static_cast<std::int64_t>(address) + begin_, end = std::min(at + usual, file_size_);
    if (end - at < static_cast<std::int64_t>(header)) broken(name_);
    const bool joins = !spans.empty() && at - spans.back().end <= gap_ && end - spans.back().begin <= together;
    if (!joins) spans.push_back({at, end, {}, {}});
    spans.back().end = std::max(spans.back().end, end);
    spans.back().addresses.push_back(address);
  }
  std::unordered_map<std::uint64_t, Numbered> heaps;
  std::vector<std::string> longer;
  longer.reserve(addresses.size());  // views point into them
  for (auto& span : spans) {
    span.bytes.resize(static_cast<std::size_t>(span.end - span.begin));
    fetch_(span.begin, std::as_writable_bytes(std::span(span.bytes)));
    for (const auto address : span.addresses) {
      const auto at = static_cast<std::int64_t>(address) + begin_;
      auto bytes = std::string_view(span.bytes).substr(static_cast<std::size_t>(at - span.begin));
      const auto size = size_in(bytes, name_);
      if (size > static_cast<std::uint64_t>(file_size_ - at)) broken(name_);
      if (size > bytes.size()) {
        longer.emplace_back(static_cast<std::size_t>(size), '\0');
        fetch_(at, std::as_writable_bytes(std::span(longer.back())));
        bytes = longer.back();
      }
      heaps.emplace(address, numbered(bytes.substr(0, static_cast<std::size_t>(size)), name_));
    }
  }
  ArrayTexts out;
  out.ends.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto cell = cell_at(cells.data() + i * text_cell);
    if (cell.length > 0) {
      const auto& texts = heaps.at(cell.address);
      if (cell.number >= texts.size() || texts[cell.number].size() < cell.length) broken(name_);
      auto text = texts[cell.number].substr(0, cell.length);
      // Some writers count the NUL at the end.
      out.bytes += text.substr(0, text.find('\0'));
    }
    out.ends.push_back(static_cast<std::int64_t>(out.bytes.size()));
  }
  return out;
}

}  // namespace lamin::format
