// sketch_names.cpp -- whether the names of rows repeat, by a hash of each.
#include <algorithm>
#include "format/sketch.hpp"

namespace lamin::format {
namespace {

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (; text.size() >= sizeof(hash); text.remove_prefix(sizeof(hash))) {
    std::uint64_t word = 0;
    std::copy_n(text.data(), sizeof(word), reinterpret_cast<char*>(&word));
    hash = (hash ^ word) * 0x9fb21c651e98df25U;
    hash ^= hash >> 32U;
  }
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash ^ (hash >> 29U);
}

}  // namespace

void NameSketcher::add(const Column& part) {
  using Kind = Column::Kind;
  const auto kind = part.kind();
  if (kind != Kind::text && kind != Kind::category) return;
  if (hashes_.size() + static_cast<std::size_t>(part.size()) > most) {
    compared_ = false;
    hashes_ = {};
  }
  if (!compared_) return;
  for (std::int64_t row = 0; row < part.size(); ++row) {
    if (!part.is_null(row)) hashes_.push_back(hash_of(part.text(row)));
  }
}

void NameSketcher::finish(TableSketch& table) {
  table.names_compared = compared_;
  std::ranges::sort(hashes_);
  for (std::size_t i = 1; i < hashes_.size(); ++i) table.repeated_names += hashes_[i] == hashes_[i - 1] ? 1 : 0;
  hashes_ = {};
}

}  // namespace lamin::format
