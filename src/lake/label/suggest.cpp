#include "lake/label/suggest.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_map>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "lake/label/gram_index.hpp"
#include "registry/near.hpp"
#include "registry/rank.hpp"

namespace lamin::lake {
namespace {

using registry::Wording;

/// The set of bytes in a text, in 64 bits: two texts at distance d differ in at most d bits on either side.
std::uint64_t letters(std::string_view text) {
  std::uint64_t set = 0;
  for (char c : text) set |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63U);
  return set;
}

/// More than `most` bits set; avoids the library call that a popcount is on plain x86-64.
bool more_than(int most, std::uint64_t bits) {
  for (int i = 0; i < most; ++i) bits &= bits - (bits != 0 ? 1 : 0);
  return bits != 0;
}

/// One kind of text (names, synonyms, loose synonyms), prepared for fast scanning.
struct Lane {
  const TextMap* texts = nullptr;    // folded
  const TextMap* written = nullptr;  // the same entries in their original case; null for names
  std::vector<std::uint64_t> letters_of;
  std::vector<std::uint16_t> sizes;
  GramIndex grams;

  void catch_up(const TextMap& now, const TextMap* as_written = nullptr) {
    if (now.size() < letters_of.size()) letters_of.clear(), sizes.clear(), grams = GramIndex();
    texts = &now;
    written = as_written;
    for (auto e = static_cast<std::uint32_t>(letters_of.size()); e < now.size(); ++e) {
      letters_of.push_back(letters(now.text(e)));
      sizes.push_back(static_cast<std::uint16_t>(std::min<std::size_t>(now.text(e).size(), 0xffff)));
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

/// "cd14+" for "cd14-positive": one form, so that a long word common to many names does not make them similar.
std::string compact(std::string_view text) {
  std::string short_form;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("-positive")) short_form += '+', i += 9;
    else if (rest.starts_with("-negative")) short_form += '-', i += 9;
    else short_form += text[i++];
  }
  return short_form;
}

/// "cd14-positive monocyte" for "cd14+ monocyte", as most ontologies write it.
std::string spelled_out(std::string_view text) {
  std::string long_form;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool sign = (text[i] == '+' || text[i] == '-') && i > 0 &&
                      std::isalnum(static_cast<unsigned char>(text[i - 1])) &&
                      (i + 1 == text.size() || std::string_view(" /,").find(text[i + 1]) != std::string_view::npos);
    if (sign) long_form += text[i] == '+' ? "-positive" : "-negative";
    else long_form += text[i];
  }
  return long_form;
}

/// Alternative spellings of a folded value, itself first.
std::vector<std::string> spellings(const std::string& folded) {
  std::vector<std::string> all{folded};
  if (std::string positive = spelled_out(folded); positive != folded) all.push_back(std::move(positive));
  for (std::size_t i = 0, n = all.size(); i < n; ++i) {
    const std::string spelling = all[i];
    if (spelling.size() > 4 && spelling.back() == 's') all.push_back(spelling.substr(0, spelling.size() - 1));
    if (spelling.find("cell") == std::string::npos && spelling.find(' ') != std::string::npos) {
      all.push_back(spelling + " cell");
    }
  }
  return all;
}

/// Share of words that two texts have in common, in any order.
double by_words(std::string_view a, std::string_view b) {
  const auto words = [](std::string_view text) {
    std::vector<std::string_view> all;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find_first_of(" ,/;", begin), text.size());
      if (end > begin) all.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto first = words(a), second = words(b);
  std::vector<std::string_view> common;
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(common));
  const std::size_t all = first.size() + second.size();
  return all == 0 ? 0 : 2.0 * static_cast<double>(common.size()) / static_cast<double>(all);
}

constexpr double least_score = 0.5;

struct Guess {
  double score = 0;
  std::string_view via;  // "": the name itself
};

class Guesses {
 public:
  explicit Guesses(const ValueIndex& index) : index_(index) {}

  void scan(const Lane& lane, std::string_view text, double weight) {
    if (!lane.texts || lane.texts->size() == 0) return;
    const Wording short_form(compact(text));
    by_distance(lane, text, short_form, weight);
    for (const auto& [entry, trigrams] : lane.grams.alike(*lane.texts, text, 32, 0.4)) {
      const std::string other = compact(lane.texts->text(entry));
      double likeness = std::max(short_form.likeness(other), 0.95 * by_words(short_form.text(), other));
      if (short_form.text() == text) likeness = std::max(likeness, trigrams);
      note(lane, entry, weight * likeness);
    }
  }

