#include "lake/rows/version.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <limits>
#include <map>
#include <utility>
#include "base/uid.hpp"
#include "lake/instance/branches.hpp"
#include "lake/rows/given_uids.hpp"

namespace lamin::lake {
namespace {

Query family(const schema::Table& table, std::string_view stem) {
  Query query;
  query.registry = table.qualified.str();
  query.where = Expr::compare("uid", Op::startswith, Value(stem));
  query.any_branch = true;
  return query;
}

std::string_view suffix_of(std::string_view uid, std::string_view stem) { return uid.substr(stem.size()); }

std::int64_t micros_of(const Value& time) {
  const auto* at = std::get_if<Time>(&time);
  return at != nullptr ? at->micros : std::numeric_limits<std::int64_t>::min();
}

/// A uid in another program's format sorts before all others.
std::int64_t number_of(const Record& record) {
  try {
    return base::version_number(suffix_of(record.uid(), stem_of(record)));
  } catch (const Error&) { return -1; }
}

bool is_latest(const Record& record) { return record.at("is_latest").boolean_or(false); }

}  // namespace

void newest_first(std::vector<Record>& rows) {
  // The newest row of each family.
  std::map<std::string_view, const Record*, std::less<>> heads;
  for (const auto& row : rows) {
    auto& best = heads[stem_of(row)];
    if (best == nullptr || number_of(row) > number_of(*best)) best = &row;
  }
  struct Key {
    Value made_at;
    std::int64_t family = 0, number = 0;
    std::size_t at = 0;
  };
  std::vector<Key> keys;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& head = *heads.at(stem_of(rows[i]));
    keys.push_back({head.at("created_at"), head.id(), number_of(rows[i]), i});
  }
  std::ranges::sort(keys, [](const Key& a, const Key& b) {
    if (a.family == b.family) return a.number > b.number;
    return a.made_at == b.made_at ? a.family > b.family : micros_of(a.made_at) > micros_of(b.made_at);
  });
  std::vector<Record> sorted;
  for (const auto& key : keys) sorted.push_back(std::move(rows[key.at]));
  rows = std::move(sorted);
}

std::optional<Record> newest(Database& database, const Query& query) {
  const auto& table = database.catalog().table(query.registry);
  const bool versioned = table.has(schema::Trait::versioned) && table.stem_size > 0;
  Query ordered = query;
  ordered.order_by = {"-created_at", "-id"};
  if (versioned) ordered.order_by.insert(ordered.order_by.begin(), "-is_latest");
  auto best = database.first(ordered);
  if (!best || !versioned || query.limit >= 0 || query.offset > 0) return best;
  ordered.where = Expr::all_of({query.where, Expr::compare("uid", Op::startswith, Value(stem_of(*best)))});
  for (auto& row : database.all(ordered)) {
    const bool later = std::pair(is_latest(row), number_of(row)) > std::pair(is_latest(*best), number_of(*best));
    if (later) best = std::move(row);
  }
  return best;
}

// With more conditions the database would choose the index of a column with few values, and read half of the table.
std::vector<Record> family_newest_first(Database& database, const schema::Table& table, std::string_view stem) {
  auto rows = database.all(family(table, stem));
  newest_first(rows);
  return rows;
}

std::string_view stem_of(const Record& record) {
  return record.uid().substr(0, static_cast<std::size_t>(record.table().stem_size));
}

std::vector<std::string> family_uids(Instance& instance, const schema::Table& table, std::string_view stem) {
  const std::string paths[] = {"uid"};
  auto columns = instance.database().columns(family(table, stem), paths);
  std::vector<std::string> uids;
  for (const auto& value : columns.at(0)) uids.emplace_back(value.text_or(""));
  if (auto last = last_given(instance.database(), table, stem); !last.empty()) uids.push_back(std::move(last));
  return uids;
}

std::string uid_after(std::string_view stem, const std::vector<std::string>& taken) {
  std::string_view greatest;
  for (const auto& uid : taken) {
    const auto suffix = suffix_of(uid, stem);
    if (greatest.empty() || base::version_number(suffix) > base::version_number(greatest)) greatest = suffix;
  }
  return std::string(stem) + (greatest.empty() ? "0000" : base::next_version(greatest));
}

std::string next_uid(Instance& instance, const schema::Table& table, std::string_view stem) {
  return uid_after(stem, family_uids(instance, table, stem));
}

std::optional<Record> head(Instance& instance, const schema::Table& table, std::string_view field, const Value& value,
                           std::int64_t branch, const Expr& and_also) {
  Query query;
  query.registry = table.qualified.str();
  query.where =
      Expr::all_of({Expr::compare(std::string(field), Op::exact, value),
                    Expr::compare("is_latest", Op::exact, Value(true)), Expr::compare("branch", Op::ne, trash_branch)});
  if (!and_also.children.empty() || and_also.node == Expr::Node::compare) query.where.children.push_back(and_also);
  query.any_branch = true;
  auto found = instance.database().all(query);
  newest_first(found);
  for (auto& record : found) {
    if (record.at("branch").integer_or(0) == branch) return std::move(record);
  }
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<Record> head_of_family(Instance& instance, const schema::Table& table, std::string_view stem,
                                     std::int64_t branch) {
  std::optional<Record> newest;
  for (auto& record : family_newest_first(instance.database(), table, stem)) {
    const auto on = record.at("branch").integer_or(main_branch);
    if (on == trash_branch || !is_latest(record)) continue;
    if (on == branch) return std::move(record);
    if (!newest) newest = std::move(record);
  }
  return newest;
}

std::int64_t branch_of(Instance& instance, const Record& record) {
  return record.at("branch").integer_or(instance.database().session().branch);
}

void check_tag(const Record& revised, std::string_view tag) {
  if (tag.empty() || tag != revised.text("version_tag")) return;
  throw Error(Code::invalid_argument,
              fmt::format("the version '{}' is already taken by {}: pass another one, or none", tag, named(revised)));
}

}  // namespace lamin::lake
