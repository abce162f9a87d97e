// pages.cpp -- see pages.hpp.
#include "lamin/pages.hpp"

#include <algorithm>

#include "db/connection.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

std::int64_t id_of(const Value& value) { return value.integer_or(0); }

}  // namespace

Pages::Pages(Database& db, Query query, std::int64_t size) : db_(db), query_(std::move(query)), size_(size) {
  if (size_ < 1)
    throw Error(Code::invalid_argument, "A page holds at least one row, not " + std::to_string(size_) + ".");
  const auto& order = query_.order_by;
  const bool of_ids = order.empty() || (order.size() == 1 && (order[0] == "id" || order[0] == "-id"));
  by_id_ = of_ids && query_.limit < 0 && query_.offset == 0;
}

std::vector<Record> Pages::after_last() {
  Query page = query_;
  page.limit = size_;
  const Op beyond = !query_.order_by.empty() && query_.order_by[0] == "-id" ? Op::lt : Op::gt;
  if (started_) page.where = Expr::all_of({query_.where, Expr::compare("id", beyond, Value(last_))});
  started_ = true;
  auto rows = db_.all(page);
  over_ = rows.size() < static_cast<std::size_t>(size_);
  if (!rows.empty()) last_ = rows.back().id();
  return rows;
}

std::vector<Record> Pages::next() {
  if (over_) return {};
  if (by_id_) return after_last();
  if (!started_) {
    started_ = true;
    const std::string id = "id";
    const auto columns = db_.columns(query_, {&id, 1});
    for (const auto& value : columns[0]) ids_.push_back(id_of(value));
  }
  std::vector<Record> rows;
  while (rows.empty() && at_ < ids_.size()) {
    const auto n = std::min(static_cast<std::size_t>(size_), ids_.size() - at_);
    const std::span page(ids_.data() + at_, n);
    at_ += n;
    rows = rows_by_id(db_, db_.catalog().table(query_.registry), page);
    std::unordered_map<std::int64_t, std::size_t> place;
    for (std::size_t i = 0; i < page.size(); ++i) place[page[i]] = i;
    std::sort(rows.begin(), rows.end(),
              [&](const Record& a, const Record& b) { return place.at(a.id()) < place.at(b.id()); });
  }
  over_ = rows.empty();
  return rows;
}

std::vector<Record> rows_by_id(Database& db, const schema::Table& table, std::span<const std::int64_t> ids) {
  if (ids.empty()) return {};
  Query query{.registry = table.table.str(), .any_branch = true};
  query.where = Expr::in("id", {ids.begin(), ids.end()});
  return db.all(query);
}

std::array<std::int64_t, 3> writes_along(Database& db, const schema::Relation& relation) {
  return {db.connection().change_counter(), db.writes(*relation.to),
          relation.through != nullptr ? db.writes(*relation.through) : 0};
}

RelatedRows related_rows(Database& db, const schema::Relation& relation, std::span<const std::int64_t> ids) {
  RelatedRows out;
  if (ids.empty()) return out;
  Query from{.registry = relation.from->table.str(), .any_branch = true};
  from.where = Expr::in("id", {ids.begin(), ids.end()});
  const std::string paths[] = {"id", relation.name.str() + ".id"};
  const auto pairs = db.columns(from, paths);
  std::vector<std::int64_t> targets;
  for (const auto& id : pairs[1])
    if (!id.is_null()) targets.push_back(id_of(id));
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  out.rows = rows_by_id(db, *relation.to, targets);
  std::unordered_map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < out.rows.size(); ++i) place[out.rows[i].id()] = i;
  for (std::size_t i = 0; i < pairs[0].size(); ++i) {
    auto& mine = out.of[id_of(pairs[0][i])];
    if (const auto it = place.find(id_of(pairs[1][i])); it != place.end()) mine.push_back(it->second);
  }
  for (auto& [id, mine] : out.of) {
    std::sort(mine.begin(), mine.end());
    // A label attached twice, for two features, is still one label.
    mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
  }
  return out;
}

}  // namespace lamin
