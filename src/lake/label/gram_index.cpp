#include "lake/label/gram_index.hpp"

#include <algorithm>
#include <cmath>
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

// What shares enough with the text must share one of its rarer trigrams, and the more it must share, the rarer these
// are: so the first look is for what is very alike, and the lists of common trigrams are read only if that is too
// little.
std::vector<std::pair<std::uint32_t, double>> GramIndex::alike(const TextMap& texts, std::string_view text,
                                                               std::size_t limit, double least) const {
  std::vector<std::uint32_t> wanted;
  for (std::size_t i = 0; i + 3 <= text.size(); ++i) wanted.push_back(bucket(text.data() + i));
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::stable_sort(wanted.begin(), wanted.end(),
                   [this](std::uint32_t a, std::uint32_t b) { return postings_[a].size() < postings_[b].size(); });
  if (wanted.empty()) return {};
  std::vector<std::pair<std::uint32_t, double>> found;
  for (const double enough : {0.8, 0.6, least}) {
    if (enough < least) continue;
    found = at_least(texts, wanted, enough);
    if (found.size() >= limit) break;
  }
  const auto better = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  const std::size_t kept = std::min(limit, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(), better);
  found.resize(kept);
  return found;
}

std::vector<std::pair<std::uint32_t, double>> GramIndex::at_least(const TextMap& texts,
                                                                  std::span<const std::uint32_t> rarest_first,
                                                                  double least) const {
  const auto n = static_cast<double>(rarest_first.size());
  // Dice's coefficient is 2 shared / (n + m), where shared <= m: this bounds both m and what must be shared.
  const double fewest = least * n / (2 - least);
  constexpr double rounding = 1e-9;
  const auto must_share = static_cast<std::size_t>(std::max(1.0, std::ceil(fewest - rounding)));
  const double most = least > 0 ? n * (2 - least) / least : std::numeric_limits<double>::infinity();

  std::vector<bool> is_wanted(buckets), seen(grams_of_.size());
  for (std::uint32_t one : rarest_first) is_wanted[one] = true;
  std::vector<std::pair<std::uint32_t, double>> found;
  std::vector<std::uint32_t> shared;
  for (std::uint32_t one : rarest_first.first(rarest_first.size() - must_share + 1)) {
    for (std::uint32_t entry : postings_[one]) {
      if (seen[entry]) continue;
      seen[entry] = true;
      const double m = grams_of_[entry];
      if (m < fewest - rounding || m > most + rounding) continue;
      const std::string_view other = texts.text(entry);
      shared.clear();
      for (std::size_t i = 0; i + 3 <= other.size(); ++i) {
        if (const auto gram = bucket(other.data() + i); is_wanted[gram]) shared.push_back(gram);
      }
      std::sort(shared.begin(), shared.end());
      shared.erase(std::unique(shared.begin(), shared.end()), shared.end());
      const double likeness = 2.0 * static_cast<double>(shared.size()) / (n + m);
      if (likeness >= least) found.emplace_back(entry, likeness);
    }
  }
  return found;
}

}  // namespace lamin::lake
