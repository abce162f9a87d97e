#include "lake/suggest.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>

#include "base/text.hpp"
#include "lake/gram_index.hpp"
#include "lake/rank.hpp"

namespace lamin::lake {
namespace {

/// Which bytes a text has, in 64 bits: two texts at distance d differ in at most d of them on either side.
std::uint64_t letters(std::string_view text) {
  std::uint64_t set = 0;
  for (char c : text) set |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63U);
  return set;
}

/// One kind of text (names, synonyms, loose synonyms) with what is needed to scan it quickly.
struct Lane {
  const TextMap* texts = nullptr;
  std::vector<std::uint64_t> letters_of;
  GramIndex grams;

  void catch_up(const TextMap& now) {
    if (now.size() < letters_of.size()) letters_of.clear(), grams = GramIndex();
    texts = &now;
    for (auto e = static_cast<std::uint32_t>(letters_of.size()); e < now.size(); ++e) {
      letters_of.push_back(letters(now.text(e)));
    }
    grams.catch_up(now);
  }
};

struct Lanes {
  Lane names, synonyms, loose;
};

Lanes& lanes_of(const ValueIndex& index) {
  if (!index.derived) index.derived = std::make_shared<Lanes>();
  return *static_cast<Lanes*>(index.derived.get());
}

/// Other ways to write a folded value.
std::vector<std::string> spellings(const std::string& folded) {
  std::vector<std::string> all{folded};
  std::string positive;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const bool sign = (folded[i] == '+' || folded[i] == '-') && i > 0 &&
                      std::isalnum(static_cast<unsigned char>(folded[i - 1])) &&
                      (i + 1 == folded.size() || folded[i + 1] == ' ' || folded[i + 1] == '/');
    if (sign) positive += folded[i] == '+' ? "-positive" : "-negative";
    else positive += folded[i];
  }
  if (positive != folded) all.push_back(positive);
  for (std::size_t i = 0, n = all.size(); i < n; ++i) {
    std::string spelling = all[i];
    if (spelling.size() > 4 && spelling.back() == 's') all.push_back(spelling.substr(0, spelling.size() - 1));
    if (spelling.find("cell") == std::string::npos && spelling.find(' ') != std::string::npos) {
      all.push_back(spelling + " cell");
    }
  }
  return all;
}

struct Guess {
  double score = 0;
  std::string_view via;  // "": by the name itself
};

class Guesses {
 public:
  explicit Guesses(const ValueIndex& index) : index_(index) {}

  void scan(const Lane& lane, std::string_view text, double weight, bool is_name) {
    if (!lane.texts || lane.texts->size() == 0) return;
    by_distance(lane, text, weight, is_name);
    for (const auto& [entry, likeness] : lane.grams.alike(text, 32, 0.4)) {
      const std::string_view other = lane.texts->text(entry);
      note(lane, entry, weight * std::max(likeness, alike(text, other)), is_name);
    }
  }

  std::vector<Suggestion> best(std::size_t limit) const {
    std::vector<Suggestion> found;
    for (const auto& [row, guess] : rows_) {
      if (guess.score < 0.5) continue;
      found.push_back({std::string(index_.value(row)), guess.score, std::string(guess.via)});
    }
    std::stable_sort(found.begin(), found.end(), [](const Suggestion& a, const Suggestion& b) {
      if (a.score != b.score) return a.score > b.score;
      if (a.via.empty() != b.via.empty()) return a.via.empty();
      return a.value.size() < b.value.size();
    });
    std::vector<Suggestion> kept;
    for (Suggestion& one : found) {
      const bool known = std::any_of(kept.begin(), kept.end(), [&](const auto& k) { return k.value == one.value; });
      if (!known && kept.size() < limit) kept.push_back(std::move(one));
    }
    return kept;
  }

 private:
  static double alike(std::string_view a, std::string_view b) {
    const auto longer = static_cast<double>(std::max(a.size(), b.size()));
    return longer == 0 ? 0 : 1.0 - base::edit_distance(a, b) / longer;
  }

  void by_distance(const Lane& lane, std::string_view text, double weight, bool is_name) {
    const int most = text.size() < 4 ? 1 : text.size() < 10 ? 2 : 3;
    const std::uint64_t wanted = letters(text);
    for (std::uint32_t entry = 0; entry < lane.texts->size(); ++entry) {
      const std::uint64_t has = lane.letters_of[entry];
      if (std::popcount(wanted & ~has) > most || std::popcount(has & ~wanted) > most) continue;
      const std::string_view other = lane.texts->text(entry);
      const auto difference = static_cast<std::ptrdiff_t>(other.size()) - static_cast<std::ptrdiff_t>(text.size());
      if (difference > most || -difference > most) continue;
      note(lane, entry, weight * alike(text, other), is_name);
    }
  }

  void note(const Lane& lane, std::uint32_t entry, double score, bool is_name) {
    const std::uint32_t row = lane.texts->row(entry);
    if (index_.value(row).empty()) return;
    Guess& guess = rows_[row];
    if (score > guess.score) guess = {score, is_name ? std::string_view() : lane.texts->text(entry)};
  }

  const ValueIndex& index_;
  std::map<std::uint32_t, Guess> rows_;
};

}  // namespace

std::vector<Suggestion> suggest(const ValueIndex& index, std::string_view value, std::size_t limit) {
  Lanes& lanes = lanes_of(index);
  lanes.names.catch_up(index.folded_values());
  lanes.synonyms.catch_up(index.folded_synonyms());
  lanes.loose.catch_up(index.loose_synonyms());
  std::string folded;
  fold_into(folded, base::trim(value));
  if (folded.empty()) return {};
  Guesses guesses(index);
  double weight = 1;
  for (const std::string& spelling : spellings(folded)) {
    guesses.scan(lanes.names, spelling, weight, true);
    guesses.scan(lanes.synonyms, spelling, weight * 0.99, false);
    guesses.scan(lanes.loose, spelling, weight * 0.9, false);
    weight = 0.97;
  }
  return guesses.best(limit);
}

std::vector<std::string> values_like(const ValueIndex& index, std::string_view value, std::size_t limit) {
  std::string folded;
  fold_into(folded, base::trim(value));
  if (folded.empty()) return {};
  std::string_view part = folded;
  if (part.size() > 5) part = part.substr(0, part.size() * 8 / 10);
  const TextMap& names = index.folded_values();
  Lanes& lanes = lanes_of(index);
  lanes.names.catch_up(names);
  constexpr std::size_t looked_at = 64;  // a warning names three of them: ranking more would only cost time
  std::vector<std::pair<int, std::uint32_t>> ranked;
  for (std::uint32_t entry : lanes.names.grams.containing(names, part, looked_at)) {
    const std::string_view name = names.text(entry);
    ranked.emplace_back(-(rank_text(name, part) + (name.starts_with(part) ? 2 : 0)), names.row(entry));
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> found;
  for (const auto& [rank, row] : ranked) {
    if (found.size() < limit) found.emplace_back(index.value(row));
  }
  return found;
}

}  // namespace lamin::lake
