// query.hpp -- which rows: a condition tree over paths, order and limit.
//
// Python's keyword look-ups (`cell_types__name__in=[...]`), the shell's `--where "run.transform.key = 'x'"`, REST's
// `where=` and the UI's box are four spellings of one Expr. Paths follow relations in both directions. Nothing is
// looked up until a Database runs the query; an unknown path throws unknown_field with the nearest names.
//
// A path may continue after a time or date with a part of it (`created_at.year`; the parts are date, year, iso_year,
// quarter, month, week, day, week_day from Sunday = 1, iso_week_day from Monday = 1, hour, minute, second, in UTC) and
// after a JSON field into the document (`params.layers.0.size`). For artifacts, runs and records it may start with the
// name of a feature (feature.hpp).
//
// Logic is two-valued: a comparison with a missing value is false, and none_of and `ne` hold where the positive form
// does not. Across a to-many relation a comparison holds if any related row satisfies it. Comparisons on the same path
// prefix within one all_of or any_of refer to the same related row; an all_of directly inside an all_of stands for a
// further filter() call and refers to a related row of its own. Rows are ordered by order_by, then by id: ascending
// order puts nulls first and text compares by bytes, the same on every database. A row appears once, however many
// joined rows match.
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
  has_key,  ///< JSON: an object with that key; has_keys: all of them, has_any_keys: at least one
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
  /// compare: the values are ids of rows of this registry ("ULabel"), to which the path must lead; "" = any values.
  std::string of = {};

  bool operator==(const Expr&) const = default;

  static Expr compare(std::string path, Op op, Value value);
  static Expr in(std::string path, std::vector<Value> values);
  static Expr all_of(std::vector<Expr> children);
  static Expr any_of(std::vector<Expr> children);
  static Expr none_of(std::vector<Expr> children);
  /// The row is on the current branch or on main. Always true in a registry without branches.
  static Expr visible();

  /// A keyword look-up: ("cell_types__name__icontains", "t cell"). A trailing Op name is the op; the default is
  /// `exact`.
  static Expr lookup(std::string_view keyword, std::vector<Value> values);
  /// `name = "x" and (size > 10 or cell_types.name in ("a", "b")) and key ~ "pbmc" and run is null`.
  /// Any look-up works as an operator: `name icontains "t"`. Throws invalid_argument with the position of the part that
  /// could not be parsed.
  static Expr parse(std::string_view text);
};

/// The condition in the syntax of parse().
std::string to_string(const Expr& expr);
/// Checks that every path exists, before a Database runs it. Throws unknown_field.
void check_paths(const schema::Table& from, const Expr& expr);

/// Rows of one registry. A value: building it is cheap and never fails; a Database runs it.
struct Query {
  std::string registry = {};  ///< "Artifact", "bionty.CellType"
  Expr where = {};            ///< an empty all_of matches every row
  /// Paths; a leading "-" is descending. Of several related rows the smallest value counts; descending, the largest.
  std::vector<std::string> order_by = {};
  /// Resolved meanings of `order_by` names that are not fields, set by the Database: the last child holds the path to
  /// order by, the others restrict which related rows count.
  std::map<std::string, Expr, std::less<>> resolved_order = {};
  std::int64_t limit = -1;  ///< -1 = all
  std::int64_t offset = 0;
  bool distinct = false;    ///< return a row once even if several joined rows match (the resolver sets it)
  bool any_branch = false;  ///< true: include trash, archive and other branches
};

}  // namespace lamin
