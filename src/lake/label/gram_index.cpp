#include "lake/label/gram_index.hpp"

#include <algorithm>
#include <limits>

namespace lamin::lake {

std::uint32_t GramIndex::bucket(const char* three) {
  const auto byte = [&](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(three[i])); };
  return (byte(0) * 0x9e3779b1U ^ byte(1) * 0x85ebca6bU ^ byte(2) * 0xc2b2ae35U) >> 17U;
}

void GramIndex::catch_up(const TextMap& texts) {
  if (postings_.empty()) postings_.resize(buckets);
  for (auto entry = static_cast<std::uint32_t>(grams_of_.size()); entry < texts.size(); ++entry) {
    const std::string_view text = texts.text(entry);
    std::uint16_t grams = 0;
    for (std::size_t i = 0; i + 3 <= text.size() && grams < std::numeric_limits<std::uint16_t>::max(); ++i) {
      auto& posting = postings_[bucket(text.data() + i)];
      if (posting.empty() || posting.back() != entry) posting.push_back(entry), ++grams;
    }
    grams_of_.push_back(grams);
  }
}

std::vector<std::uint32_t> GramIndex::containing(const TextMap& texts, std::string_view part, std::size_t limit) const {
  std::vector<std::uint32_t> found;
  const auto take = [&](std::uint32_t entry) {
    if (texts.text(entry).find(part) != std::string_view::npos) found.push_back(entry);
    return found.size() < limit;
  };
  if (part.size() < 3) {
    for (std::uint32_t entry = 0; entry < texts.size(); ++entry) {
      if (!take(entry)) break;
    }
    return found;
  }
  const std::vector<std::uint32_t>* rarest = nullptr;
  for (std::size_t i = 0; i + 3 <= part.size(); ++i) {
    const auto& posting = postings_[bucket(part.data() + i)];
    if (!rarest || posting.size() < rarest->size()) rarest = &posting;
  }
  for (std::uint32_t entry : *rarest) {
    if (!take(entry)) break;
  }
  return found;
}

// One counter per entry: the lists of all trigrams are run through once, which even for the commonest costs less than
// to look at the texts of the entries.
GramIndex::Shared GramIndex::shared(std::string_view text) const {
  std::vector<std::uint32_t> wanted;
  for (std::size_t i = 0; i + 3 <= text.size(); ++i) wanted.push_back(bucket(text.data() + i));
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  Shared shared{wanted.size(), std::vector<std::uint16_t>(grams_of_.size())};
  if (postings_.empty()) return shared;
  for (const auto one : wanted) {
    for (const auto entry : postings_[one]) ++shared.of[entry];
  }
  return shared;
}

std::vector<std::pair<std::uint32_t, double>> GramIndex::alike(std::string_view text, std::size_t limit,
                                                               double least) const {
  return alike(shared(text), limit, least);
}

std::vector<std::pair<std::uint32_t, double>> GramIndex::alike(const Shared& shared, std::size_t limit,
                                                               double least) const {
  const auto n = static_cast<double>(shared.wanted);
  std::vector<std::pair<std::uint32_t, double>> found;
  for (std::uint32_t entry = 0; entry < shared.of.size(); ++entry) {
    if (shared.of[entry] == 0) continue;
    const double likeness = 2.0 * shared.of[entry] / (n + grams_of_[entry]);  // Dice's coefficient
    if (likeness >= least) found.emplace_back(entry, likeness);
  }
  const auto better = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  const std::size_t kept = std::min(limit, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(), better);
  found.resize(kept);
  return found;
}

}  // namespace lamin::lake
