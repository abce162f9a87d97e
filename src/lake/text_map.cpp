#include "lake/text_map.hpp"

#include <bit>
#include <functional>

namespace lamin::lake {

void TextMap::reserve(std::size_t texts, std::size_t bytes) {
  entries_.reserve(texts);
  bytes_.reserve(bytes);
  if (texts * 2 > slots_.size()) grow(std::bit_ceil(texts * 2 + 16));
}

std::size_t TextMap::slot_of(std::string_view text) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(text)&mask;
  while (slots_[slot] != none && this->text(slots_[slot]) != text) slot = (slot + 1) & mask;
  return slot;
}

void TextMap::grow(std::size_t slots) {
  std::vector<std::uint32_t> old(slots, none);
  old.swap(slots_);
  for (std::uint32_t head : old) {
    if (head != none) slots_[slot_of(text(head))] = head;
  }
}

std::uint32_t TextMap::add(std::string_view text, std::uint32_t row) {
  if ((heads_ + 1) * 2 > slots_.size()) grow(std::bit_ceil(slots_.size() * 2 + 16));
  const std::size_t slot = slot_of(text);
  const std::uint32_t head = slots_[slot];
  const auto entry = static_cast<std::uint32_t>(entries_.size());
  if (head == none) {
    entries_.push_back({bytes_.size(), static_cast<std::uint32_t>(text.size()), row, none, entry});
    bytes_.append(text);
    slots_[slot] = entry;
    ++heads_;
  } else {
    entries_.push_back({entries_[head].begin, entries_[head].size, row, none, entry});
    entries_[entries_[head].last].next = entry;
    entries_[head].last = entry;
  }
  return entry;
}

std::uint32_t TextMap::find(std::string_view text) const { return slots_.empty() ? none : slots_[slot_of(text)]; }

}  // namespace lamin::lake
