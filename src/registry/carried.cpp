#include "registry/carried.hpp"
#include "base/log.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lamin/error.hpp"
#include "modules/modules.hpp"
#include "schema/json.hpp"

namespace lamin::registry {
namespace {

constexpr std::string_view fingerprint_row = "#catalog";

/// FNV-1a over everything that determines the tables.
class Fingerprint {
 public:
  void add(std::string_view text) {
    for (const char c : text) step(static_cast<unsigned char>(c));
    step(0);
  }
  void add(std::int64_t number) { add(std::string_view(std::to_string(number))); }
  std::string text() const { return std::to_string(hash_); }

 private:
  void step(std::uint64_t byte) { hash_ = (hash_ ^ byte) * 1099511628211ULL; }
  std::uint64_t hash_ = 14695981039346656037ULL;
};

bool is_builtin(std::string_view name) {
  const auto all = modules::builtin_names();
  return std::ranges::find(all, name) != all.end();
}

schema::Module read_module(const std::string& name, const std::string& json) {
  try {
    return schema::module_from_json(json);
  } catch (const Error& error) {
    throw Error(Code::conflict, "the module '" + name + "' in the database was written by a newer program: " +
                                    error.what() + ". Install a newer version of this program.");
  }
}

/// Modules come after those they need.
void add_in_order(schema::Catalog& out, std::vector<schema::Module> waiting) {
  auto is_there = [&](const Text& need) {
    return std::ranges::any_of(out.modules(), [&](const auto& m) { return m.name == need; });
  };
  while (!waiting.empty()) {
    const auto ready =
        std::ranges::find_if(waiting, [&](const auto& m) { return std::ranges::all_of(m.needs, is_there); });
    // One whose needs are missing is added all the same: the soundness check reports it.
    const auto next = ready == waiting.end() ? waiting.begin() : ready;
    out.add(*next);
    waiting.erase(next);
  }
}

}  // namespace

std::string fingerprint(const schema::Catalog& catalog) {
  Fingerprint f;
  for (const auto& table : catalog.tables()) {
    f.add(table.table);
    for (const auto& column : table.columns) {
      f.add(column.column);
      f.add(static_cast<std::int64_t>(column.kind));
      if (column.to != nullptr) f.add(column.to->table);
      if (column.field == nullptr) continue;
      const auto& field = *column.field;
      f.add(field.size * 8 + (field.optional ? 4 : 0) + (field.unique ? 2 : 0) + (field.index ? 1 : 0));
      if (field.in_database) f.add(field.initial);
    }
    for (const auto& rule : table.rules) {
      for (const auto& name : rule.unique) f.add(name);
      for (const auto& name : rule.index) f.add(name);
      f.add(rule.expression);
      f.add(rule.check);
      f.add(rule.where);
    }
  }
  return f.text();
}

StoredModules carried(db::Connection& connection) {
  StoredModules out;
  out.any = connection.table_exists("lamin_module");
  if (!out.any) return out;
  // The JSON of built-in modules is long, and not needed.
  std::string places;
  std::vector<Value> parameters;
  for (const auto name : modules::builtin_names()) {
    places += places.empty() ? "?" : ", ?";
    parameters.emplace_back(name);
  }
  auto rows = connection.query(
      "SELECT name, CASE WHEN name IN (" + places + ") THEN '' ELSE json END FROM lamin_module ORDER BY name",
      parameters);
  while (rows->next()) {
    const std::string name(rows->text(0));
    if (name == fingerprint_row) {
      out.fingerprint = rows->text(1);
      continue;
    }
    out.names.push_back(name);
    if (!is_builtin(name)) out.plugins.emplace(name, rows->text(1));
  }
  return out;
}

schema::Catalog catalog_for(const StoredModules& there, std::span<const std::string> names,
                            std::span<const schema::Module> given) {
  std::vector<schema::Module> plugins(given.begin(), given.end());
  for (const auto& [name, json] : there.plugins) {
    const bool replaced = std::ranges::any_of(given, [&](const auto& m) { return m.name == name; });
    if (!replaced) plugins.push_back(read_module(name, json));
  }
  std::vector<std::string> builtin;
  const auto want = [&](const std::string& name) {
    if (is_builtin(name)) {
      builtin.push_back(name);
    } else if (std::ranges::none_of(plugins, [&](const auto& m) { return m.name == name; })) {
      base::log(Level::warning, "the module '" + name +
                                    "' is not part of the database: its registries are not there. `lamin migrate "
                                    "apply --modules " +
                                    name + "` installs it.");
    }
  };
  for (const auto& name : names) want(name);
  for (const auto& name : there.names) {
    if (is_builtin(name)) builtin.push_back(name);
  }
  for (const auto& plugin : plugins) {
    for (const Text need : plugin.needs) {
      if (is_builtin(need)) builtin.push_back(need.str());
    }
  }
  schema::Catalog out = modules::catalog_of(builtin);
  add_in_order(out, std::move(plugins));
  return out;
}

schema::Catalog stored_catalog(db::Connection& connection) {
  const Value row(fingerprint_row);
  std::vector<schema::Module> all;
  {
    auto rows = connection.query("SELECT name, json FROM lamin_module WHERE name <> ? ORDER BY name", {&row, 1});
    while (rows->next()) all.push_back(read_module(std::string(rows->text(0)), std::string(rows->text(1))));
  }
  schema::Catalog out;
  try {
    add_in_order(out, std::move(all));
  } catch (const Error& error) {
    throw Error(Code::corrupt, "lamin_module holds modules that do not fit together: " + std::string(error.what()));
  }
  return out;
}

void carry(Database& db) {
  auto& c = db.connection();
  const std::string now = base::sql_text(base::now());
  auto put = [&](std::string_view name, const std::string& json) {
    const std::vector<Value> row = {Value(name), Value(json), Value(now)};
    c.execute(
        "INSERT INTO lamin_module (name, json, applied_at) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET json = excluded.json, applied_at = excluded.applied_at",
        row);
  };
  for (const auto& module : db.catalog().modules()) put(module.name, schema::to_json(module));
  put(fingerprint_row, fingerprint(db.catalog()));
}

}  // namespace lamin::registry
