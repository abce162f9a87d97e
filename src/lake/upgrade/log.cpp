#include "lake/upgrade/log.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lake/ontology/stated.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

namespace json = boost::json;
constexpr std::string_view synonyms_of = "lamin_synonym/";
constexpr std::string_view other_synonyms = "synonyms of other scopes";

/// Without loss: a time as microseconds, a day as its number, a document as its text.
json::value stored(const Value& value) {
  struct Write {
    json::value operator()(std::monostate) const { return nullptr; }
    json::value operator()(bool b) const { return b; }
    json::value operator()(std::int64_t i) const { return i; }
    json::value operator()(double d) const { return d; }
    json::value operator()(const std::string& s) const { return json::value(json::string_view(s)); }
    json::value operator()(const Time& t) const { return t.micros; }
    json::value operator()(const Date& d) const { return static_cast<std::int64_t>(d.days); }
    json::value operator()(const Json& j) const { return json::value(json::string_view(j.text)); }
  };
  return std::visit(Write{}, value);
}

Value restored(const json::value& value, Type type) {
  if (value.is_null()) return {};
  switch (type) {
    case Type::boolean: return Value(value.as_bool());
    case Type::integer:
    case Type::duration: return Value(value.to_number<std::int64_t>());
    case Type::real: return Value(value.to_number<double>());
    case Type::text: return Value(std::string(value.as_string()));
    case Type::time: return Value(Time{.micros = value.to_number<std::int64_t>()});
    case Type::date: return Value(Date{.days = value.to_number<std::int32_t>()});
    case Type::json: return Value(Json{std::string(value.as_string())});
  }
  return {};
}

/// The columns of a row; with `other`, only those that differ.
std::string row_json(const Record& row, const Record* other) {
  json::object out;
  for (const auto& column : row.table().columns) {
    if (other != nullptr && (column.position == 0 || row[column.position] == (*other)[column.position])) continue;
    out.emplace(column.column.view(), stored(row[column.position]));
  }
  return json::serialize(out);
}

LoggedChange logged(const Change& change) {
  LoggedChange out{.registry = change.table.table.str()};
  out.record = (change.after != nullptr ? change.after : change.before)->id();
  if (change.before != nullptr) out.before = row_json(*change.before, change.after);
  if (change.after != nullptr) out.after = row_json(*change.after, change.before);
  return out;
}

[[noreturn]] void changed_since(const Record& row, const std::vector<std::string>& fields) {
  const bool is_one = fields.size() == 1 && fields.front() != other_synonyms;
  throw Error(Code::conflict,
              fmt::format("{}: {} {} changed after the upgrade, and undoing it would lose that. Change "
                          "{} back first",
                          named(row), base::join(fields, ", "), is_one ? "was" : "were", is_one ? "it" : "them"));
}

/// A database may write a document in other words.
bool same(const Value& a, const Value& b) {
  const auto *x = std::get_if<Json>(&a), *y = std::get_if<Json>(&b);
  if (x != nullptr && y != nullptr) return base::parse_json(x->text) == base::parse_json(y->text);
  return a == b;
}

/// What somebody changed of the columns that the upgrade wrote; when a row was last written does not matter.
std::vector<std::string> changed_fields(const Record& now, const std::string& after) {
  std::vector<std::string> fields;
  const auto columns = base::parse_json(after);
  for (const auto& [name, value] : columns.as_object()) {
    const auto& column = now.table().column(name);
    if (column.name == "updated_at") continue;
    if (!same(now[column.position], restored(value, column.type))) fields.push_back(column.name.str());
  }
  return fields;
}

using ScopedText = std::pair<std::string, std::string>;

std::vector<ScopedText> scoped_texts(const std::optional<std::string>& text) {
  std::vector<ScopedText> all;
  const auto parsed = base::parse_json(text.value_or("[]"));
  for (const auto& one : parsed.as_array()) {
    const auto& pair = one.as_array();
    all.emplace_back(std::string(pair.at(0).as_string()), std::string(pair.at(1).as_string()));
  }
  return all;
}

