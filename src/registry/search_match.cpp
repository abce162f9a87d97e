// search_match.cpp -- a text as trigrams to ask FTS5 for.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/utf8.hpp"
#include "db/connection.hpp"
#include "db/search_text.hpp"
#include "db/sql.hpp"
#include "registry/near.hpp"
#include "registry/scope.hpp"
#include "registry/search_index.hpp"

namespace lamin::registry {
namespace {

constexpr std::size_t short_text = 8;

/// All trigrams of a short text. For longer ones every third, the last one, and those across two words, which are rare:
/// more would hardly narrow the result, and each costs a walk.
Trigrams terms_of(std::string_view words) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < words.size();) {
    begins.push_back(at);
    if (!base::next_code_point(words, at)) ++at;
  }
  begins.push_back(words.size());
  const std::size_t n = begins.size() - 1;
  Trigrams terms;
  const auto add = [&](std::size_t at, std::size_t word) {
    std::string trigram = "\"";
    for (const char c : words.substr(begins[at], begins[at + 3] - begins[at])) {
      if (c == '"') trigram += '"';
      trigram += c;
    }
    trigram += '"';
    const bool known =
        std::any_of(terms.begin(), terms.end(), [&](const Trigram& term) { return term.text == trigram; });
    if (!known) terms.push_back({std::move(trigram), word});
  };
  std::size_t word = 0;
  for (std::size_t at = 0; at + 3 <= n; ++at) {
    if (at > 0 && words[begins[at - 1]] == ' ') word = at;
    const bool across = words[begins[at + 1]] == ' ' && words[begins[at]] != ' ' && words[begins[at + 2]] != ' ';
    if (n <= short_text || at % 3 == 0 || at + 3 == n || across) add(at, across ? at : word);
  }
  return terms;
}

}  // namespace

std::string all_of(const Trigrams& terms) {
  std::string match;
  for (const auto& term : terms) match += (match.empty() ? "" : " AND ") + term.text;
  return match;
}

Trigrams terms_of_part(std::string_view text) { return terms_of(db::search_words(text)); }
Trigrams terms_of_word(std::string_view text) { return terms_of(" " + db::search_words(text) + " "); }
Trigrams terms_of_element(std::string_view text) { return terms_of(db::search_document(text)); }
Trigrams terms_of_word_begin(std::string_view text) { return terms_of(" " + db::search_words(text)); }
Trigrams terms_of_word_end(std::string_view text) { return terms_of(db::search_words(text) + " "); }

std::string match_all(Database& database, const SearchIndex& index, const Trigrams& terms) {
  constexpr std::int64_t sample = 100;
  constexpr double few = 50;
  if (terms.size() <= 2) return all_of(terms);
  auto& c = database.connection();
  const std::string name = db::quote(index.table);
  // How far one must go to find this many rows says how rare a term is.
  const std::string sql = "SELECT rowid FROM " + name + " WHERE " + name + " MATCH ? ORDER BY rowid LIMIT 1 OFFSET ?";
  std::vector<std::pair<double, const Trigram*>> shares;
  for (const auto& term : terms) {
    const std::array<Value, 2> parameters{Value(term.text), Value(sample)};
    auto rows = c.query(sql, parameters);
    const double share = rows->next() ? sample / static_cast<double>(std::max<std::int64_t>(1, rows->integer(0))) : 0;
    shares.emplace_back(share, &term);
  }
  std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  // Terms of one word say much the same: a further term of a word already used narrows less.
  double left = static_cast<double>(index.rows);
  Trigrams chosen;
  for (const bool again : {false, true}) {
    for (auto& [share, term] : shares) {
      if (left < few) return all_of(chosen);
      if (term == nullptr) continue;
      const bool known = std::any_of(chosen.begin(), chosen.end(),
                                     [&, t = term](const Trigram& other) { return other.word == t->word; });
      if (known != again) continue;
      chosen.push_back(*term);
      term = nullptr;
      left *= again ? std::sqrt(share) : share;
    }
  }
  return all_of(chosen);
}

std::string match_near(std::string_view text) {
  std::string match;
  for (const auto& pieces : pieces_left(" " + db::search_words(text) + " ", most_wrong(text))) {
    Trigrams terms;
    for (const auto& piece : pieces) {
      for (auto& term : terms_of(piece)) terms.push_back(std::move(term));
    }
    if (terms.empty()) return "";
    match += (match.empty() ? "(" : " OR (") + all_of(terms) + ")";
  }
  return match;
}

std::optional<std::string> match_short(Database& database, const SearchIndex& index, std::string_view text) {
  constexpr std::int64_t most = 300;
  auto& c = database.connection();
  const std::string vocabulary = "temp." + db::quote(index.table + "_terms");
  c.script("CREATE VIRTUAL TABLE IF NOT EXISTS " + vocabulary + " USING fts5vocab(main, " + db::quote(index.table) +
           ", row)");
  const std::string words = db::search_words(text);
  const std::array<Value, 3> range{Value(words), Value(words + "\xF4\x8F\xBF\xBF"), Value(most + 1)};
  auto rows = c.query("SELECT term FROM " + vocabulary + " WHERE term >= ? AND term <= ? LIMIT ?", range);
  std::string match;
  for (std::int64_t n = 0; rows->next(); ++n) {
    if (n == most) return std::nullopt;
    match += (match.empty() ? "" : " OR ") + all_of(terms_of(rows->text(0)));
  }
  return match;
}

std::string match_in(const std::string& match, std::span<const schema::Column* const> columns) {
  std::string names;
  for (const auto* column : columns) names += (names.empty() ? "c" : " c") + std::to_string(column->position);
  return "{" + names + "} : (" + match + ")";
}

}  // namespace lamin::registry
