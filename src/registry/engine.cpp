// engine.cpp -- SQL by shape and facts by table, each made once.
#include "registry/engine.hpp"
#include "db/sql.hpp"

#include <algorithm>
#include <tuple>

#include "base/log.hpp"
#include "lamin/error.hpp"
#include "registry/expr.hpp"
#include "registry/path.hpp"

namespace lamin {
namespace registry {

constexpr std::size_t most_statements = 4096;  // a program has few shapes; generated ones must not accumulate

Record read(db::Rows& rows, const schema::Table& table, const std::vector<Type>& types) {
  std::vector<Value> values;
  values.reserve(types.size());
  for (std::size_t i = 0; i < types.size(); ++i) values.push_back(rows.value(static_cast<int>(i), types[i]));
  return Record(table, std::move(values));
}

namespace {

const Hooks* hooks_of(Database& db, const schema::Table& table) {
  const auto& all = db.hooks();
  auto it = all.find(table.qualified.view());
  if (it == all.end()) it = all.find(table.table.view());
  return it == all.end() ? nullptr : &it->second;
}

/// Where a path leaves the fields, and a hook may know what is meant.
struct Unknown {
  const Hooks* hooks;
  std::string before;  ///< the way to its table: "cell_types."
  std::string name, rest;
};

/// nullopt for a path along fields only, and where nobody knows more.
std::optional<Unknown> unknown_in(Database& db, const schema::Table& table, std::string_view path) {
  const schema::Table* at = &table;
  Unknown out{};
  for (std::string left(path);; left = out.rest) {
    std::tie(out.name, out.rest) = head_of(left);
    if (!is_field(*at, out.name)) break;
    const auto* relation = at->find_relation(out.name);
    if (relation == nullptr || out.rest.empty()) return std::nullopt;
    out.before += out.name + ".";
    at = relation->to;
  }
  out.hooks = hooks_of(db, *at);
  if (out.hooks == nullptr || !out.hooks->resolve_name) return std::nullopt;
  return out;
}

bool asks_unknown(Database& db, const schema::Table& table, const Expr& expr) {
  if (expr.node == Expr::Node::compare) return unknown_in(db, table, expr.path).has_value();
  return std::ranges::any_of(expr.children, [&](const Expr& child) { return asks_unknown(db, table, child); });
}

void put_before(const std::string& way, Expr& expr) {
  for (auto& child : expr.children) put_before(way, child);
  if (expr.node == Expr::Node::compare) expr.path = way + expr.path;
}

void replace_unknown(Database& db, const schema::Table& table, Expr& expr) {
  for (auto& child : expr.children) replace_unknown(db, table, child);
  if (expr.node != Expr::Node::compare) return;
  const auto unknown = unknown_in(db, table, expr.path);
  if (!unknown) return;
  try {
    auto meant = unknown->hooks->resolve_name(db, expr, unknown->name, unknown->rest);
    if (!meant) return;
    expr = std::move(*meant);
  } catch (const Error& error) {  // the whole path makes the better message
    if (error.code() != Code::unknown_field || unknown->before.empty()) throw;
    return;
  }
  put_before(unknown->before, expr);
}

std::string_view without_sign(std::string_view path) {
  return path.starts_with('-') || path.starts_with('+') ? path.substr(1) : path;
}

/// Names in order_by that are not fields and have not been resolved.
std::vector<std::string_view> unknown_orders(const schema::Table& table, const Query& query) {
  std::vector<std::string_view> names;
  for (const auto& path : query.order_by) {
    const auto name = without_sign(path);
    if (name != "?" && !query.resolved_order.contains(name) && !is_field(table, head_of(name).first))
      names.push_back(name);
  }
  return names;
}

/// The query with its unknown names resolved.
Query with_meaning(Database& db, const schema::Table& table, const Hooks* hooks, Query query) {
  if (asks_unknown(db, table, query.where)) query.where = db.meant(table, std::move(query.where));
  for (const auto name : unknown_orders(table, query)) {
    const auto [head, rest] = head_of(name);
    const bool may_order = hooks != nullptr && hooks->resolve_order && rest.empty();
    auto meant = may_order ? hooks->resolve_order(db, head) : std::nullopt;
    if (!meant) unknown_field(table, head, rest.empty() ? "" : name);
    query.where = Expr::all_of({std::move(query.where), *meant});
    query.resolved_order.emplace(name, std::move(*meant));
  }
  return query;
}

}  // namespace
}  // namespace registry

using registry::TableFacts;
using schema::Trait;

Database::Engine::Engine(const schema::Catalog& all) : catalog(all) {
  for (const auto& table : all.tables()) own_tables.insert(&table);
}

const schema::Table& Database::Engine::own(const schema::Table& table) const {
  return own_tables.contains(&table) ? table : catalog.table(table.table);
}

const schema::Relation& Database::Engine::own(const schema::Relation& relation) const {
  const auto& from = own(*relation.from);
  if (&from == relation.from) return relation;
  const auto* same = from.find_relation(relation.name);
  if (same == nullptr) registry::unknown_field(from, relation.name);
  return *same;
}

void Database::Engine::adopt(Record& record) const {
  if (!record) throw Error(Code::invalid_argument, "A Record without a registry cannot be kept in a database.");
  const auto& table = own(record.table());
  if (&table == &record.table()) return;
  const auto& theirs = record.table().columns;
  const bool alike = std::equal(theirs.begin(), theirs.end(), table.columns.begin(), table.columns.end(),
                                [](const auto& a, const auto& b) { return a.column == b.column; });
  if (!alike)
    throw Error(Code::invalid_argument,
                table.name.str() + " has other fields in this database than where the record comes from.");
  record.move_to(table);
}

TableFacts& Database::Engine::of(const schema::Table& table) {
  auto [it, is_new] = facts.try_emplace(&table);
  TableFacts& f = it->second;
  if (!is_new) return f;
  std::string select = "SELECT ";
  for (const auto& column : table.columns) {
    if (column.position > 0) select += ", ";
    select += db::quote(column.column);
    f.types.push_back(column.type);
    f.with_id.push_back(column.column.view());
    if (column.position == 0) continue;
    f.columns.push_back(column.column.view());
    registry::ColumnRule rule{.column = &column, .position = static_cast<std::size_t>(column.position)};
    if (column.field != nullptr) {
      rule.fill = column.field->fill;
      rule.required = !column.field->optional;
    } else {
      rule.required = true;
    }
    if (table.has(Trait::branched) && column.kind == schema::Kind::ref) {
      rule.stamp_branch = column.name == "branch";
      if (column.name == "created_on") rule.same_as = table.column("branch").position;
      rule.stamp_space = column.name == "space";
    }
    f.rules.push_back(rule);
  }
  select += " FROM " + db::quote(table.table) + " WHERE ";
  f.by_id = select + db::quote(table.columns[0].column) + " = ?";
  f.uid = table.find_column("uid");
  f.updated_at = table.find_column("updated_at");
  if (f.uid != nullptr) {
    const auto uid = db::quote(f.uid->column);
    f.by_uid = select + uid + " = ?";
  }
  return f;
}

registry::Ready Database::Engine::prepare(Database& db, const Query& query, registry::Verb verb,
                                          std::span<const std::string> paths,
                                          std::span<const schema::Column* const> fields,
                                          const std::vector<Value>& assigned) {
  using registry::Verb, registry::Visible;
  const auto& table = db.catalog().table(query.registry);
  shape.key.clear();
  shape.leaves.clear();
  shape.names_rows = shape.asks_visible = false;
  shape.key += static_cast<char>(verb);
  shape.key += table.table.view();
  registry::add_shape(query.where, shape);
  const bool hides = !query.any_branch && !shape.names_rows && table.has(Trait::branched);
  const auto seen = !table.has(Trait::branched) ? Visible::all
                    : db.session().branch == 1  ? Visible::main
                                                : Visible::current;
  const registry::Seen visible{.branches = hides || shape.asks_visible ? seen : Visible::all, .everywhere = hides};
  shape.key += static_cast<char>('0' + 2 * static_cast<int>(visible.branches) + (hides ? 1 : 0));
  shape.key +=
      static_cast<char>('a' + (query.limit >= 0 ? 1 : 0) + (query.offset > 0 ? 2 : 0) + (query.distinct ? 4 : 0));
  for (const auto& path : query.order_by) (shape.key += '\x1e') += path;
  for (const auto& [name, meant] : query.resolved_order) registry::add_shape(meant, shape);
  for (const auto& path : paths) (shape.key += '\x1d') += path;
  for (const auto* field : fields) (shape.key += '\x1d') += field->name.view();
  auto it = statements.find(shape.key);
  const bool lite = db.connection().dialect() == db::Dialect::sqlite;
  if (it == statements.end()) {
    const auto* own = hooks(db, table);
    if (registry::asks_unknown(db, table, query.where) ||
        (own != nullptr && own->resolve_order && !registry::unknown_orders(table, query).empty())) {
      return prepare(db, registry::with_meaning(db, table, own, query), verb, paths, fields, assigned);
    }
    statistics.mend(db.connection(), table, shape);
    if (fold_by_icu < 0) fold_by_icu = !lite && registry::folds_by_icu(db.connection()) ? 1 : 0;
    registry::Compiler compiler(table, db.connection().dialect(), shape, visible, fold_by_icu == 1);
    registry::Statement statement;
    switch (verb) {
      case Verb::rows: statement = compiler.rows(query); break;
      case Verb::count: statement = compiler.count(query); break;
      case Verb::exists: statement = compiler.exists(query); break;
      case Verb::columns: statement = compiler.columns(query, paths); break;
      case Verb::update: statement = compiler.update(query, fields); break;
    }
    if (statements.size() >= registry::most_statements) statements.clear();
    it = statements.emplace(shape.key, std::move(statement)).first;
  }
  return {&it->second, registry::bind(it->second, shape, query, db.session().branch, lite, assigned), &table};
}

Expr Database::meant(const schema::Table& table, Expr where) {
  registry::replace_unknown(*this, table, where);
  check_paths(table, where);
  return where;
}

const std::vector<registry::Referrer>& Database::Engine::pointing_at(const schema::Table& table) {
  if (referrers.empty()) {
    for (const auto& other : catalog.tables())
      for (const auto& column : other.columns) {
        if (column.kind != schema::Kind::ref || column.to == nullptr) continue;
        const bool cascade =
            other.plain_pairs || column.field == nullptr || column.field->on_delete == schema::On::cascade;
        referrers[column.to].push_back({&other, &column, cascade});
      }
  }
  return referrers[&table];
}

const Hooks* Database::Engine::hooks(Database& db, const schema::Table& table) { return registry::hooks_of(db, table); }

Database::Database(std::unique_ptr<db::Connection> connection, schema::Catalog catalog)
    : catalog_(std::make_unique<schema::Catalog>(std::move(catalog))),
      connection_(std::move(connection)),
      engine_(std::make_unique<Engine>(*catalog_)) {}

Database::~Database() {
  if (!connection_ || connection_->dialect() != db::Dialect::sqlite || connection_->in_transaction()) return;
  std::int64_t written = 0;
  for (const auto& [table, facts] : engine_->facts) written += facts.writes;
  if (written < 500) return;
  // A table also grows by single inserts: see statistics.hpp.
  try {
    connection_->script("PRAGMA analysis_limit = 400; PRAGMA optimize");
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch) it only makes queries faster
  }
}

void Database::say(Level level, const Words& words) const { base::say(session_.messages, level, words); }

bool Database::read_only() const { return connection_->read_only(); }

std::int64_t Database::writes(const schema::Table& table) const {
  return engine_->of(engine_->own(table)).writes + engine_->rollbacks;
}

std::shared_ptr<void>& Database::attachment(std::string_view name) {
  auto it = engine_->attachments.find(name);
  if (it == engine_->attachments.end()) it = engine_->attachments.emplace(std::string(name), nullptr).first;
  return it->second;
}

}  // namespace lamin