void put_back_synonyms(Database& database, const LoggedChange& change) {
  const auto& table = database.catalog().table(change.registry.substr(synonyms_of.size()));
  auto now = scoped_texts(own_synonyms_json(own_synonyms_of(database, table, change.record))),
       after = scoped_texts(change.after);
  std::ranges::sort(now);
  std::ranges::sort(after);
  if (now != after) {
    if (const auto row = database.find(table, change.record)) changed_since(*row, {std::string(other_synonyms)});
  }
  std::vector<OwnSynonym> synonyms;
  for (auto& [scope, text] : scoped_texts(change.before))
    synonyms.push_back({.record = change.record, .scope = std::move(scope), .text = std::move(text)});
  replace_own_synonyms(database, table, change.record, synonyms);
}

void put_columns(Record& row, const std::string& text) {
  const auto columns = base::parse_json(text);
  for (const auto& [name, value] : columns.as_object()) {
    const auto& column = row.table().column(name);
    row.set(column.position, restored(value, column.type));
  }
}

}  // namespace

Recorder::Recorder(Database& database) : database_(database) {
  registry::Writes writes(database);
  others_ = writes.exchange_journal({});
  writes.exchange_journal([this](Database& db, const Change& change) {
    changes_.push_back(logged(change));
    if (others_) others_(db, change);
  });
}

Recorder::~Recorder() { registry::Writes(database_).exchange_journal(std::move(others_)); }

std::string own_synonyms_json(const std::vector<OwnSynonym>& synonyms) {
  json::array all;
  for (const auto& one : synonyms) all.push_back(json::array{json::string(one.scope), json::string(one.text)});
  return json::serialize(all);
}

std::int64_t write_log(Database& database, const UpgradePlan& plan, std::int64_t source, bool had_terms,
                       const std::vector<LoggedChange>& changes) {
  auto& connection = database.connection();
  json::object summary{{"source", plan.source}, {"to", plan.to}, {"rows", static_cast<std::int64_t>(changes.size())}};
  summary["had_terms"] = had_terms;
  summary["from"] = json::value_from(plan.from);
  constexpr std::array<std::string_view, 4> heads{"registry", "source", "plan", "applied_at"};
  const std::array<Value, 4> head{Value(plan.registry), Value(source), Value(json::serialize(summary)),
                                  Value(base::sql_text(base::now()))};
  const auto number = connection.insert("lamin_upgrade", heads, head);
  constexpr std::array<std::string_view, 6> columns{"upgrade", "position", "registry", "record", "before", "after"};
  constexpr std::size_t at_once = 60'000;  // values
  std::vector<Value> values;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto& change = changes[i];
    values.insert(values.end(),
                  {Value(number), Value(static_cast<std::int64_t>(i)), Value(change.registry), Value(change.record),
                   change.before ? Value(*change.before) : Value(), change.after ? Value(*change.after) : Value()});
    if (values.size() < at_once && i + 1 < changes.size()) continue;
    connection.bulk_insert("lamin_upgrade_change", columns, values, false);
    values.clear();
  }
  return number;
}

std::vector<LoggedChange> read_log(Database& database, std::int64_t upgrade) {
  std::vector<LoggedChange> changes;
  const std::array<Value, 1> which{Value(upgrade)};
  auto rows = database.connection().query(R"(SELECT "registry", "record", "before", "after" FROM )"
                                          R"("lamin_upgrade_change" WHERE "upgrade" = ? ORDER BY "position" DESC)",
                                          which);
  while (rows->next()) {
    LoggedChange change{.registry = std::string(rows->text(0)), .record = rows->integer(1)};
    if (!rows->is_null(2)) change.before = std::string(rows->text(2));
    if (!rows->is_null(3)) change.after = std::string(rows->text(3));
    changes.push_back(std::move(change));
  }
  return changes;
}

