#include "lake/label/hooks.hpp"

#include <algorithm>

#include "base/uid.hpp"
#include "lake/label/scope.hpp"
#include "lake/rows/hook_chain.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace {

std::string_view text_of(const Record& record, std::string_view field) {
  const schema::Column* column = record.table().find_column(field);
  return column ? record[column->position].text_or("") : std::string_view();
}

/// In the order in which they are looked at: the first that a row has identifies it.
std::vector<const schema::Column*> public_ids(const schema::Table& table) {
  std::vector<const schema::Column*> ids;
  for (const std::string_view name :
       {table.id_field.view(), std::string_view("ontology_id"), std::string_view("stable_id")}) {
    const schema::Column* column = name.empty() ? nullptr : table.find_column(name);
    if (column != nullptr && std::ranges::find(ids, column) == ids.end()) ids.push_back(column);
  }
  return ids;
}

void stamp_uid(Database& database, Record& record) {
  if (!record.uid().empty()) return;
  if (std::string uid = term_uid(database, record); !uid.empty()) record.set("uid", std::move(uid));
}

void stamp_source_uid(Database&, Record& record) {
  if (!record.uid().empty()) return;
  std::string key;
  for (const char* field : {"entity", "name", "organism", "version"}) key += text_of(record, field);
  record.set("uid", base::derived_uid(key, record.table().uid_size));
}

/// Only one version of a source is in use.
void retire_other_versions(Database& database, const Record& source) {
  if (!source.at("currently_used").boolean_or(false)) return;
  std::vector<Expr> same;
  for (const char* field : {"entity", "organism", "name"}) {
    same.push_back(Expr::compare(field, Op::exact, source.at(field)));
  }
  same.push_back(Expr::compare("currently_used", Op::exact, Value(true)));
  if (source.saved()) same.push_back(Expr::compare("id", Op::ne, Value(source.id())));
  Query query{.registry = source.table().qualified.str(), .where = Expr::all_of(std::move(same)), .any_branch = true};
  registry::Writes(database).update(query, {{"currently_used", Value(false)}});
}

}  // namespace

std::vector<const schema::Column*> identity_columns(const schema::Table& table) {
  auto columns = public_ids(table);
  if (needs_organism(table)) columns.push_back(table.find_column("organism"));
  return columns;
}

std::string term_uid(Database& database, const Record& record) {
  const schema::Table& table = record.table();
  std::string key;
  for (const schema::Column* id : public_ids(table)) {
    if (key.empty()) key = record[id->position].text_or("");
  }
  if (key.empty() && !table.name_field.empty()) {
    key = text_of(record, table.name_field);
    if (!key.empty() && needs_organism(table)) {
      const schema::Column& column = table.column("organism");
      const std::int64_t id = record[column.position].integer_or(0);
      if (const auto organism = id ? database.find(*column.to, id) : std::nullopt) key += organism->text("name");
    }
  }
  return key.empty() ? std::string() : base::derived_uid(key, table.uid_size);
}

void install_label_hooks(Database& database) {
  for (const schema::Table& table : database.catalog().tables()) {
    if (!table.registry || table.module != "bionty" || table.uid_size == 0) continue;
    Hooks& hooks = database.hooks()[table.qualified.str()];
    if (table.name == "Source") {
      append_hook(hooks.before_insert, stamp_source_uid);
      append_hook(hooks.after_insert, retire_other_versions);
      append_update_hook(hooks, {"entity", "organism", "name", "currently_used"},
                         [](Database& db, const Record&, Record& source) { retire_other_versions(db, source); });
    } else if (needs_organism(table)) {
      append_hook(hooks.before_insert, stamp_uid);
    }
  }
}

}  // namespace lamin::lake
