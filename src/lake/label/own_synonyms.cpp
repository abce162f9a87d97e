#include "lake/label/own_synonyms.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "db/connection.hpp"

namespace lamin::lake {

void each_own_synonym(Database& database, const schema::Table& table,
                      const std::function<void(std::int64_t, std::string_view, std::string_view)>& row) {
  db::Connection& connection = database.connection();
  if (!connection.table_exists("lamin_synonym")) return;
  const std::array<Value, 1> parameters{Value(table.qualified.view())};
  auto rows = connection.query(
      R"(SELECT "record", "scope", "text" FROM "lamin_synonym" WHERE "registry" = ? ORDER BY "record", "id")",
      parameters);
  while (rows->next()) {
    const std::int64_t record = rows->integer(0);
    const std::string scope(rows->text(1));
    row(record, scope, rows->text(2));
  }
}

std::vector<OwnSynonym> own_synonyms_of(Database& database, const schema::Table& table, std::int64_t record) {
  std::vector<OwnSynonym> synonyms;
  if (!database.connection().table_exists("lamin_synonym")) return synonyms;
  const std::array<Value, 2> which{Value(table.qualified.view()), Value(record)};
  auto rows = database.connection().query(
      R"(SELECT "scope", "text" FROM "lamin_synonym" WHERE "registry" = ? AND "record" = ? ORDER BY "id")", which);
  while (rows->next()) synonyms.push_back({record, std::string(rows->text(0)), std::string(rows->text(1))});
  return synonyms;
}

void replace_own_synonyms(Database& database, const schema::Table& table, std::int64_t record,
                          std::span<const OwnSynonym> synonyms) {
  const std::array<Value, 2> which{Value(table.qualified.view()), Value(record)};
  database.connection().execute(R"(DELETE FROM "lamin_synonym" WHERE "registry" = ? AND "record" = ?)", which);
  if (!synonyms.empty()) write_own_synonyms(database, table, synonyms);
}

void write_own_synonyms(Database& database, const schema::Table& table, std::span<const OwnSynonym> synonyms) {
  db::Connection& connection = database.connection();
  std::int64_t last = 0;
  for (const OwnSynonym& synonym : synonyms) {
    if (synonym.record == last) continue;
    last = synonym.record;
    const std::array<Value, 2> parameters{Value(table.qualified.view()), Value(last)};
    connection.execute(R"(DELETE FROM "lamin_synonym" WHERE "registry" = ? AND "record" = ?)", parameters);
  }
  std::vector<Value> values;
  values.reserve(synonyms.size() * 4);
  for (const OwnSynonym& synonym : synonyms) {
    values.emplace_back(table.qualified.view());
    values.emplace_back(synonym.record);
    values.emplace_back(synonym.scope);
    values.emplace_back(synonym.text);
  }
  constexpr std::array<std::string_view, 4> columns{"registry", "record", "scope", "text"};
  if (!values.empty()) connection.bulk_insert("lamin_synonym", columns, values, false);
}

}  // namespace lamin::lake
