// reach.cpp -- the recursive statement, in the words of both databases.
//
// Both allow one recursive reference per SELECT, but several ways lead on from a row. SQLite takes one recursive SELECT
// per way; PostgreSQL takes one only, in which the ways are a lateral subquery. CROSS JOIN makes SQLite walk from what
// was met to what is next. It takes a recursive table for a million rows, though, and would read whole tables into a
// Bloom filter first: `few` tells it otherwise. It must be no range: SQLite would carry that over to the column that is
// joined, and search for the range there instead of for the id.
#include "registry/reach.hpp"
#include <algorithm>
#include <map>
#include "db/connection.hpp"
#include "db/sql.hpp"
#include "registry/scope.hpp"

namespace lamin::registry {
namespace {

using Shape = schema::Relation::Shape;
constexpr const char* few = "likelihood(w.id IS NOT NULL, 0.00001)";
using schema::Relation;
using schema::Table;

class Statement {
 public:
  Statement(const ReachOptions& options, bool sqlite) : options_(options), sqlite_(sqlite) {
    sql_ = "WITH RECURSIVE ";
    for (std::size_t i = 0; i < options.trips.size(); ++i) trip(options.trips[i], "trip" + std::to_string(i));
    found();
    for (std::size_t i = 0; i < options.parts.size(); ++i) part(i);
  }
  const std::string& sql() const { return sql_; }
  const std::vector<Value>& parameters() const { return parameters_; }

 private:
  /// Where a way has got to: tables joined, the id of the last row, and its alias if the row itself is joined.
  struct Place {
    std::string joins = {}, conditions = {}, id = {}, alias = {};
    const Table* table = nullptr;
    bool may_be_null = false;
    std::vector<bool> shown = {};  ///< a condition on branches; true: from which the row asked for is exempt
  };

  std::string alias() { return "t" + std::to_string(aliases_++); }
  void bind(std::int64_t value) { parameters_.emplace_back(value); }

  std::string join(const Table& table, const std::string& as, std::string_view column, const std::string& equal) const {
    return (sqlite_ ? " CROSS JOIN " : " JOIN ") + db::quote(table.table) + " " + as + " ON " + as + "." +
           db::quote(column) + " = " + equal;
  }

  // Joins the row itself, which the columns of references need.
  const std::string& row(Place& at) {
    if (at.alias.empty()) {
      at.alias = alias();
      at.joins += join(*at.table, at.alias, at.table->columns[0].column, at.id);
    }
    return at.alias;
  }

  void follow(Place& at, const Relation& relation) {
    switch (relation.shape) {
      case Shape::to_one:
        at.id = row(at) + "." + db::quote(relation.from_column->column);
        at.alias.clear();
        break;
      case Shape::to_many: {
        const auto as = alias();
        at.joins += join(*relation.to, as, relation.to_column->column, at.id);
        at.alias = as;
        at.id = as + "." + db::quote(relation.to->columns[0].column);
        break;
      }
      case Shape::many_to_many: {
        const auto as = alias();
        at.joins += join(*relation.through, as, relation.from_column->column, at.id);
        at.alias.clear();
        at.id = as + "." + db::quote(relation.to_column->column);
        break;
      }
    }
    at.may_be_null = relation.shape == Shape::to_one;
    at.table = relation.to;
    if (std::ranges::find(options_.shown, at.table) == options_.shown.end()) return;
    std::string marks;
    for (std::size_t i = 0; i < options_.branches.size(); ++i) marks += i == 0 ? "?" : ", ?";
    const bool exempt = at.table == options_.from;
    const auto branch = row(at) + "." + db::quote(at.table->column("branch").column) + " IN (" + marks + ")";
    at.conditions += at.conditions.empty() ? "" : " AND ";
    at.conditions += exempt ? "(" + branch + " OR " + at.id + " = ?)" : branch;
    at.shown.push_back(exempt);
    at.may_be_null = false;
  }

  Place go(Place at, const Way& way) {
    for (const auto* relation : way) follow(at, *relation);
    if (at.may_be_null) at.conditions += (at.conditions.empty() ? "" : " AND ") + at.id + " IS NOT NULL";
    return at;
  }

  void bind_branches(const Place& at) {
    for (const bool exempt : at.shown) {
      for (const auto branch : options_.branches) bind(branch);
      if (exempt) bind(options_.id);
    }
  }

