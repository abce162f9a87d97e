// compile.hpp -- from a query to the SQL of its shape, in the dialect of the database.
//
// Invariants
//   1. Slots come in the order of their "?" in the text, so everything is emitted from left to right.
//   2. The outermost SELECT joins only to_one relations; whatever crosses a to_many relation becomes `id IN (SELECT
//      ...)`. So no row repeats, and ORDER BY, LIMIT and COUNT need no DISTINCT.
//   3. Identifiers come from the catalog, values are slots: no text of a caller enters the SQL.
#pragma once
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/connection.hpp"
#include "registry/scope.hpp"
#include "registry/statement.hpp"

namespace lamin::registry {

/// Which branches are visible.
enum class Visible {
  all,
  main,     ///< branch 1
  current,  ///< the current one and branch 1
};

struct Seen {
  Visible branches = Visible::all;  ///< the branches for which Expr::visible() holds
  bool everywhere = false;          ///< whether it applies to the whole query
};

/// The term itself, or the part of a time that it means (calendar.cpp).
std::string part_sql(const Term& term, db::Dialect dialect);

/// PostgreSQL: whether text must be folded by ICU. In a database with the C locale lower() knows only ASCII; Debian's
/// and all vendors' Postgres have ICU.
bool folds_by_icu(db::Connection& connection);

class Compiler {
 public:
  Compiler(const schema::Table& table, db::Dialect dialect, const Shape& shape, Seen seen, bool fold_by_icu);

  Statement rows(const Query& query);
  Statement count(const Query& query);
  Statement exists(const Query& query);
  Statement columns(const Query& query, std::span<const std::string> paths);
  /// `fields` are set to slots of Bind::assigned, in this order.
  Statement update(const Query& query, std::span<const schema::Column* const> fields);

 private:
  // select.cpp
  std::string where(const Query& query, Scope& scope);
  std::string order(const Query& query, Scope& scope);
  Statement distinct_columns(const Query& query, std::span<const std::string> paths);
  std::string limit(const Query& query);
  std::string ids(const Query& query);
  void order_term(const Term& term, bool descending, std::string& out);
  /// Orders by a path that may lead to several rows: by the first of them, or the last if descending. `among`:
  /// conditions on the related rows, in the scope of their path.
  void order_by_many(const Path& path, std::span<const Expr> among, bool descending, const Scope& scope,
                     std::string& out);
  /// The term as a selected column; for a place in a document, that piece of it.
  void selected(const Term& term, std::string& out);

  // condition.cpp
  bool crosses(const Expr& expr, const schema::Table& table) const;
  /// `split`: a part that crosses a to_many relation becomes a subquery; otherwise its joins belong to `scope`.
  void condition(const Expr& expr, Scope& scope, bool split, bool left, std::string& out);
  void all_of(const Expr& expr, Scope& scope, bool split, bool left, std::string& out);
  void any_of(const Expr& expr, Scope& scope, bool split, std::string& out);
  void none_of(std::span<const Expr* const> children, Scope& scope, std::string& out);
  void unequal(const Expr& leaf, Scope& scope, std::string& out);
  void subquery(std::span<const Expr* const> group, Scope& scope, bool negated, std::string& out);
  void visible(Scope& scope, std::string& out);

  // compare.cpp
  void compare(const Expr& leaf, Scope& scope, bool left, std::string& out);
  bool named_rows(const Expr& leaf, const Path& path, Scope& scope, std::string& out);
  void compare_term(const Expr& leaf, Slot slot, std::string& out);
  void equal(const Expr& leaf, Slot slot, std::string& out);
  void ordered(const Expr& leaf, Slot slot, std::string_view op, Bind bound, int value, std::string& out);
  void text_like(const Expr& leaf, Slot slot, std::string& out);
  void in_list(const Expr& leaf, Slot slot, std::string& out);
  bool calendar(const Expr& leaf, Slot slot, std::string& out);
  bool whole_document(const Expr& leaf, Slot slot, std::string& out);
  void json_null(const Expr& leaf, bool is_null, std::string& out);
  void json_keys(const Expr& leaf, std::string& out);

  /// What is compared; for a place within JSON, an expression with its own slots.
  void operand(std::string& out);
  void json_operand(std::string& out);
  void json_type(std::string& out);
  void json_piece(const Term& term, std::string& out);
  void folded_operand(std::string& out);
  void slot(Slot slot, Bind how, int value, std::string& out);
  void constant(Value value, std::string_view text, std::string& out);
  std::string json_path(const std::vector<std::string>& keys) const;

  const schema::Table& table_;
  const db::Dialect dialect_;
  const Shape& shape_;
  const Seen seen_;
  const bool fold_by_icu_;
  int aliases_ = 0;
  std::vector<Slot> slots_;
  std::unordered_map<const Expr*, int> leaf_;
  Term term_;               ///< of the current comparison
  Type type_ = Type::text;  ///< the type it is compared as
};

}  // namespace lamin::registry
