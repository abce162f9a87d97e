// query.hpp -- which rows: a condition tree over paths, order and limit.
//
// Python's keyword look-ups (`cell_types__name__in=[...]`), the shell's `--where "run.transform.key = 'x'"`, REST's
// `where=` and the UI's box are four spellings of one Expr. Paths follow relations in both directions. Nothing is
// looked up until a Database runs the query; an unknown path throws unknown_field, naming the nearest.
//
// A path may go on behind a time or a day to a part of it (`created_at.year`; the parts are date, year, iso_year,
// quarter, month, week, day, week_day from Sunday = 1, iso_week_day from Monday = 1, hour, minute, second, in UTC) and
// behind a JSON field into the document (`params.layers.0.size`). Of artifacts, runs and records it may begin with the
// name of a feature (feature.hpp).
//
// Logic is two-valued: a comparison with an absent value is false, and none_of and `ne` hold where the positive form
// does not. Across a to-many relation a comparison holds if some related row meets it. Comparisons on the same path
// prefix within one all_of or any_of mean the same related row; an all_of directly inside an all_of stands for a
// further filter() call and speaks of its own. Rows come in order_by, then by id: nulls first ascending, text by its
// bytes, the same on every database. A row comes once, however many joined rows match.
//
// Example: examples/cpp/query.cpp
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/value.hpp"

namespace lamin::schema {
struct Table;
}

namespace lamin {

/// How a path is compared. The names are Django's, which LaminDB's users write after "__".
enum class Op {
  exact,
  iexact,
  contains,
  icontains,
  startswith,
  istartswith,
  endswith,
  iendswith,
  in,
  gt,
  gte,
  lt,
  lte,
  range,
  isnull,
  regex,
  iregex,
  ne,
  has_key,  ///< JSON: an object with that key; has_keys all of them, has_any_keys one of them
  has_keys,
  has_any_keys,
};

struct Expr {
  enum class Node { all_of, any_of, none_of, compare, visible };
  Node node = Node::all_of;
  std::vector<Expr> children;  ///< all_of, any_of, none_of
  std::string path;            ///< compare: "run.transform.key"; "__" is accepted for "."
  Op op = Op::exact;
  std::vector<Value> values;  ///< compare: one; `in`, `has_keys`: any number; `range`: two; `isnull`: a bool
  /// compare: the values are ids of rows of this registry ("ULabel"), and the path must lead to such; "" = any values.
  std::string of = {};

  bool operator==(const Expr&) const = default;

  static Expr compare(std::string path, Op op, Value value);
  static Expr in(std::string path, std::vector<Value> values);
  static Expr all_of(std::vector<Expr> children);
  static Expr any_of(std::vector<Expr> children);
  static Expr none_of(std::vector<Expr> children);
  /// The row is on the current branch or on main. Every row of a registry without branches is.
  static Expr visible();

  /// A keyword look-up: ("cell_types__name__icontains", "t cell"). A trailing Op name is the op, else `exact`.
  static Expr lookup(std::string_view keyword, std::vector<Value> values);
  /// `name = "x" and (size > 10 or cell_types.name in ("a", "b")) and key ~ "pbmc" and run is null`.
  /// Any look-up may stand between: `name icontains "t"`. Throws invalid_argument with the position of what could not
  /// be read.
  static Expr parse(std::string_view text);
};

/// The condition as parse() reads it.
std::string to_string(const Expr& expr);
/// Whether every path of it leads somewhere, before a Database runs it. Throws unknown_field.
void check_paths(const schema::Table& from, const Expr& expr);

/// Rows of one registry. A value: building it costs nothing and fails never; a Database runs it.
struct Query {
  std::string registry = {};  ///< "Artifact", "bionty.CellType"
  Expr where = {};            ///< the empty all_of holds for every row
  /// Paths; a leading "-" is descending. Of several related rows the least counts, descending the greatest.
  std::vector<std::string> order_by = {};
  /// What names in order_by stand for that are no fields, set by the Database: its last child is about the path that is
  /// ordered by, the others say which related rows count.
  std::map<std::string, Expr, std::less<>> order_meant = {};
  std::int64_t limit = -1;  ///< -1 = all
  std::int64_t offset = 0;
  bool distinct = false;    ///< a row that several joined rows match comes once (set by the resolver where needed)
  bool any_branch = false;  ///< true: do not hide trash, archive and other branches
};

}  // namespace lamin
