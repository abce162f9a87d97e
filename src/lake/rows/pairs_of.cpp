#include "lake/rows/pairs_of.hpp"

#include <algorithm>

namespace lamin::lake {

std::vector<std::int64_t> Pairs::distinct() const {
  std::vector<std::int64_t> ids = to;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

PairsOf::PairsOf(Database& database, std::span<const std::int64_t> hosts)
    : database_(database), hosts_(hosts.begin(), hosts.end()) {
  if (hosts_.empty()) return;
  const auto [low, high] = std::minmax_element(hosts_.begin(), hosts_.end());
  first_ = *low;
  const auto n = static_cast<std::int64_t>(hosts_.size());
  if (*high - *low < 2 * n) positions_.assign(static_cast<std::size_t>(*high - *low + 1), -1);
  for (std::int64_t i = 0; i < n; ++i) {
    const auto id = hosts_[static_cast<std::size_t>(i)];
    if (positions_.empty()) far_apart_.emplace(id, i);
    else positions_[static_cast<std::size_t>(id - first_)] = i;
  }
}

std::int64_t PairsOf::position(std::int64_t id) const {
  if (positions_.empty()) {
    const auto found = far_apart_.find(id);
    return found == far_apart_.end() ? -1 : found->second;
  }
  const auto at = id - first_;
  return at < 0 || at >= static_cast<std::int64_t>(positions_.size()) ? -1 : positions_[static_cast<std::size_t>(at)];
}

/// A range is a single index scan; a list needs one search per id.
Expr PairsOf::are_hosts(const std::string& path) const {
  if (positions_.empty()) return Expr::in(path, {hosts_.begin(), hosts_.end()});
  const auto last = first_ + static_cast<std::int64_t>(positions_.size()) - 1;
  return Expr::all_of({Expr::compare(path, Op::gte, Value(first_)), Expr::compare(path, Op::lte, Value(last))});
}

std::vector<std::vector<Value>> PairsOf::columns(const schema::Table& table, const std::string& host, Expr more,
                                                 std::vector<std::string> paths) {
  paths.insert(paths.begin(), host);
  if (hosts_.empty()) return std::vector<std::vector<Value>>(paths.size());
  const Query query{.registry = table.table.str(),
                    .where = Expr::all_of({are_hosts(host), std::move(more)}),
                    .order_by = {host, "id"},  // the order of the index of that column
                    .any_branch = true};
  auto columns = database_.columns(query, paths);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < columns[0].size(); ++i) {
    const auto at = position(columns[0][i].integer_or(0));
    if (at < 0) continue;
    columns[0][kept] = Value(at);
    for (std::size_t c = 1; c < columns.size(); ++c) {
      if (kept != i) columns[c][kept] = std::move(columns[c][i]);
    }
    ++kept;
  }
  for (auto& column : columns) column.resize(kept);
  return columns;
}

Pairs PairsOf::read(const schema::Relation& relation, bool with_feature) {
  const bool has_feature = relation.through->find_column("feature") != nullptr;
  std::vector<std::string> paths{relation.to_column->column.str()};
  if (has_feature) paths.emplace_back("feature_id");
  const auto columns =
      this->columns(*relation.through, relation.from_column->column.str(),
                    with_feature ? Expr::compare("feature_id", Op::isnull, Value(false)) : Expr::all_of({}), paths);
  Pairs pairs;
  for (std::size_t i = 0; i < columns[0].size(); ++i) {
    pairs.host.push_back(static_cast<std::size_t>(columns[0][i].integer_or(0)));
    pairs.to.push_back(columns[1][i].integer_or(0));
    pairs.feature.push_back(has_feature ? columns[2][i].integer_or(0) : 0);
  }
  return pairs;
}

const Pairs& PairsOf::all(const schema::Relation& relation) {
  const auto known = all_.find(&relation);
  return known != all_.end() ? known->second : all_.emplace(&relation, read(relation, false)).first->second;
}

const Pairs& PairsOf::with_feature(const schema::Relation& relation) {
  if (const auto known = all_.find(&relation); known != all_.end()) return known->second;
  const auto known = with_feature_.find(&relation);
  return known != with_feature_.end() ? known->second
                                      : with_feature_.emplace(&relation, read(relation, true)).first->second;
}

}  // namespace lamin::lake
