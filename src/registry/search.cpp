#include "registry/search.hpp"
#include "db/sql.hpp"
#include "registry/scan.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"
#include "db/connection.hpp"
#include "registry/compile.hpp"
#include "registry/near.hpp"
#include "registry/search_index.hpp"
#include "registry/search_judge.hpp"
#include "registry/search_trigrams.hpp"

namespace lamin::registry {
namespace {

Expr any_contains(const SearchRequest& request, std::span<const std::string> pieces) {
  std::vector<Expr> any;
  for (const auto* column : request.columns) {
    std::vector<Expr> all;
    for (const auto& piece : pieces) all.push_back(Expr::compare(column->name.str(), Op::icontains, Value(piece)));
    any.push_back(all.size() == 1 ? std::move(all[0]) : Expr::all_of(std::move(all)));
  }
  return Expr::any_of(std::move(any));
}

/// What matching rows must have, as a query can express it.
Expr condition(const SearchRequest& request) {
  if (!request.near) return any_contains(request, {&request.text, 1});
  std::vector<Expr> any;
  for (const auto& pieces : pieces_left(request.text, most_wrong(request.text))) {
    std::vector<std::string> long_ones;
    std::copy_if(pieces.begin(), pieces.end(), std::back_inserter(long_ones),
                 [](const auto& p) { return p.size() > 2; });
    if (long_ones.empty()) return {};
    any.push_back(any_contains(request, long_ones));
  }
  return Expr::any_of(std::move(any));
}

/// Whether the condition itself says which rows or branches it means.
bool names_rows(const Expr& expr) {
  Shape shape;
  add_shape(expr, shape);
  return shape.names_rows;
}

bool is_empty(const Expr& expr) { return expr.node == Expr::Node::all_of && expr.children.empty(); }

/// The same request without a condition that only repeats what a search hides anyway.
SearchRequest simplified(SearchRequest request) {
  const bool conjunction = request.within.node == Expr::Node::all_of;
  Expr rest = conjunction ? request.within : Expr::all_of({request.within});
  if (std::erase(rest.children, Expr::visible()) == 0 || names_rows(rest)) return request;
  request.within = std::move(rest);
  request.any_branch = false;
  return request;
}

constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();

class Search {
 public:
  Search(Database& database, const SearchRequest& request)
      : database_(database),
        c_(database.connection()),
        request_(simplified(request)),
        judge_(request_),
        any_branch_(request_.any_branch || names_rows(request_.within)),
        most_(request_.limit < 0 ? no_end : std::max(request_.most_ranked, request_.limit)) {}

  std::vector<Hit> run() {
    if (request_.columns.empty() || request_.limit == 0) return {};
    size_ = last_id(database_, *request_.table);
    if (size_ <= request_.all_ranked) most_ = no_end;
    const bool lite = c_.dialect() == db::Dialect::sqlite;
    if (!is_empty(request_.within)) within(lite && size_ > small_registry);
    else if (lite) through_fts();
    else through_trigrams();
    return best();
  }

 private:
  template <class Work>
  void in_one_snapshot(Work work) {
    if (c_.in_transaction()) return work();
    c_.begin(false);
    try {
      work();
    } catch (...) {
      c_.rollback();
      throw;
    }
    c_.rollback();  // nothing was written
  }

  // -- rows of a statement -----------------------------------------------------------------------------------------

  /// Ranks rows until `most` match; false if it stopped before the end. On PostgreSQL all rows have the text, so `most`
  /// is how many are read.
  bool rank_rows(const std::string& from, std::vector<Value> parameters, std::int64_t most) {
    std::string sql = R"(SELECT t."id")";
    for (const auto* column : request_.columns) sql += ", t." + db::quote(column->column);
    sql += " FROM " + from;
    if (!any_branch_ && request_.table->find_column("branch") != nullptr) {
      // The plus keeps both databases from walking an index on a column in which nearly all rows are equal.
      sql += c_.dialect() == db::Dialect::sqlite ? R"( AND +t."branch_id" IN (1, ?))"
                                                 : R"( AND t."branch_id" + 0 IN (1, ?))";
      parameters.emplace_back(database_.session().branch);
    }
    sql += order_;
    if (trigrams_ && most != no_end) {
      sql += " LIMIT ?";
      parameters.emplace_back(most);
    }
    auto rows = c_.query(sql, parameters);
    const int n = static_cast<int>(request_.columns.size());
    std::int64_t found = 0, looked_at = 0;
    while (rows->next()) {
      double score = 0;
      for (int i = 1; i <= n; ++i) {
        if (!rows->is_null(i)) score = judge_.together(score, judge_.score(rows->text(i)));
      }
      if (score > 0) hits_.push_back({rows->integer(0), score}), ++found;
      // An index may name rows that do not match; these are limited, too.
      ++looked_at;
      if (most != no_end && (found >= most || looked_at >= 8 * most)) return false;
    }
    return !trigrams_ || looked_at < most;
  }

