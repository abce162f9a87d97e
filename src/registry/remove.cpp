// remove.cpp -- deletes a row, with what belongs to it, and not what is still needed.
//
// Which rows go is decided by the catalog (Field::on_delete), not by SQL: LaminDB's tables have plain foreign keys.
// First everything is collected, level by level; only then, if no protected reference from outside is left, is it
// deleted, children first.
#include <algorithm>
#include <unordered_set>

#include "db/sql.hpp"
#include "lamin/error.hpp"
#include "registry/engine.hpp"

namespace lamin {
namespace {

using registry::Referrer;
using schema::Table;

constexpr std::size_t ids_a_statement = 512;
constexpr std::size_t named_referrers = 3;

std::string places(std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += i > 0 ? ", ?" : "?";
  return out;
}

/// Calls `use` with at most ids_a_statement ids at a time.
template <class Use>
void in_parts(std::span<const std::int64_t> ids, const Use& use) {
  std::vector<Value> values;
  for (std::size_t at = 0; at < ids.size(); at += ids_a_statement) {
    values.clear();
    for (std::size_t i = at; i < std::min(ids.size(), at + ids_a_statement); ++i) values.emplace_back(ids[i]);
    use(values);
  }
}

/// Rows to delete, in the order in which they were found.
class Doomed {
 public:
  /// Adds `ids` and returns those that are new.
  std::vector<std::int64_t> add(const Table& table, std::span<const std::int64_t> ids) {
    auto [it, is_new] = known_.try_emplace(&table);
    if (is_new) order_.push_back(&table);
    std::vector<std::int64_t> fresh;
    for (const auto id : ids)
      if (it->second.insert(id).second) fresh.push_back(id);
    return fresh;
  }
  bool has(const Table& table, std::int64_t id) const {
    const auto it = known_.find(&table);
    return it != known_.end() && it->second.contains(id);
  }
  const std::vector<const Table*>& order() const { return order_; }
  std::vector<std::int64_t> ids(const Table& table) const {
    const auto& set = known_.at(&table);
    std::vector<std::int64_t> out(set.begin(), set.end());
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  std::unordered_map<const Table*, std::unordered_set<std::int64_t>> known_;
  std::vector<const Table*> order_;
};

struct Holder {
  const Referrer* by;
  std::int64_t id;
};

std::vector<std::int64_t> referring(db::Connection& c, const Referrer& by, std::span<const std::int64_t> ids) {
  std::vector<std::int64_t> out;
  in_parts(ids, [&](const std::vector<Value>& part) {
    auto rows = c.query("SELECT " + db::quote(by.table->columns[0].column) + " FROM " + db::quote(by.table->table) +
                            " WHERE " + db::quote(by.column->column) + " IN (" + places(part.size()) + ")",
                        part);
    while (rows->next()) out.push_back(rows->integer(0));
  });
  return out;
}

[[noreturn]] void refuse(Database& db, const Record& record, const std::vector<Holder>& holders) {
  std::string who;
  for (std::size_t i = 0; i < holders.size() && i < named_referrers; ++i) {
    const auto& [by, id] = holders[i];
    const auto row = db.find(*by->table, id);
    who += (who.empty() ? "" : "; ") + (row ? to_string(*row) : by->table->name.str() + " " + std::to_string(id)) +
           " (as " + by->column->name.str() + ")";
  }
  if (holders.size() > named_referrers) who += "; and " + std::to_string(holders.size() - named_referrers) + " more";
  throw Error(Code::protected_row, "Cannot delete " + named(record) + ": " + std::to_string(holders.size()) +
                                       (holders.size() == 1 ? " row refers" : " rows refer") + " to it: " + who +
                                       ". Delete or change those first.");
}

}  // namespace

std::map<std::string, std::int64_t> Database::remove(const Record& given) {
  Record record = given;
  engine_->adopt(record);
  if (!record.saved()) throw Error(Code::invalid_argument, "Cannot delete " + named(record) + ": it is not saved.");
  Engine& engine = *engine_;
  std::map<std::string, std::int64_t> deleted;
  transaction([&] {
    deleted.clear();
    Doomed doomed;
    std::vector<Holder> holders;
    std::vector<std::pair<const Table*, std::vector<std::int64_t>>> work;
    const std::int64_t root = record.id();
    work.emplace_back(&record.table(), doomed.add(record.table(), {&root, 1}));
    while (!work.empty()) {
      const auto [table, ids] = std::move(work.back());
      work.pop_back();
      for (const auto& by : engine.pointing_at(*table)) {
        const auto found = referring(*connection_, by, ids);
        if (by.cascade) {
          if (auto fresh = doomed.add(*by.table, found); !fresh.empty()) work.emplace_back(by.table, std::move(fresh));
        } else {
          for (const auto id : found) holders.push_back({&by, id});
        }
      }
    }
    std::erase_if(holders, [&](const Holder& h) { return doomed.has(*h.by->table, h.id); });
    if (!holders.empty()) refuse(*this, record, holders);
    for (const auto* table : doomed.order()) {
      const Hooks* hooks = engine.hooks(*this, *table);
      if (hooks == nullptr || !hooks->before_delete) continue;
      for (const auto id : doomed.ids(*table))
        if (const auto row = find(*table, id)) hooks->before_delete(*this, *row);
    }
    const auto& order = doomed.order();
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
      const Table& table = **it;
      if (const auto n = engine.erase_ids(*this, table, doomed.ids(table)); n > 0) deleted[table.table.str()] = n;
    }
  });
  return deleted;
}

std::int64_t Database::Engine::erase_ids(Database& db, const Table& table, std::span<const std::int64_t> ids) {
  if (db.journal_) {
    for (const auto id : ids) {
      if (const auto row = db.find(table, id)) db.note(table, &*row, nullptr);
    }
  }
  std::int64_t n = 0;
  in_parts(ids, [&](const std::vector<Value>& part) {
    n += db.connection().execute("DELETE FROM " + db::quote(table.table) + " WHERE " +
                                     db::quote(table.columns[0].column) + " IN (" + places(part.size()) + ")",
                                 part);
  });
  of(table).writes += n;
  return n;
}

std::int64_t Database::erase(const Query& query) {
  const Table& table = catalog_->table(query.registry);
  std::int64_t n = 0;
  transaction([&] {
    const std::string id = "id";
    std::vector<std::int64_t> ids;
    const auto found = columns(query, {&id, 1});
    for (const auto& value : found[0]) ids.push_back(value.integer_or(0));
    n = engine_->erase_ids(*this, table, ids);
  });
  return n;
}

}  // namespace lamin
