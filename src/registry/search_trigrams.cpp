#include "registry/search_trigrams.hpp"
#include "base/log.hpp"
#include "db/sql.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "db/connection.hpp"
#include "lamin/error.hpp"
#include "registry/compile.hpp"
#include "registry/rank.hpp"
#include "registry/search_index.hpp"

namespace lamin::registry {
namespace {

// -- the index -------------------------------------------------------------------------------------------------------

std::string folded_column(const schema::Column& column, bool by_icu) {
  return "lower(t." + db::quote(column.column) + (by_icu ? " COLLATE \"und-x-icu\")" : ")");
}

/// A uid is not a common word, and rare texts are found by their trigrams.
bool has_words(const schema::Column& column) { return column.name.view() != "uid"; }

/// The words and elements ("=...") of a row's texts, as an index stores them and a condition asks for them.
std::string terms_of_row(const schema::Table& table, bool by_icu) {
  std::string texts;
  for (const auto* column : searched_columns(table)) {
    if (!has_words(*column)) continue;
    texts += (texts.empty() ? "coalesce(t." : " || '|' || coalesce(t.") + db::quote(column->column) + ", '')";
  }
  if (texts.empty()) texts = "''";
  return "lamin_search_terms(lower(" + texts + (by_icu ? " COLLATE \"und-x-icu\")" : ")") + " COLLATE \"C\")";
}

/// The same for the table that an index is created on, where columns have no prefix.
std::string without_prefix(std::string sql) {
  for (std::size_t at = sql.find("t.\""); at != std::string::npos; at = sql.find("t.\"", at)) sql.erase(at, 2);
  return sql;
}

/// PostgreSQL inlines the first function into a statement, which is quick, but only without a subquery. An index key
/// has at most 2,700 bytes, so words of longer texts are cut. Not PARALLEL SAFE: workers would take longer to start
/// than these take to search.
constexpr int longest_word = 500;  // letters
std::string terms_functions(const std::string& schema) {
  const std::string split =
      "string_to_array(translate(texts, '|.,;:', '     '), ' ') || "
      "string_to_array('=' || replace(texts, '|', E'\\x01='), E'\\x01')";
  const auto function = [&](const char* name, const std::string& body) {
    return "CREATE OR REPLACE FUNCTION " + schema + "." + name +
           "(texts text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$ SELECT " + body + " $$;";
  };
  // With its schema: a database being restored from a dump has no search path yet.
  return function("lamin_search_long_terms", "array_agg(DISTINCT left(term, 501)) FROM unnest(" + split + ") AS term") +
         function("lamin_search_terms", "CASE WHEN octet_length(texts) > 2000 THEN " + schema +
                                            ".lamin_search_long_terms(texts) ELSE " + split + " END");
}

enum class State { missing, broken, sound };

State state_of(db::Connection& c, const std::string& name, std::size_t columns) {
  const Value row(name);
  auto rows = c.query(
      "SELECT i.indisvalid, i.indnatts FROM pg_index i WHERE i.indexrelid = to_regclass(quote_ident(?))", {&row, 1});
  if (!rows->next()) return State::missing;
  const bool whole = std::get<bool>(rows->value(0, Type::boolean)) && std::cmp_equal(rows->integer(1), columns);
  return whole ? State::sound : State::broken;  // an interrupted one remains, invalid
}

void make(db::Connection& c, const schema::Table& table, const std::string& name, bool replace) {
  c.script("CREATE EXTENSION IF NOT EXISTS pg_trgm");
  base::log(Level::important, "indexing " + table.qualified.str() + " for search, once");
  auto functions = c.query("SELECT quote_ident(current_schema()) WHERE to_regproc('lamin_search_terms') IS NULL");
  const std::string schema = functions->next() ? std::string(functions->text(0)) : "";
  functions.reset();
  if (!schema.empty()) c.script(terms_functions(schema));
  if (replace) c.script("DROP INDEX IF EXISTS " + db::quote(name));
  const bool by_icu = folds_by_icu(c);
  std::string sql;
  for (const auto* column : searched_columns(table)) sql += folded_column(*column, by_icu) + " gin_trgm_ops, ";
  sql = without_prefix(sql + terms_of_row(table, by_icu));
  c.script("CREATE INDEX CONCURRENTLY IF NOT EXISTS " + db::quote(name) + " ON " + db::quote(table.table) +
           " USING gin (" + sql + ") WITH (gin_pending_list_limit = 256)");  // kB that a search reads through
  c.script("ANALYZE " + db::quote(table.table));
}

/// What is known of a table's index, so that a search need not check again.
struct Known {
  std::unique_ptr<TrigramIndex> index;
  bool refused = false;  // it cannot be made here
};

// -- a text ----------------------------------------------------------------------------------------------------------

/// Escaped for a regular expression: every character stands for itself.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = static_cast<signed char>(c) < 0 || std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (!plain) out += '\\';
    out += c;
  }
  return out;
}