  bool rank_all() { return rank_rows(db::quote(request_.table->table) + " t WHERE true", {}, no_end); }

  // -- SQLite ------------------------------------------------------------------------------------------------------

  void through_fts() {
    index_ = search_index(database_, *request_.table, request_.most_indexed);
    in_one_snapshot([&] { through_index(); });
  }

  bool rank_matches(const std::string& match) {
    const std::string index = db::quote(index_->table);
    // The index returns row ids in order, so ordering by them costs nothing.
    order_ = " ORDER BY " + index + ".rowid";
    const bool whole = rank_rows(index + " CROSS JOIN " + db::quote(request_.table->table) + " t ON t.id = " + index +
                                     ".rowid WHERE " + index + " MATCH ?",
                                 {Value(match_in(match, request_.columns))}, most_);
    order_ = by_id;
    return whole;
  }

  /// Ranks all matching rows if they are few; one walk through the index finds out and finds them.
  bool rank_if_few(const std::string& match) {
    if (most_ == no_end) return rank_matches(match);
    const std::string index = db::quote(index_->table);
    const std::array<Value, 2> parameters{Value(match_in(match, request_.columns)), Value(most_ + 1)};
    std::string ids;
    std::int64_t n = 0;
    for (auto rows = c_.query("SELECT rowid FROM " + index + " WHERE " + index + " MATCH ? LIMIT ?", parameters);
         rows->next(); ++n)
      ids += (n == 0 ? "[" : ",") + std::to_string(rows->integer(0));
    if (n > most_) return false;
    const std::string table = db::quote(request_.table->table);
    if (n > 0)
      rank_rows("json_each(?) n CROSS JOIN " + table + " t ON t.id = n.value WHERE true", {Value(ids + "]")}, no_end);
    return true;
  }
  bool rank_matches(const Trigrams& terms) { return rank_matches(all_of(terms)); }

  /// Rows that are not in the index yet.
  void rank_waiting() {
    const Value number(index_->number);
    const std::string table = db::quote(request_.table->table);
    rank_rows(table + " t WHERE t.id > (SELECT last_id FROM lamin_search WHERE number = ?)", {number}, no_end);
    rank_rows("lamin_search_change n CROSS JOIN " + table + " t ON t.id = n.id WHERE n.registry = ?", {number}, no_end);
  }

  void through_index() {
    if (!index_) {
      rank_all();
      return;
    }
    rank_waiting();
    const auto& text = judge_.wanted();
    if (request_.near) {
      const auto match = match_near(text);
      if (match.empty()) rank_all();
      else cut_ = !rank_matches(match);
      return;
    }
    const auto part = terms_of_part(text);
    const auto match = part.empty() ? "" : match_all(database_, *index_, part);
    if (!part.empty() && (rank_if_few(match) || rank_if_few(all_of(part)))) return;
    cut_ = true;
    rank_matches(terms_of_element(text));
    if (!rank_matches(terms_of_word(text))) return;
    if (part.empty()) rank_short(text);
    else if (!is_enough()) cut_ = !rank_matches(match);
  }

  /// A text of one or two letters. To find it inside words takes all trigrams that exist.
  void rank_short(const std::string& text) {
    const auto begin = terms_of_word_begin(text);
    if (!begin.empty()) {
      rank_matches(begin);
      rank_matches(terms_of_word_end(text));
    }
    // A row not yet found has it inside words, for one point per text, or starts a one-word text with it.
    if (is_settled((begin.empty() ? 13 : 1) * static_cast<double>(request_.columns.size()))) return;
    const auto match = match_short(database_, *index_, text);
    if (!match) rank_rows(db::quote(request_.table->table) + " t WHERE true", {}, most_);
    else if (!match->empty()) rank_matches(*match);
  }

  /// Whether the hits suffice for a text that is in many rows: others have it only inside words.
  bool is_enough() const { return is_settled(0); }

  /// Whether enough rows have a better score.
  bool is_settled(double score) const {
    std::unordered_set<std::int64_t> better;
    for (const auto& hit : hits_) {
      if (hit.score > score) better.insert(hit.id);
    }
    return request_.limit >= 0 && std::cmp_greater_equal(better.size(), request_.limit);
  }

  // -- PostgreSQL --------------------------------------------------------------------------------------------------

