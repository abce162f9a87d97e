// scope.hpp -- one FROM clause: a table and the tables joined to it.
//
// Paths with the same prefix share its joins, as one filter() call of Django does. A relation that ends a path needs no
// join of the table it points at: its id is in the row, or in the pair, that points there.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "registry/path.hpp"

namespace lamin::registry {

struct Step {
  const schema::Relation* relation = nullptr;
  int parent = -1;  ///< the step it starts from; -1 = the scope's table
  bool left = false;
  bool to_used = false;       ///< many_to_many: whether the table beyond the pairs is needed
  std::string link, to = {};  ///< aliases
};

/// Where a path ends, in SQL.
struct Term {
  std::string sql;  ///< t1."name"; for a part of a time still the time
  const schema::Column* column = nullptr;
  const schema::Relation* relation = nullptr;  ///< set if its value is the id of something
  std::vector<std::string> keys;
  Part part = Part::whole;
  Type type = Type::text;  ///< the type it is compared as
  bool nullable = false;   ///< among other things because a join may find nothing
};

class Scope {
 public:
  /// `aliases` counts across the whole statement.
  Scope(const schema::Table& table, int& aliases);

  /// `left`: keeps rows for which the path leads nowhere.
  Term term(const Path& path, bool left);
  /// "t0"."id", and remembers that the table itself is needed.
  std::string id();
  std::string own(std::string_view column);  ///< the same for any column
  /// Whether the way to the path's end is already joined.
  bool has(const Path& path) const;
  const schema::Table& table() const { return *table_; }
  const std::string& alias() const { return alias_; }
  bool joined() const { return !steps_.empty(); }
  const std::vector<Step>& steps() const { return steps_; }

  /// `"artifact" t0 JOIN ...`
  std::string from() const;
  /// The ids of the rows that meet `condition`, as a SELECT. Leaves out the table itself if pairs suffice.
  std::string select_ids(const std::string& condition, bool never_null);

 private:
  int enter(const schema::Relation& relation, int parent, bool left);
  std::string source(int step, std::string_view column);
  std::string source_of(const Step& step, std::string_view column) const;
  std::string source_id(const Step& step) const;
  std::string key_of(const Step& step) const;
  void join(const Step& step, std::string& out) const;

  const schema::Table* table_;
  int* aliases_;
  std::string alias_;
  std::vector<Step> steps_;
  bool used_ = false;     ///< a column of the table itself is referred to
  int standing_in_ = -1;  ///< the step whose key replaces the table's id if the table is left out
};

}  // namespace lamin::registry
