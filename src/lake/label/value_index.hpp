// value_index.hpp -- the values of one text column of a registry, indexed for look-ups.
//
// Reads (id, value, synonyms) of all relevant rows once and answers from hash tables: which row has this value, this
// value ignoring case, this synonym. For suggestions for unknown values, see suggest.hpp.
//
// Invariants
//   1. `value_index` returns a cached index only if nothing can have been written since it was read: the database's
//      change counter (other writers) and Database::writes (own ones) are both unchanged. After own inserts only, it
//      catches up by id. On a database without a change counter it is read for every call.
//   2. Rows of an index are ordered by id; so are several rows of one text.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lake/label/text_map.hpp"
#include "lamin/instance.hpp"

namespace lamin::lake {

/// Which rows count, and which columns are read.
struct ValueScope {
  const schema::Table* table = nullptr;
  const schema::Column* field = nullptr;
  const schema::Column* synonyms = nullptr;  ///< null: the registry has none
  std::int64_t organism = 0;                 ///< id; 0 = any; -1 = one that has no rows
  std::int64_t source = 0;                   ///< id; 0 = any
  std::optional<std::int64_t> type = {};     ///< id; 0 = rows without a type
  Expr within = {};                          ///< further conditions; such an index is not cached

  std::string key() const;
};

class ValueIndex {
 public:
  explicit ValueIndex(ValueScope scope) : scope_(std::move(scope)) {}

  /// Reads the rows with an id above `last_id()`.
  void read_more(Database& database);

  const ValueScope& scope() const { return scope_; }
  std::size_t rows() const { return ids_.size(); }
  std::int64_t id(std::uint32_t row) const { return ids_[row]; }
  std::int64_t last_id() const { return last_id_; }
  std::string_view value(std::uint32_t row) const {  ///< "" if null
    return values_of_[row] == TextMap::none ? std::string_view() : values_.text(values_of_[row]);
  }

  const TextMap& values() const { return values_; }
  const TextMap& folded_values() const;    ///< built on the first call; the same entries as values()
  const TextMap& synonyms() const;         ///< in their original case; built on the first call
  const TextMap& folded_synonyms() const;  ///< built on the first call
  /// Synonyms with a broader, narrower or looser meaning: used for suggestions, never for replacement.
  const TextMap& loose_synonyms() const { return loose_; }
  const TextMap& folded_loose_synonyms() const;

  /// Other data derived from the index (suggest.hpp), with the same lifetime; it catches up automatically.
  mutable std::shared_ptr<void> derived;

 private:
  void reserve_rows(Database& database);
  void read_own_synonyms(Database& database);
  void add_row(std::int64_t id, bool has_value, std::string_view value, std::string_view synonyms);

  /// Synonyms of a row that are not in `synonyms_` yet: joined by "|", or one with "|" inside.
  struct Unread {
    std::uint32_t row;
    bool whole;
    std::uint64_t begin, size;  // in joined_
  };

  ValueScope scope_;
  std::vector<std::int64_t> ids_;
  std::vector<std::uint32_t> values_of_;  // row -> entry of values_
  std::int64_t last_id_ = 0;
  TextMap values_, loose_;
  mutable TextMap folded_values_, synonyms_, folded_synonyms_, folded_loose_;
  mutable std::string joined_;
  mutable std::vector<Unread> unread_;
};

/// The index for a scope, cached or read now.
std::shared_ptr<const ValueIndex> value_index(Database& database, const ValueScope& scope);

/// Lower case as Python's str.lower(), for look-ups; fast for ASCII. The view is valid until the next call.
std::string_view fold_into(std::string& buffer, std::string_view text);

/// The branches whose rows are visible: the stamp's and main.
std::pair<std::int64_t, std::int64_t> visible_branches(Database& database);

}  // namespace lamin::lake