  void through_trigrams() {
    const auto* index = trigram_index(database_, *request_.table, size_);
    if (index == nullptr || request_.near) return through_query();
    trigrams_.emplace(*index, request_, base::fold(request_.text), size_, most_);
    if (most_ == no_end) {
      rank(Place::part);
      return;
    }
    if (const auto found = trigrams_->is_common() ? std::nullopt : trigrams_->by_words()) {
      order_ = through_index_by_id;
      if (rank(*found)) return;
      if (most_ == request_.limit) {
        rank(trigrams_->elements());
        return;  // any other rows will do
      }
      hits_.clear();
    }
    const bool alone = !c_.in_transaction();
    in_one_snapshot([&] {
      // Parallel workers or JIT take PostgreSQL longer to start than they save here; and the rows that a sequential
      // scan expects to find soon may all be at the end of the table.
      if (alone) {
        c_.script("SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off; SET LOCAL enable_seqscan = off");
      }
      by_places();
    });
  }

  void by_places() {
    order_ = through_index_by_id;
    rank(trigrams_->elements());
    if (!rank(Place::word)) return;
    if (trigrams_->is_common() && is_enough()) return;
    if (trigrams_->has_trigrams()) rank(Place::part);
    else rank_short();
  }

  bool rank(const Candidates& found) {
    return rank_rows(db::quote(request_.table->table) + " t WHERE (" + found.where + ")", found.parameters, most_);
  }

  bool rank(Place place) {
    order_ = "";
    return rank(trigrams_->in_place(place));
  }

  /// A row not yet found has the text at the end of or inside words, for up to three points per text.
  void rank_short() {
    const bool all = rank(Place::word_begin);
    const double left = trigrams_->is_common() || !all ? 0 : 3 * static_cast<double>(request_.columns.size());
    if (!is_settled(left)) rank(Place::part);
  }

  // -- within a condition ------------------------------------------------------------------------------------------

  /// An index finds rows of the whole registry: good if it finds few; otherwise the condition's own rows are read.
  void within(bool ask_index) {
    if (ask_index) {
      through_fts();
      if (!cut_ && index_) return keep_those_within();
      hits_.clear();
    }
    through_query();
  }

  void keep_those_within() {
    std::vector<Value> ids;
    for (const auto& hit : hits_) ids.emplace_back(hit.id);
    if (ids.empty()) return;
    const std::array<std::string, 1> paths{"id"};
    std::vector<std::int64_t> kept;
    const auto columns = database_.columns(query(Expr::in("id", std::move(ids))), paths);
    for (const auto& id : columns[0]) kept.push_back(id.integer_or(0));
    std::erase_if(hits_, [&](const Hit& hit) { return !std::binary_search(kept.begin(), kept.end(), hit.id); });
  }

  Query query(Expr more) const {
    Query query{.registry = request_.table->qualified.str(), .order_by = {"id"}, .any_branch = request_.any_branch};
    std::vector<Expr> all;
    if (!is_empty(request_.within)) all.push_back(request_.within);
    if (!is_empty(more)) all.push_back(std::move(more));
    query.where = Expr::all_of(std::move(all));
    return query;
  }

  void through_query() {
    database_.each(query(condition(request_)), [&](Record&& record) {
      double score = 0;
      for (const auto* column : request_.columns) {
        if (const auto* text = record[column->position].text()) score = judge_.together(score, judge_.score(*text));
      }
      if (score > 0) hits_.push_back({record.id(), score});
      return true;
    });
  }

  // -- the result --------------------------------------------------------------------------------------------------

  std::vector<Hit> best() {
    std::sort(hits_.begin(), hits_.end(),
              [](const Hit& a, const Hit& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; });
    // A row may have been found several times, always with the same score.
    hits_.erase(std::unique(hits_.begin(), hits_.end(), [](const Hit& a, const Hit& b) { return a.id == b.id; }),
                hits_.end());
    if (request_.limit >= 0 && std::cmp_greater(hits_.size(), request_.limit)) {
      hits_.resize(static_cast<std::size_t>(request_.limit));
    }
    return std::move(hits_);
  }

  static constexpr const char* by_id = R"( ORDER BY t."id")";
  /// Keeps PostgreSQL from walking through the ids.
  static constexpr const char* through_index_by_id = R"( ORDER BY t."id" + 0)";

  Database& database_;
  db::Connection& c_;
  const SearchRequest request_;
  SearchJudge judge_;
  const bool any_branch_;
  std::int64_t size_ = 0;  ///< of the registry, estimated
  std::int64_t most_;
  bool cut_ = false;  ///< not every row that contains the text was ranked
  std::string order_ = by_id;
  std::optional<SearchIndex> index_;       ///< SQLite's
  std::optional<TrigramSearch> trigrams_;  ///< PostgreSQL's
  std::vector<Hit> hits_;
};

}  // namespace

std::vector<Hit> search(Database& database, const SearchRequest& request) { return Search(database, request).run(); }

bool finds_quickly(Database& database, const schema::Table& table) {
  constexpr std::int64_t half_a_second = 50'000;  // rows that may be indexed first
  return database.connection().dialect() == db::Dialect::postgres ||
         search_index(database, table, half_a_second).has_value();
}

}  // namespace lamin::registry
