// text_map.hpp -- maps texts to row numbers, for tables that are queried often.
//
// A hash table with its own memory for the texts: a look-up takes a view and allocates nothing. One text may stand for
// several rows, which are returned in the order they were added.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::lake {

class TextMap {
 public:
  static constexpr std::uint32_t none = 0xffff'ffff;

  void reserve(std::size_t texts, std::size_t bytes);
  /// Returns the entry's number; entries are numbered from 0 without gaps.
  std::uint32_t add(std::string_view text, std::uint32_t row);
  /// First entry with this text, or `none`; `next` returns the others.
  std::uint32_t find(std::string_view text) const;
  /// Whether each text exists. In a batch the memory accesses overlap, which is several times faster than one by one.
  std::vector<bool> contains(std::span<const std::string> texts) const;
  std::uint32_t next(std::uint32_t entry) const { return entries_[entry].next; }

  std::uint32_t row(std::uint32_t entry) const { return entries_[entry].row; }
  std::string_view text(std::uint32_t entry) const {
    const Entry& e = entries_[entry];
    return std::string_view(bytes_).substr(e.begin, e.size);
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }

 private:
  struct Entry {
    std::uint64_t begin;
    std::uint32_t size, row, next, last;  // last: tail of the chain, kept in its head
  };
  struct Slot {
    std::uint32_t head = none;
    std::uint32_t mark = 0;  // bits of the hash, to tell most different texts apart without comparing them
  };
  void grow(std::size_t slots);
  std::size_t slot_of(std::string_view text, std::size_t hash) const;

  std::string bytes_;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;  // a power of two, at most half full
  std::size_t heads_ = 0;
};

}  // namespace lamin::lake