namespace {

/// Throws conflict if the row is not what the upgrade made of it.
registry::PutBack as_it_was(const schema::Table& table, const LoggedChange& change, std::optional<Record> now) {
  registry::PutBack back{.id = change.record, .now = std::move(now)};
  if (!change.before) {  // the upgrade made it
    if (!back.now) return back;
    if (const auto fields = changed_fields(*back.now, *change.after); !fields.empty()) changed_since(*back.now, fields);
    return back;
  }
  if (!change.after) {  // the upgrade deleted it
    back.row = Record(table);
    put_columns(*back.row, *change.before);
    return back;
  }
  if (!back.now) {
    throw Error(Code::conflict,
                fmt::format("a row of {} (id {}) that the upgrade changed was deleted since: it cannot be "
                            "undone any more",
                            table.name.view(), change.record));
  }
  if (const auto fields = changed_fields(*back.now, *change.after); !fields.empty()) changed_since(*back.now, fields);
  back.row = back.now;
  put_columns(*back.row, *change.before);
  return back;
}

std::unordered_map<std::int64_t, Record> rows_of(Database& database, const schema::Table& table,
                                                 std::span<const LoggedChange> changes) {
  std::vector<Value> ids;
  for (const auto& change : changes) ids.emplace_back(change.record);
  std::unordered_map<std::int64_t, Record> rows;
  for (auto& row :
       database.all({.registry = table.table.str(), .where = Expr::in("id", std::move(ids)), .any_branch = true})) {
    const auto id = row.at("id").integer_or(0);
    rows.emplace(id, std::move(row));
  }
  return rows;
}

void put_back_rows(Database& database, std::span<const LoggedChange> changes) {
  const auto& table = database.catalog().table(changes.front().registry);
  auto rows = rows_of(database, table, changes);
  std::vector<registry::PutBack> back;
  for (const auto& change : changes) {
    const auto now = rows.find(change.record);
    back.push_back(
        as_it_was(table, change, now == rows.end() ? std::nullopt : std::optional<Record>(std::move(now->second))));
  }
  registry::Writes(database).put_back(table, back);
}

/// How many changes from the first one on are of one table and of rows that are named once: they go together.
std::size_t alike(std::span<const LoggedChange> changes) {
  constexpr std::size_t at_once = 500;
  std::unordered_set<std::int64_t> seen;
  std::size_t n = 0;
  while (n < std::min(changes.size(), at_once) && changes[n].registry == changes[0].registry &&
         seen.insert(changes[n].record).second)
    ++n;
  return n;
}

}  // namespace

void put_back(Database& database, std::span<const LoggedChange> changes) {
  while (!changes.empty()) {
    if (changes[0].registry.starts_with(synonyms_of)) {
      put_back_synonyms(database, changes[0]);
      changes = changes.subspan(1);
      continue;
    }
    const auto n = alike(changes);
    put_back_rows(database, changes.first(n));
    changes = changes.subspan(n);
  }
}

void mark_undone(Database& database, std::int64_t upgrade) {
  const std::array<Value, 2> values{Value(base::sql_text(base::now())), Value(upgrade)};
  database.connection().execute(R"(UPDATE "lamin_upgrade" SET "undone_at" = ? WHERE "id" = ?)", values);
}

std::vector<LogHead> log_heads(Database& database, std::string_view registry) {
  std::vector<LogHead> heads;
  if (!database.connection().table_exists("lamin_upgrade")) return heads;
  std::string sql = R"(SELECT "id", "registry", "source", "plan", "applied_at", "undone_at" FROM "lamin_upgrade")";
  std::vector<Value> which;
  if (!registry.empty()) {
    sql += R"( WHERE "registry" = ?)";
    which.emplace_back(registry);
  }
  auto rows = database.connection().query(sql + R"( ORDER BY "id" DESC)", which);
  while (rows->next()) {
    LogHead head{.source = rows->integer(2)};
    const auto summary = base::parse_json(rows->text(3));
    const auto& told = summary.as_object();
    head.upgrade = {.number = rows->integer(0),
                    .registry = std::string(rows->text(1)),
                    .source = std::string(told.at("source").as_string()),
                    .to = std::string(told.at("to").as_string()),
                    .applied_at = std::string(rows->text(4)),
                    .undone_at = rows->is_null(5) ? std::string() : std::string(rows->text(5)),
                    .rows = told.at("rows").to_number<std::int64_t>()};
    for (const auto& version : told.at("from").as_array()) head.upgrade.from.emplace_back(version.as_string());
    if (const auto* had = told.if_contains("had_terms")) head.had_terms = had->as_bool();
    heads.push_back(std::move(head));
  }
  return heads;
}

}  // namespace lamin::lake