bool is_letter(char c) { return static_cast<signed char>(c) < 0 || std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string beginning(const std::string& text, int letters) {
  std::size_t at = 0;
  for (; at < text.size() && letters > 0; --letters) {
    if (!base::next_code_point(text, at)) ++at;
  }
  return text.substr(0, at);
}

/// Three letters or digits side by side.
bool has_trigram(std::string_view text) {
  int letters = 0;
  for (std::size_t at = 0; at < text.size() && letters < 3;) {
    letters = is_letter(text[at]) ? letters + 1 : 0;
    if (!base::next_code_point(text, at)) ++at;
  }
  return letters == 3;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" |.,;:", at), text.size());
    if (end > at) words.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// Whether an index holds the term whole.
bool fits(const std::string& term) { return term.size() <= longest_word; }

/// False if there is none and none can be made, because a transaction is open or the database may only be read.
bool is_kept(db::Connection& c, const schema::Table& table) {
  const std::string name = ("lamin_search_" + table.table.str()).substr(0, 63);
  const auto state = state_of(c, name, searched_columns(table).size() + 1);
  if (state == State::sound) return true;
  if (c.in_transaction() || c.read_only()) return false;
  make(c, table, name, state == State::broken);
  return true;
}

}  // namespace

const TrigramIndex* trigram_index(Database& database, const schema::Table& table, std::int64_t size) {
  using AllKnown = std::map<const schema::Table*, Known>;
  auto& c = database.connection();
  auto& slot = database.attachment("registry.search_trigrams");
  if (!slot) slot = std::make_shared<AllKnown>();
  Known& known = (*static_cast<AllKnown*>(slot.get()))[&table];
  if (size <= small_registry || searched_columns(table).empty() || known.refused) return nullptr;
  try {
    if (known.index ? known.index->sample.is_outgrown(size) : is_kept(c, table))
      known.index.reset(new TrigramIndex{folds_by_icu(c), SearchSample(database, table, size)});
  } catch (const Error& error) {
    if (c.in_transaction()) throw;
    known.refused = true;
    warn_of_no_index(database, table, error);
  }
  return known.index.get();
}

TrigramSearch::TrigramSearch(const TrigramIndex& index, const SearchRequest& request, std::string wanted,
                             std::int64_t size, std::int64_t most)
    : index_(index),
      request_(request),
      wanted_(std::move(wanted)),
      size_(static_cast<double>(size)),
      most_(static_cast<double>(most)) {}

bool TrigramSearch::has_trigrams() const { return has_trigram(wanted_); }

bool TrigramSearch::is_common() const { return size_ * index_.sample.share(request_.columns, wanted_) > most_ / 2; }

