// mover.hpp -- how the moves of an upgrade are found: private to moves.cpp (what the registry and the releases have),
// row_moves.cpp (what becomes of a row) and missing_terms.cpp (what is inserted).
#pragma once
#include "lake/upgrade/moves.hpp"

namespace lamin::lake {

/// An earlier release that rows are of.
struct Earlier {
  std::string version = {};
  std::shared_ptr<Instance> reference = {};
  std::shared_ptr<const ReleaseTerms> terms = {};

  const TermContent* content(const std::string& id) const {
    const auto found = terms->contents.find(id);
    return found == terms->contents.end() ? nullptr : &found->second;
  }
  const Stated& stated() const { return terms->stated; }
};

class Mover {
 public:
  Mover(Instance& instance, const schema::Table& table, const Record& to, const UpgradeOptions& options);
  ReleaseMoves run();

 private:
  using Action = PlannedChange::Action;
  using Kind = TermChange::Kind;

  // -- what the registry and the releases have
  void read_rows();
  const Record* source_row(const Record& row) const;
  bool same_release(const Record& row) const;
  /// What the row's own release says; null if it is the same release, or cannot be had.
  const Earlier* earlier(const Record& row);
  void compare_releases();
  /// Those of other scopes are the release's.
  void compare_other_synonyms();

  // -- what becomes of a row
  void consider(const Record& row);
  void rewrite(const Record& row, const std::string& id, const Earlier* old);
  void retire(const Record& row, const std::string& id, const Earlier* old, std::vector<std::string> into);
  void keep(const Record& row);
  /// A term of the user's own that the release has now under its name.
  void adopt(const Record& row);
  void move_parents(RowChange& change, const std::string& id, const Earlier* old);
  /// What a user gave the row goes to the one that replaces it: synonyms and, if that has none, the abbreviation.
  void hand_over(const Record& row, const std::string& into, const TermContent* before, RowChange& change);
  Kind why_gone(const std::string& id, const std::vector<std::string>& into, const Earlier* old) const;
  /// A former name leads to the term, unless it is the name of another one now.
  Value with_former(const Value& synonyms, const std::string& former);
  bool is_name(const std::string& text);
  RowChange change_of(const Record& row, Action action) const;
  void set(RowChange& change, const std::string& field, Value value) const;
  /// The synonyms of other scopes are the release's; what is the same but for the release is only linked to it.
  void finish(RowChange change);

  // -- what is inserted
  /// All terms of a registry that holds whole releases; otherwise those that are needed, and what is above them.
  void insert_missing();
  RowChange inserted(const std::string& id);
  void apply_handed();
  /// What rows rely on comes back from the trash, with what is above it; the rest of a release stays there.
  void restore();
  /// The planned change of a registered term, or a new one.
  RowChange& change_to(const std::string& id);

  struct Handed {
    std::vector<std::string> synonyms;
    Value abbreviation;
  };

  Instance& instance_;
  const schema::Table& table_;
  const UpgradeOptions& options_;
  std::vector<const schema::Column*> further_;
  bool has_hierarchy_;
  Value organism_;  ///< of genes and proteins
  ReleaseMoves moves_;
  std::shared_ptr<const ReleaseTerms> later_;
  const Stated* newer_ = nullptr;
  std::vector<Record> sources_, rows_;
  std::unordered_map<std::int64_t, const Record*> by_row_;
  std::unordered_map<std::string, const Record*> by_term_;  ///< of this source
  std::vector<const Record*> concerned_, own_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> parents_, children_;
  std::map<std::string, Earlier> earlier_;
  std::unordered_map<std::string, std::string> names_;  ///< of the release's terms, folded -> id
  std::set<std::string> needed_;
  std::vector<std::string> relied_on_;  ///< of needed_: by rows that are not in the trash
  std::map<std::string, Handed> handed_;
};

}  // namespace lamin::lake
