#include "lake/label/value_index.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "db/connection.hpp"
#include "lake/label/own_synonyms.hpp"
#include "lake/rows/freshness.hpp"
#include "registry/scan.hpp"

namespace lamin::lake {
namespace {

constexpr std::size_t most_kept = 64;  // indexes per database; a scope is a column and an organism

void append_condition(const Expr& expr, std::string& out) {
  out +=
      "(" + std::to_string(static_cast<int>(expr.node)) + expr.path + "," + std::to_string(static_cast<int>(expr.op));
  for (const Value& value : expr.values) out += "," + (value.text() != nullptr ? *value.text() : to_string(value));
  for (const Expr& child : expr.children) append_condition(child, out);
  out += ")";
}

bool has_condition(const Expr& expr) { return expr.node != Expr::Node::all_of || !expr.children.empty(); }

struct Kept {
  std::shared_ptr<ValueIndex> index;
  Freshness freshness;
};
using Cache = std::map<std::string, Kept, std::less<>>;

Cache& cache_of(Database& database) {
  auto& slot = database.attachment("lake.value_index");
  if (!slot) slot = std::make_shared<Cache>();
  return *static_cast<Cache*>(slot.get());
}

}  // namespace

std::string_view fold_into(std::string& buffer, std::string_view text) {
  buffer.resize(text.size());
  unsigned char all = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    all |= c;
    buffer[i] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  if (all >= 0x80) buffer = base::fold(text);
  return buffer;
}

std::pair<std::int64_t, std::int64_t> visible_branches(Database& database) { return {database.session().branch, 1}; }

std::string ValueScope::key() const {
  std::string key = table->table.str() + "." + field->column.str() + "." + (synonyms ? synonyms->column.str() : "") +
                    "." + std::to_string(organism) + "." + std::to_string(source) +
                    (type ? "." + std::to_string(*type) : "");
  if (has_condition(within)) append_condition(within, key);
  return key;
}

void ValueIndex::add_row(std::int64_t id, bool has_value, std::string_view value, std::string_view synonyms) {
  const auto row = static_cast<std::uint32_t>(ids_.size());
  ids_.push_back(id);
  values_of_.push_back(has_value ? values_.add(value, row) : TextMap::none);
  if (synonyms.empty()) return;
  unread_.push_back({row, false, joined_.size(), synonyms.size()});
  joined_.append(synonyms);
}

void ValueIndex::reserve_rows(Database& database) {
  const auto n =
      static_cast<std::size_t>(std::clamp<std::int64_t>(registry::last_id(database, *scope_.table), 0, 1'000'000));
  ids_.reserve(n);
  values_of_.reserve(n);
  values_.reserve(n, n * 16);
}

void ValueIndex::read_more(Database& database) {
  const schema::Table& table = *scope_.table;
  if (has_condition(scope_.within)) {
    Query query{.registry = table.qualified.str(), .where = scope_.within, .order_by = {"id"}};
    std::vector<std::string> paths{"id", scope_.field->name.str()};
    if (scope_.synonyms) paths.push_back(scope_.synonyms->name.str());
    if (scope_.organism) {
      query.where = Expr::all_of({query.where, Expr::compare("organism_id", Op::exact, scope_.organism)});
    }
    if (scope_.source) query.where = Expr::all_of({query.where, Expr::compare("source_id", Op::exact, scope_.source)});
    const auto columns = database.columns(query, paths);
    for (std::size_t i = 0; i < columns[0].size(); ++i) {
      add_row(columns[0][i].integer_or(0), columns[1][i].text() != nullptr, columns[1][i].text_or(""),
              scope_.synonyms ? columns[2][i].text_or("") : std::string_view());
    }
  } else {
    using Op = registry::ScanOptions::Where::Op;
    registry::ScanOptions options{.columns = {&table.columns[0], scope_.field},
                                  .where = {{&table.columns[0], Op::above}},
                                  .order = {{&table.columns[0]}}};
    if (scope_.synonyms) options.columns.push_back(scope_.synonyms);
    std::vector<Value> parameters{last_id_};
    const auto only = [&](const char* column, std::int64_t id) {
      options.where.push_back({.column = &table.column(column), .by_index = false});
      parameters.emplace_back(id);
    };
    if (const auto* column = table.find_column("branch")) {
      const auto [branch, main] = visible_branches(database);
      options.where.push_back({column, Op::either, false});
      parameters.insert(parameters.end(), {Value(branch), Value(main)});
    }
    if (scope_.organism) only("organism", scope_.organism);
    if (scope_.source) only("source", scope_.source);
    if (scope_.type && *scope_.type != 0) only("type", *scope_.type);
    else if (scope_.type) options.where.push_back({&table.column("type"), Op::is_null});
    if (ids_.empty()) reserve_rows(database);
    auto rows = registry::Scan(table, options).rows(database, parameters);
    while (rows->next()) {
      const bool has_value = !rows->is_null(1);
      add_row(rows->integer(0), has_value, has_value ? rows->text(1) : std::string_view(),
              scope_.synonyms && !rows->is_null(2) ? rows->text(2) : std::string_view());
    }
  }
  if (!ids_.empty()) last_id_ = ids_.back();
  read_own_synonyms(database);
}

void ValueIndex::read_own_synonyms(Database& database) {
  if (!scope_.synonyms) return;
  loose_ = TextMap();
  folded_loose_ = TextMap();
  each_own_synonym(database, *scope_.table, [&](std::int64_t record, std::string_view scope, std::string_view text) {
    const auto at = std::lower_bound(ids_.begin(), ids_.end(), record);
    if (at == ids_.end() || *at != record) return;
    const auto row = static_cast<std::uint32_t>(at - ids_.begin());
    if (scope != "EXACT") {
      loose_.add(text, row);
      return;
    }
    unread_.push_back({row, true, joined_.size(), text.size()});
    joined_.append(text);
  });
}

namespace {
// Entry by entry, so that only entries added since the last call are folded.
const TextMap& folded(const TextMap& from, TextMap& to) {
  if (to.size() == 0) to.reserve(from.size(), std::size_t{from.size()} * 16);
  std::string buffer;
  for (std::uint32_t e = to.size(); e < from.size(); ++e) to.add(fold_into(buffer, from.text(e)), from.row(e));
  return to;
}
}  // namespace

const TextMap& ValueIndex::folded_values() const { return folded(values_, folded_values_); }
const TextMap& ValueIndex::synonyms() const {
  if (unread_.empty()) return synonyms_;
  if (synonyms_.size() == 0) synonyms_.reserve(unread_.size() * 2, joined_.size());
  for (const Unread& one : unread_) {
    const std::string_view text = std::string_view(joined_).substr(one.begin, one.size);
    if (one.whole) {
      auto known = synonyms_.find(text);
      while (known != TextMap::none && synonyms_.row(known) != one.row) known = synonyms_.next(known);
      if (known == TextMap::none) synonyms_.add(text, one.row);
      continue;
    }
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('|', begin), text.size());
      if (end > begin) synonyms_.add(text.substr(begin, end - begin), one.row);
      begin = end + 1;
    }
  }
  unread_.clear();
  joined_.clear();
  return synonyms_;
}
const TextMap& ValueIndex::folded_synonyms() const { return folded(synonyms(), folded_synonyms_); }
const TextMap& ValueIndex::folded_loose_synonyms() const { return folded(loose_, folded_loose_); }

std::shared_ptr<const ValueIndex> value_index(Database& database, const ValueScope& scope) {
  const Freshness now = freshness(database, *scope.table);
  const bool keep = now.known && !has_condition(scope.within);
  if (!keep) {
    auto index = std::make_shared<ValueIndex>(scope);
    index->read_more(database);
    return index;
  }
  Cache& cache = cache_of(database);
  const std::string key = scope.key() + "@" + std::to_string(database.session().branch);
  auto found = cache.find(key);
  if (found != cache.end() && found->second.freshness == now) return found->second.index;
  if (found != cache.end() && found->second.index.use_count() == 1 &&
      only_inserts(database, *scope.table, found->second.freshness, now, found->second.index->last_id())) {
    found->second.index->read_more(database);
    found->second.freshness = now;
    return found->second.index;
  }
  if (cache.size() >= most_kept) cache.clear();
  Kept kept{std::make_shared<ValueIndex>(scope), now};
  kept.index->read_more(database);
  return (cache[key] = std::move(kept)).index;
}

}  // namespace lamin::lake
