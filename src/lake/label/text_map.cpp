#include "lake/label/text_map.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

namespace lamin::lake {
namespace {

std::size_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }
std::uint32_t mark_of(std::size_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

void TextMap::reserve(std::size_t texts, std::size_t bytes) {
  entries_.reserve(texts);
  bytes_.reserve(bytes);
  if (texts * 2 > slots_.size()) grow(std::bit_ceil(texts * 2 + 16));
}

std::size_t TextMap::slot_of(std::string_view text, std::size_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot].head != none && (slots_[slot].mark != mark_of(hash) || this->text(slots_[slot].head) != text)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void TextMap::grow(std::size_t slots) {
  std::vector<Slot> old(slots);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.head == none) continue;
    const std::string_view text = this->text(slot.head);
    slots_[slot_of(text, hash_of(text))] = slot;
  }
}

std::uint32_t TextMap::add(std::string_view text, std::uint32_t row) {
  if ((heads_ + 1) * 2 > slots_.size()) grow(std::bit_ceil(slots_.size() * 2 + 16));
  const std::size_t hash = hash_of(text);
  const std::size_t slot = slot_of(text, hash);
  const std::uint32_t head = slots_[slot].head;
  const auto entry = static_cast<std::uint32_t>(entries_.size());
  if (head == none) {
    entries_.push_back({bytes_.size(), static_cast<std::uint32_t>(text.size()), row, none, entry});
    bytes_.append(text);
    slots_[slot] = {entry, mark_of(hash)};
    ++heads_;
  } else {
    entries_.push_back({entries_[head].begin, entries_[head].size, row, none, entry});
    entries_[entries_[head].last].next = entry;
    entries_[head].last = entry;
  }
  return entry;
}

std::uint32_t TextMap::find(std::string_view text) const {
  return slots_.empty() ? none : slots_[slot_of(text, hash_of(text))].head;
}

std::vector<bool> TextMap::contains(std::span<const std::string> texts) const {
  std::vector<bool> there(texts.size());
  if (slots_.empty()) return there;
  constexpr std::size_t together = 32;
  std::array<std::size_t, together> hashes{};
  for (std::size_t from = 0; from < texts.size(); from += together) {
    const std::size_t n = std::min(together, texts.size() - from);
    for (std::size_t i = 0; i < n; ++i) {
      hashes[i] = hash_of(texts[from + i]);
      __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)]);
    }
    const auto first = [&](std::size_t i) { return slots_[hashes[i] & (slots_.size() - 1)].head; };
    for (std::size_t i = 0; i < n; ++i) {
      if (first(i) != none) __builtin_prefetch(&entries_[first(i)]);
    }
    for (std::size_t i = 0; i < n; ++i) {
      if (first(i) != none) __builtin_prefetch(&bytes_[entries_[first(i)].begin]);
    }
    for (std::size_t i = 0; i < n; ++i) there[from + i] = slots_[slot_of(texts[from + i], hashes[i])].head != none;
  }
  return there;
}

}  // namespace lamin::lake
