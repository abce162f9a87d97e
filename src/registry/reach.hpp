// reach.hpp -- what can be reached from a row by following relations any number of times, answered by one recursive
// statement.
//
// A walk goes over the rows of one table, `over`: it starts with those that `start` leads to from the row asked for,
// and from each row `next` leads on. Only ids are compared, so a circle ends, and a row that is reached in several ways
// is walked from once (with a limit of steps: once per distance). `parts` say what is returned about the rows met.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>
#include "lamin/database.hpp"

namespace lamin::db {
class Rows;
}

namespace lamin::registry {

/// Relations, one after another; none: the row itself.
using Way = std::vector<const schema::Relation*>;

struct Trip {
  std::vector<Way> start = {};  ///< from the row asked for
  std::vector<Way> next = {};   ///< from a row of `over` to others
  int first = 1;                ///< how many steps away the rows of `start` are
  int steps = -1;               ///< at most so many; negative: any number. Cheap for small numbers only
  std::size_t most = 0;         ///< rows, the nearest ones; 0 = as many as of any trip
};

/// A column of the row at the end of a part's way, or of what a reference of that row points at. No column: null.
struct Cell {
  const schema::Column* column = nullptr;
  const schema::Relation* by = nullptr;
};
struct ReachPart {
  Way way = {};  ///< from a row that was met
  std::vector<Cell> cells = {};
  bool distinct = false;
};

struct ReachOptions {
  const schema::Table* from = nullptr;  ///< the row asked for
  std::int64_t id = 0;
  const schema::Table* over = nullptr;
  std::vector<Trip> trips = {};
  std::vector<ReachPart> parts = {};  ///< with the same number of cells
  std::vector<Type> types = {};       ///< of the cells
  /// Rows of these tables count only if they are on one of these branches; the row asked for counts on any.
  std::vector<const schema::Table*> shown = {};
  std::vector<std::int64_t> branches = {};
  std::size_t most = 0;  ///< rows per trip, the nearest ones; 0 = all
};

/// Each row: number of the part, id of the row met, id of the row at the end of the part's way, cells.
std::unique_ptr<db::Rows> reach(Database& database, const ReachOptions& options);

}  // namespace lamin::registry
