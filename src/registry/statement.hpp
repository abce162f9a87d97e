// statement.hpp -- SQL text of a query's shape, and where its parameters come from.
//
// Two queries that differ only in their values have the same shape and share one Statement: the text is made once, and
// each run only fills the slots. A slot names a leaf of the condition (in pre-order) and what to make of its value.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "lamin/catalog.hpp"
#include "lamin/database.hpp"
#include "lamin/query.hpp"

namespace lamin::registry {

enum class Bind {
  value,       ///< as the column's type
  low,         ///< a time or day as a lower bound
  high,        ///< a time or day as an upper bound
  next,        ///< prefix: the first text after all that start with it
  folded,      ///< without case
  like_any,    ///< LIKE pattern: contains
  like_start,  ///< LIKE pattern: starts with
  like_end,    ///< LIKE pattern: ends with
  like_any_folded,
  like_start_folded,
  like_end_folded,
  regex,         ///< a pattern
  regex_folded,  ///< a pattern that ignores case
  day_begin,
  day_end,
  year_begin,
  year_end,
  list,      ///< all values in one parameter
  constant,  ///< Slot::constant
  branch,    ///< the current branch
  limit,
  offset,
  assigned,  ///< update: the new value with that number
};

struct Slot {
  Bind how = Bind::value;
  int leaf = 0;
  int value = 0;
  Type type = Type::text;
  const schema::Column* column = nullptr;      ///< for messages
  const schema::Relation* relation = nullptr;  ///< the value is the id of what it points at
  Value constant = {};
};

struct Statement {
  std::string sql;
  std::vector<Slot> slots;
  std::vector<Type> types;  ///< of the selected columns
};

/// The shape of a query: equal keys mean equal SQL.
struct Shape {
  std::string key;
  std::vector<const Expr*> leaves;  ///< comparisons in pre-order
  bool names_rows = false;          ///< says which rows or branch it means: nothing is hidden
  bool asks_visible = false;        ///< contains an Expr::visible()
};
void add_shape(const Expr& expr, Shape& shape);

/// A LIKE pattern for texts that contain this one, with anything `before` and `after` it.
std::string like_pattern(std::string_view text, bool before, bool after);

/// Lists up to this size are written out (padded to a power of two); longer ones are one parameter.
constexpr std::size_t longest_inline_list = 16;
bool fits_one_parameter(const std::vector<Value>& values);
/// Whether a number is not whole: people write 1e6 for 1000000, and an integer column's index can find that.
bool has_fraction(const Value& value);

/// The slots' values in order. Throws invalid_argument, naming field and value, if a value does not fit.
std::vector<Value> bind(const Statement& statement, const Shape& shape, const Query& query, std::int64_t branch,
                        bool sqlite, const std::vector<Value>& assigned = {});

}  // namespace lamin::registry
