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

/// One kind of text (names, synonyms, loose synonyms), prepared for fast scanning.
struct Lane {
  const TextMap* texts = nullptr;    // folded
  const TextMap* written = nullptr;  // the same entries in their original case; null for names
  struct Entry {
    std::uint64_t letters = 0;
    std::uint32_t entry = 0;
    bool is_short = true;  // compact() leaves it as it is
  };
  std::vector<std::vector<Entry>> by_size;  // in the last all that are longer
  std::uint32_t known = 0;
  GramIndex grams;

  static std::size_t bucket(std::size_t size) { return std::min<std::size_t>(size, 1023); }

  void catch_up(const TextMap& now, const TextMap* as_written = nullptr) {
    if (now.size() < known) by_size.clear(), known = 0, grams = GramIndex();
    texts = &now;
    written = as_written;
    for (; known < now.size(); ++known) {
      const std::string_view text = now.text(known);
      const auto at = bucket(text.size());
      if (by_size.size() <= at) by_size.resize(at + 1);
      by_size[at].push_back({letters(text), known, compact(text).size() == text.size()});
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

/// Whether a letter was left out or two were exchanged, of two texts at distance 1. There are few ways to do that, so
/// it is likelier than that just this letter was put in or for just this other one.
bool is_slip(std::string_view typed, std::string_view meant) {
  if (meant.size() != typed.size()) return meant.size() > typed.size();
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(typed, meant).in1 - typed.begin());
  return at + 1 < typed.size() && typed[at] == meant[at + 1] && typed[at + 1] == meant[at];
}

/// How likely one text is meant by another that has wrong letters. Of texts with one wrong letter none is likelier for
/// being longer.
double likeness(const Wording& typed, std::string_view meant) {
  const int wrong = typed.distance(meant);
  const auto size = static_cast<double>(typed.text().size());
  if (wrong == 1) return 1 - (is_slip(typed.text(), meant) ? 0.9 : 1.0) / (size + 1);
  const double longer = std::max(size, static_cast<double>(meant.size()));
  return longer == 0 ? 0 : 1 - wrong / longer;
}

double one_wrong(const Wording& typed, std::string_view meant) {
  return typed.distance(meant) == 1 ? likeness(typed, meant) : 0;
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
    const auto shared = lane.grams.shared(text);
    by_distance(lane, Wording(text), short_form, shared, weight);
    // Texts of the same few trigrams, in another order or number, are less alike than one with a wrong letter.
    constexpr double of_trigrams = 0.9;
    for (const auto& [entry, trigrams] : lane.grams.alike(shared, 32, 0.4)) {
      const std::string other = compact(lane.texts->text(entry));
      double likeness = std::max(short_form.likeness(other), 0.95 * by_words(short_form.text(), other));
      if (short_form.text() == text) likeness = std::max(likeness, of_trigrams * trigrams);
      note(lane, entry, weight * likeness);
    }
  }

  bool any_above(double score) const {
    return std::ranges::any_of(rows_, [&](const auto& row) { return row.second.score > score; });
  }

  /// Of equals those whose letters have the case of the typed ones come first: "hepatitis" before "Hepatitis".
  std::vector<Suggestion> best(std::size_t limit, std::string_view typed) const {
    std::vector<Suggestion> found;
    for (const auto& [row, guess] : rows_) {
      found.push_back({std::string(index_.value(row)), guess.score, std::string(guess.via)});
    }
    std::stable_sort(found.begin(), found.end(), [](const Suggestion& a, const Suggestion& b) {
      if (a.score != b.score) return a.score > b.score;
      if (a.via.empty() != b.via.empty()) return a.via.empty();
      return a.value.size() != b.value.size() ? a.value.size() < b.value.size() : a.value < b.value;
    });
    const auto equal = [](const Suggestion& a, const Suggestion& b) {
      return a.score == b.score && a.via.empty() == b.via.empty();
    };
    for (auto begin = found.begin(); begin != found.end() && static_cast<std::size_t>(begin - found.begin()) < limit;) {
      const auto end = std::find_if_not(begin, found.end(), [&](const auto& one) { return equal(*begin, one); });
      if (end - begin > 1)
        std::ranges::stable_sort(begin, end, {},
                                 [&](const auto& one) { return base::edit_distance(typed, one.value); });
      begin = end;
    }
    std::vector<Suggestion> kept;
    for (Suggestion& one : found) {
      const bool known = std::any_of(kept.begin(), kept.end(), [&](const auto& k) { return k.value == one.value; });
      if (!known && kept.size() < limit) kept.push_back(std::move(one));
    }
    return kept;
  }

 private:
  void by_distance(const Lane& lane, const Wording& whole, const Wording& short_form, const GramIndex::Shared& shared,
                   double weight) {
    const std::string_view text = whole.text();
    const int most = text.size() < 4 ? 1 : text.size() < 10 ? 2 : 3;
    const std::uint64_t wanted = letters(text);
    // A wrong letter spoils three trigrams, an exchange of two letters four.
    const std::size_t spoilt = 4 * static_cast<std::size_t>(most);
    const std::size_t fewest =
        short_form.text().size() == text.size() && shared.wanted > spoilt ? shared.wanted - spoilt : 0;
    const auto far = static_cast<std::size_t>(most);
    const auto least = Lane::bucket(text.size() - std::min(text.size(), far));
    const auto greatest = std::min(Lane::bucket(text.size() + far) + 1, lane.by_size.size());
    for (std::size_t size = least; size < greatest; ++size) {
      for (const auto& [has, entry, is_short] : lane.by_size[size]) {
        if (shared.of[entry] < fewest && is_short) continue;
        if (more_than(most, wanted & ~has) || more_than(most, has & ~wanted)) continue;
        const std::string_view other = lane.texts->text(entry);
        double likely = is_short ? likeness(short_form, other) : likeness(short_form, compact(other));
        // The wrong letter may be in the word that is left out.
        if (short_form.text().size() != text.size() || !is_short) likely = std::max(likely, one_wrong(whole, other));
        note(lane, entry, weight * likely);
      }
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

std::string squeezed(std::string_view text) {
  const auto is_space = [](char32_t point) {
    return point == U' ' || (point >= 0x09 && point <= 0x0D) || point == 0x85 || point == 0xA0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200B) || point == 0x2028 || point == 0x2029 || point == 0x202F ||
           point == 0x205F || point == 0x3000 || point == 0xFEFF;
  };
  std::string out;
  bool waiting = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const auto point = base::next_code_point(text, at);
    if (!point) at = begin + 1;
    if (point && is_space(*point)) {
      waiting = !out.empty();
      continue;
    }
    if (waiting) out += ' ';
    waiting = false;
    out += text.substr(begin, at - begin);
  }
  return out;
}

std::vector<Suggestion> suggest(const ValueIndex& index, std::string_view value, std::size_t limit) {
  Lanes& lanes = lanes_of(index);
  lanes.names.catch_up(index.folded_values());
  lanes.synonyms.catch_up(index.folded_synonyms(), &index.synonyms());
  lanes.loose.catch_up(index.folded_loose_synonyms(), &index.loose_synonyms());
  std::string folded;
  fold_into(folded, squeezed(value));
  if (folded.empty()) return {};
  Guesses guesses(index);
  double weight = 1;
  for (const std::string& spelling : spellings(folded)) {
    guesses.scan(lanes.names, spelling, weight);
    guesses.scan(lanes.synonyms, spelling, weight * 0.99);
    guesses.scan(lanes.loose, spelling, weight * 0.9);
    weight = 0.97;
    if (guesses.any_above(0.9)) break;  // another spelling would only find what is less alike
  }
  return guesses.best(limit, value);
}

std::vector<Suggestion> best_of(std::vector<Suggestion> first, std::vector<Suggestion> second, std::size_t limit) {
  for (auto& one : second) {
    if (std::ranges::find(first, one.value, &Suggestion::value) == first.end()) first.push_back(std::move(one));
  }
  std::ranges::stable_sort(first, std::ranges::greater(), &Suggestion::score);
  std::erase_if(first, [&](const auto& one) { return one.score < first.front().score - distracts; });
  if (first.size() > limit) first.resize(limit);
  return first;
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