TrigramSearch::Columns TrigramSearch::columns_with_words() const {
  Columns columns;
  std::copy_if(request_.columns.begin(), request_.columns.end(), std::back_inserter(columns),
               [](const auto* column) { return has_words(*column); });
  return columns.empty() ? request_.columns : columns;
}

/// Whether one of the columns meets all comparisons.
std::string TrigramSearch::any(const Columns& columns, const std::vector<Comparison>& comparisons,
                               Candidates& candidates) const {
  std::string sql;
  for (const auto* column : columns) {
    sql += sql.empty() ? "((" : ") OR (";
    for (const auto& one : comparisons) {
      if (&one != &comparisons.front()) sql += " AND ";
      // The index does not match an expression with '' ||.
      sql += (one.by_index ? "" : "'' || ") + folded_column(*column, index_.by_icu) + " " + one.comparator + " ?";
      candidates.parameters.emplace_back(one.value);
    }
  }
  return sql + "))";
}

TrigramSearch::Comparison TrigramSearch::has_text(bool by_index) const {
  return {by_index, "LIKE", like_pattern(wanted_, true, true)};
}

TrigramSearch::Comparison TrigramSearch::has_text_at_begin(bool by_index) const {
  return {by_index, "~", "(^|[ |.,;:])" + escaped(wanted_)};
}

/// Estimates how many rows have all words with trigrams; returns the words, rarest first.
double TrigramSearch::with_words(std::vector<std::pair<double, std::string>>& words) const {
  for (auto& word : words_of(wanted_)) {
    if (has_trigram(word)) words.emplace_back(index_.sample.share(request_.columns, word), std::move(word));
  }
  std::sort(words.begin(), words.end());
  double rows = size_;
  for (const auto& [share, word] : words) rows *= share;
  return rows;
}

std::optional<Candidates> TrigramSearch::by_words() const {
  constexpr double very_many = 20'000, common = 0.01;
  constexpr std::size_t enough_words = 4;
  std::vector<std::pair<double, std::string>> words;
  if (with_words(words) > very_many || words.empty()) return {};
  words.resize(std::min(words.size(), enough_words));
  std::vector<Comparison> patterns;
  for (const auto& [share, word] : words) {
    // Each trigram of a common word is a long list to walk through: its start says nearly as much with fewer.
    std::string piece = beginning(word, 4);
    if (share < common || index_.sample.share(request_.columns, piece) > 1.5 * share) piece = word;
    patterns.push_back({true, "LIKE", like_pattern(piece, true, true)});
  }
  patterns.push_back(has_text(false));
  Candidates found;
  found.where = any(request_.columns, patterns, found);
  return found;
}

std::string TrigramSearch::has_terms(const std::vector<std::string>& terms, Candidates& candidates) const {
  constexpr char between = '\x01';
  std::string joined;
  for (const auto& term : terms) {
    if (fits(term)) joined += (joined.empty() ? "" : std::string(1, between)) + term;
  }
  if (joined.empty()) return "true";
  candidates.parameters.emplace_back(std::move(joined));
  return terms_of_row(*request_.table, index_.by_icu) + " @> string_to_array(?, chr(1))";
}

Candidates TrigramSearch::elements() const {
  std::vector<std::string> elements = base::split(wanted_, '|');
  for (auto& element : elements) element.insert(0, "=");
  Candidates found;
  found.where = has_terms(elements, found) + " AND ";
  found.where += any(request_.columns, {has_text(false)}, found);
  return found;
}

Candidates TrigramSearch::in_place(Place place) const {
  Candidates found;
  if (place == Place::word) {
    found.where = has_terms(words_of(wanted_), found) + " AND ";
    found.where += any(columns_with_words(), {has_text(false)}, found);
  } else if (place == Place::word_begin) {
    found.where = any(request_.columns, {has_text_at_begin(is_letter(wanted_.front()))}, found);
  } else {
    found.where = any(request_.columns, {has_text(has_trigrams())}, found);
  }
  return found;
}

}  // namespace lamin::registry
