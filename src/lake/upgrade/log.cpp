#include "lake/upgrade/log.hpp"

#include <fmt/format.h>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lake/ontology/stated.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

namespace json = boost::json;
constexpr std::string_view synonyms_of = "lamin_synonym/";

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

[[noreturn]] void changed_since(const Record& row) {
  throw Error(Code::conflict, named(row) +
                                  " was changed after the upgrade: undoing it would lose that change. Change it "
                                  "back first");
}

void put_back_synonyms(Database& database, const LoggedChange& change) {
  const auto& table = database.catalog().table(change.registry.substr(synonyms_of.size()));
  std::vector<OwnSynonym> synonyms;
  const auto before = base::parse_json(change.before.value_or("[]"));
  for (const auto& one : before.as_array()) {
    const auto& pair = one.as_array();
    synonyms.push_back({.record = change.record,
                        .scope = std::string(pair.at(0).as_string()),
                        .text = std::string(pair.at(1).as_string())});
  }
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
  summary["plan"] = base::parse_json(to_json(plan));
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

void put_back(Database& database, const LoggedChange& change) {
  if (change.registry.starts_with(synonyms_of)) return put_back_synonyms(database, change);
  const auto& table = database.catalog().table(change.registry);
  registry::Writes writes(database);
  const auto now = database.find(table, change.record);
  if (!change.before) {  // the upgrade made it
    if (now) writes.put_back(table, change.record, nullptr);
    return;
  }
  if (!change.after) {  // the upgrade deleted it
    Record row(table);
    put_columns(row, *change.before);
    writes.put_back(table, change.record, &row);
    return;
  }
  if (!now) {
    throw Error(Code::conflict,
                fmt::format("a row of {} (id {}) that the upgrade changed was deleted since: it cannot be "
                            "undone any more",
                            table.name.view(), change.record));
  }
  Record expected = *now, row = *now;
  put_columns(expected, *change.after);
  if (expected.values() != now->values()) changed_since(*now);
  put_columns(row, *change.before);
  writes.put_back(table, change.record, &row);
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
