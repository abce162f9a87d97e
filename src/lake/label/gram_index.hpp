// gram_index.hpp -- trigrams of the texts of a TextMap: which contain a text, which share most with it.
#pragma once
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "lake/label/text_map.hpp"

namespace lamin::lake {

class GramIndex {
 public:
  /// Adds the entries added since the last call. `texts` must be the same map in every call.
  void catch_up(const TextMap& texts);

  /// Entries that contain `part`, in order, at most `limit`. Short parts are searched in every text.
  std::vector<std::uint32_t> containing(const TextMap& texts, std::string_view part, std::size_t limit) const;
  /// (entry, similarity) with the most trigrams in common (Dice's coefficient), best first; similarity `least` or more.
  std::vector<std::pair<std::uint32_t, double>> alike(std::string_view text, std::size_t limit, double least) const;

  /// How many trigrams each entry has in common with a text, which has `wanted` different ones.
  struct Shared {
    std::size_t wanted = 0;
    std::vector<std::uint16_t> of;
  };
  Shared shared(std::string_view text) const;
  std::vector<std::pair<std::uint32_t, double>> alike(const Shared& shared, std::size_t limit, double least) const;

 private:
  static constexpr std::size_t buckets = 1U << 15U;
  static std::uint32_t bucket(const char* three);

  std::vector<std::vector<std::uint32_t>> postings_;  // bucket -> entries, ascending
  std::vector<std::uint16_t> grams_of_;               // entry -> number of trigrams
};

}  // namespace lamin::lake