  void trip(const Trip& trip, const std::string& name) {
    const bool limited = trip.steps >= 0;
    sql_ += name + (limited ? "(id, step) AS (" : "(id) AS (");
    for (std::size_t i = 0; i < trip.start.size(); ++i) {
      if (i > 0) sql_ += " UNION ";
      const Place from{.id = "s." + db::quote(options_.from->columns[0].column), .alias = "s", .table = options_.from};
      const auto at = go(from, trip.start[i]);
      sql_ += "SELECT " + at.id + (limited ? ", " + std::to_string(trip.first) : "") + " FROM " +
              db::quote(options_.from->table) + " s" + at.joins + " WHERE " + from.id + " = ?" +
              (at.conditions.empty() ? "" : " AND " + at.conditions);
      bind(options_.id);
      bind_branches(at);
      if (limited) {
        sql_ += " AND " + std::to_string(trip.first) + " <= ?";
        bind(trip.steps);
      }
    }
    if (sqlite_) {
      for (const auto& way : trip.next) {
        sql_ += " UNION SELECT ";
        const auto at = go({.id = "w.id", .table = options_.over}, way);
        sql_ += at.id + (limited ? ", w.step + 1" : "") + " FROM " + name + " w" + at.joins + " WHERE " + few +
                (at.conditions.empty() ? "" : " AND " + at.conditions);
        bind_branches(at);
        if (limited) {
          sql_ += " AND w.step < ?";
          bind(trip.steps);
        }
      }
    } else if (!trip.next.empty()) {
      sql_ += std::string(" UNION SELECT n.id") + (limited ? ", w.step + 1" : "") + " FROM " + name +
              " w CROSS JOIN LATERAL (";
      for (std::size_t i = 0; i < trip.next.size(); ++i) {
        if (i > 0) sql_ += " UNION ALL ";
        const auto at = go({.id = "o.id", .table = options_.over}, trip.next[i]);
        sql_ += "SELECT " + at.id + " FROM (SELECT w.id) o(id)" + at.joins +
                (at.conditions.empty() ? "" : " WHERE " + at.conditions);
        bind_branches(at);
      }
      sql_ += ") n(id)";
      if (limited) {
        sql_ += " WHERE w.step < ?";
        bind(trip.steps);
      }
    }
    if (sqlite_ && !limited) limit(trip);  // inside, where it ends the walk
    sql_ += "), ";
  }

  // Both databases walk from what they met first: what is left out is farther away than what is not.
  void limit(const Trip& trip) {
    const auto most = trip.most == 0 ? options_.most : trip.most;
    if (most == 0) return;
    sql_ += " LIMIT ?";
    bind(static_cast<std::int64_t>(most));
  }

  void found() {
    sql_ += "met(id) AS (";
    for (std::size_t i = 0; i < options_.trips.size(); ++i) {
      if (i > 0) sql_ += " UNION ";
      const bool limited = options_.trips[i].steps >= 0;
      sql_ +=
          std::string("SELECT id FROM (SELECT ") + (limited ? "DISTINCT " : "") + "id FROM trip" + std::to_string(i);
      if (!sqlite_ || limited) limit(options_.trips[i]);  // PostgreSQL walks only as far as is read
      sql_ += ") l" + std::to_string(i);
    }
    sql_ += ")";
  }

  static std::string null_of(Type type, bool sqlite) {
    switch (type) {
      case Type::integer: return "CAST(NULL AS bigint)";
      case Type::time: return sqlite ? "NULL" : "CAST(NULL AS timestamptz)";
      default: return "CAST(NULL AS text)";
    }
  }

  void part(std::size_t number) {
    const auto& part = options_.parts[number];
    sql_ += number == 0 ? " " : " UNION ALL ";
    auto at = go({.id = "w.id", .table = options_.over}, part.way);
    std::string cells;
    std::map<const Relation*, std::string> joined;
    for (std::size_t i = 0; i < options_.types.size(); ++i) {
      const auto& cell = part.cells.at(i);
      cells += ", ";
      if (cell.column == nullptr) {
        cells += null_of(options_.types[i], sqlite_);
      } else if (cell.by == nullptr) {
        cells += row(at) + "." + db::quote(cell.column->column);
      } else {
        auto& as = joined[cell.by];
        if (as.empty()) {
          as = alias();
          at.joins += " LEFT JOIN " + db::quote(cell.by->to->table) + " " + as + " ON " + as + "." +
                      db::quote(cell.by->to->columns[0].column) + " = " + row(at) + "." +
                      db::quote(cell.by->from_column->column);
        }
        cells += as + "." + db::quote(cell.column->column);
      }
    }
    sql_ += std::string(part.distinct ? "SELECT DISTINCT " : "SELECT ") + std::to_string(number) + ", w.id, " + at.id +
            cells + " FROM met w" + at.joins + " WHERE " + (sqlite_ ? few : "TRUE") +
            (at.conditions.empty() ? "" : " AND " + at.conditions);
    bind_branches(at);
  }

  const ReachOptions& options_;
  bool sqlite_;
  std::string sql_;
  std::vector<Value> parameters_;
  int aliases_ = 0;
};

}  // namespace

std::unique_ptr<db::Rows> reach(Database& database, const ReachOptions& options) {
  auto& connection = database.connection();
  const Statement statement(options, connection.dialect() == db::Dialect::sqlite);
  return connection.query(statement.sql(), statement.parameters());
}

}  // namespace lamin::registry