  std::vector<Suggestion> best(std::size_t limit) const {
    std::vector<Suggestion> found;
    for (const auto& [row, guess] : rows_) {
      found.push_back({std::string(index_.value(row)), guess.score, std::string(guess.via)});
    }
    std::stable_sort(found.begin(), found.end(), [](const Suggestion& a, const Suggestion& b) {
      if (a.score != b.score) return a.score > b.score;
      if (a.via.empty() != b.via.empty()) return a.via.empty();
      return a.value.size() != b.value.size() ? a.value.size() < b.value.size() : a.value < b.value;
    });
    std::vector<Suggestion> kept;
    for (Suggestion& one : found) {
      const bool known = std::any_of(kept.begin(), kept.end(), [&](const auto& k) { return k.value == one.value; });
      if (!known && kept.size() < limit) kept.push_back(std::move(one));
    }
    return kept;
  }

 private:
  void by_distance(const Lane& lane, std::string_view text, const Wording& short_form, double weight) {
    const int most = text.size() < 4 ? 1 : text.size() < 10 ? 2 : 3;
    const std::uint64_t wanted = letters(text);
    const int size = static_cast<int>(text.size());
    const auto n = static_cast<std::uint32_t>(lane.sizes.size());
    for (std::uint32_t entry = 0; entry < n; ++entry) {
      const int difference = lane.sizes[entry] - size;
      if (difference > most || -difference > most) continue;
      const std::uint64_t has = lane.letters_of[entry];
      if (more_than(most, wanted & ~has) || more_than(most, has & ~wanted)) continue;
      const std::string_view other = lane.texts->text(entry);
      note(lane, entry,
           weight * (other.size() < 10 ? short_form.likeness(other) : short_form.likeness(compact(other))));
    }
  }

  void note(const Lane& lane, std::uint32_t entry, double score) {
    const std::uint32_t row = lane.texts->row(entry);
    if (score < least_score || index_.value(row).empty()) return;
    Guess& guess = rows_[row];
    if (score > guess.score) guess = {score, !lane.written ? std::string_view() : lane.written->text(entry)};
  }

  const ValueIndex& index_;
  std::unordered_map<std::uint32_t, Guess> rows_;
};

}  // namespace

std::vector<Suggestion> suggest(const ValueIndex& index, std::string_view value, std::size_t limit) {
  Lanes& lanes = lanes_of(index);
  lanes.names.catch_up(index.folded_values());
  lanes.synonyms.catch_up(index.folded_synonyms(), &index.synonyms());
  lanes.loose.catch_up(index.folded_loose_synonyms(), &index.loose_synonyms());
  std::string folded;
  fold_into(folded, base::trim(value));
  if (folded.empty()) return {};
  Guesses guesses(index);
  double weight = 1;
  for (const std::string& spelling : spellings(folded)) {
    guesses.scan(lanes.names, spelling, weight);
    guesses.scan(lanes.synonyms, spelling, weight * 0.99);
    guesses.scan(lanes.loose, spelling, weight * 0.9);
    weight = 0.97;
  }
  return guesses.best(limit);
}

std::string beginning(std::string_view value) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < value.size();) {
    begins.push_back(at);
    if (!base::next_code_point(value, at)) ++at;
  }
  return std::string(begins.size() > 5 ? value.substr(0, begins[begins.size() * 8 / 10]) : value);
}

std::vector<std::string> values_like(const ValueIndex& index, std::string_view value, std::size_t limit) {
  const std::string part = base::fold(beginning(base::trim(value)));
  if (part.empty()) return {};
  const TextMap& names = index.folded_values();
  Lanes& lanes = lanes_of(index);
  lanes.names.catch_up(names);
  constexpr std::size_t looked_at = 64;  // a warning names three of them: ranking more would only cost time
  std::vector<std::pair<int, std::uint32_t>> ranked;
  for (std::uint32_t entry : lanes.names.grams.containing(names, part, looked_at)) {
    const std::string_view name = names.text(entry);
    ranked.emplace_back(-(registry::rank_text(name, part) + (name.starts_with(part) ? 2 : 0)), names.row(entry));
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> found;
  for (const auto& [rank, row] : ranked) {
    if (found.size() < limit) found.emplace_back(index.value(row));
  }
  return found;
}

}  // namespace lamin::lake
