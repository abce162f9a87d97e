// testing.hpp -- a small module with every kind of field and relation, and databases that hold it.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/uid.hpp"
#include "db/connection.hpp"
#include "lamin/database.hpp"
#include "lamin/error.hpp"
#include "registry/writes.hpp"
#include "schema/ddl.hpp"

namespace lamin::registry::test {

// clang-format off: one field, one line
inline schema::Module bench_module() {
  using schema::Kind, schema::Fill, schema::On, schema::Trait;
  return {.name = "lab", .registries = {
      {.name = "Person", .doc = "d", .fields = {
          {.name = "uid", .size = 8, .unique = true, .fill = Fill::random_uid, .doc = "d"},
          {.name = "handle", .size = 30, .unique = true, .doc = "d"}}, .name_field = "handle"},
      {.name = "Branch", .doc = "d", .fields = {{.name = "name", .size = 100, .doc = "d"}}, .name_field = "name"},
      {.name = "Space", .doc = "d", .fields = {{.name = "name", .size = 100, .doc = "d"}},
       .rules = {{.name = "unique_space_lower", .expression = "lower(name)"}}, .name_field = "name"},
      {.name = "Donor", .doc = "d", .fields = {
          {.name = "uid", .size = 8, .unique = true, .fill = Fill::random_uid, .doc = "d"},
          {.name = "name", .size = 20, .optional = true, .index = true, .doc = "d"},
          {.name = "age", .kind = Kind::integer, .optional = true, .doc = "d"},
          {.name = "site", .kind = Kind::ref, .optional = true, .to = "Site", .inverse = "donors", .doc = "d"}},
       .name_field = "name"},
      {.name = "Site", .doc = "d", .fields = {
          {.name = "name", .size = 20, .doc = "d"},
          {.name = "date", .kind = Kind::date, .optional = true, .doc = "d"}}, .name_field = "name"},
      {.name = "Tag", .doc = "d", .fields = {
          {.name = "name", .size = 20, .unique = true, .doc = "d"},
          {.name = "weight", .kind = Kind::real, .optional = true, .doc = "d"},
          {.name = "parents", .kind = Kind::link, .to = "self", .inverse = "children", .doc = "d"}},
       .name_field = "name"},
      {.name = "Sample", .doc = "d", .traits = {Trait::branched, Trait::versioned}, .fields = {
          {.name = "uid", .size = 12, .unique = true, .fill = Fill::random_uid, .doc = "d"},
          {.name = "name", .size = 20, .index = true, .doc = "d"},
          {.name = "kind", .size = 10, .optional = true, .options = {"cell", "tissue"}, .doc = "d"},
          {.name = "size", .kind = Kind::integer, .size = 64, .optional = true, .doc = "d"},
          {.name = "score", .kind = Kind::real, .optional = true, .doc = "d"},
          {.name = "is_ok", .kind = Kind::boolean, .optional = true, .doc = "d"},
          {.name = "taken_at", .kind = Kind::time, .optional = true, .doc = "d"},
          {.name = "day", .kind = Kind::date, .optional = true, .doc = "d"},
          {.name = "params", .kind = Kind::json, .optional = true, .doc = "d"},
          {.name = "donor", .kind = Kind::ref, .optional = true, .to = "Donor", .inverse = "samples", .doc = "d"},
          {.name = "is_latest", .kind = Kind::boolean, .fill = Fill::constant, .initial = "true", .doc = "d"},
          {.name = "branch", .kind = Kind::ref, .fill = Fill::constant, .initial = "1", .in_database = true, .to = "Branch", .doc = "d"},
          {.name = "space", .kind = Kind::ref, .fill = Fill::constant, .initial = "1", .in_database = true, .to = "Space", .doc = "d"},
          {.name = "created_by", .kind = Kind::ref, .fill = Fill::user, .to = "Person", .inverse = "created_samples", .doc = "d"},
          {.name = "created_at", .kind = Kind::time, .fill = Fill::now, .in_database = true, .doc = "d"},
          {.name = "updated_at", .kind = Kind::time, .fill = Fill::now, .in_database = true, .doc = "d"},
          {.name = "tags", .kind = Kind::link, .to = "Tag", .inverse = "samples", .doc = "d"},
          {.name = "labels", .kind = Kind::link, .to = "Tag", .inverse = "labelled", .through = "SampleLabel", .doc = "d"}},
       .rules = {{.unique = {"name", "kind", "size"}}}, .name_field = "name"},
      {.name = "SampleLabel", .doc = "d", .traits = {Trait::link}, .id_bits = 64, .fields = {
          {.name = "sample", .kind = Kind::ref, .to = "Sample", .inverse = "links_label", .on_delete = On::cascade, .doc = "d"},
          {.name = "tag", .kind = Kind::ref, .to = "Tag", .inverse = "links_sample", .doc = "d"},
          {.name = "feature", .kind = Kind::integer, .optional = true, .doc = "d"}},
       .rules = {{.unique = {"sample", "tag", "feature"}}}},
      {.name = "Note", .doc = "d", .fields = {
          {.name = "text", .doc = "d"},
          {.name = "stars", .kind = Kind::integer, .size = 16, .optional = true, .doc = "d"},
          {.name = "sample", .kind = Kind::ref, .optional = true, .to = "Sample", .inverse = "notes", .on_delete = On::cascade, .doc = "d"}},
       .name_field = "text"},
  }};
}
// clang-format on

/// Branches -1 (trash), 1 (main) and 2, space 1, person 1.
inline void add_fixed_rows(Database& db) {
  auto row = [&](std::string_view registry, std::int64_t id, std::string_view field, const char* value) {
    Record record(db.catalog().table(registry));
    record.set(0, Value(id));
    record.set(field, Value(value));
    registry::Writes(db).insert({&record, 1});
  };
  row("lab.Person", 1, "handle", "ada");
  row("lab.Branch", -1, "name", "trash");
  row("lab.Branch", 1, "name", "main");
  row("lab.Branch", 2, "name", "mine");
  row("lab.Space", 1, "name", "all");
}

/// A fresh database with the tables of bench_module(); dropped at the end.
class Bench {
 public:
  using Wrap = std::function<std::unique_ptr<db::Connection>(std::unique_ptr<db::Connection>)>;
  /// `wrap` may put another connection around the real one.
  explicit Bench(const std::string& postgres = {}, const Wrap& wrap = {}) {
    schema::Catalog catalog;
    catalog.add(bench_module());
    std::unique_ptr<db::Connection> connection;
    if (postgres.empty()) {
      folder_ = std::filesystem::temp_directory_path() / ("lamin_registry_" + base::random_uid(10));
      std::filesystem::create_directories(folder_);
      connection = db::open_connection("sqlite://" + (folder_ / "t.db").string(), {.create = true});
    } else {
      admin_ = db::open_connection(postgres);
      name_ = "lamin_registry_" + std::to_string(::getpid()) + "_" + std::to_string(++made());
      admin_->script("CREATE DATABASE " + name_ + " TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'UTF8'");
      connection = db::open_connection(postgres.substr(0, postgres.rfind('/') + 1) + name_);
    }
    const auto dialect =
        connection->dialect() == db::Dialect::sqlite ? schema::Dialect::sqlite : schema::Dialect::postgres;
    connection->begin();
    for (const auto& statement : schema::create_statements(catalog, dialect)) connection->script(statement);
    connection->commit();
    if (wrap) connection = wrap(std::move(connection));
    db_ = std::make_unique<Database>(std::move(connection), std::move(catalog));
    add_fixed_rows(*db_);
  }
  ~Bench() {
    db_.reset();
    if (admin_) admin_->script("DROP DATABASE " + name_);
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  Bench(const Bench&) = delete;

  Database& db() { return *db_; }
  const schema::Table& table(std::string_view name) { return db_->catalog().table(name); }
  std::string path() const { return (folder_ / "t.db").string(); }

  /// A saved row: {"name", "a", "size", 3}.
  Record row(std::string_view registry, const std::vector<std::pair<std::string, Value>>& values) {
    Record record(table(registry));
    for (const auto& [field, value] : values) record.set(field, value);
    Writes(*db_).save(record);
    return record;
  }

 private:
  static int& made() {
    static int n = 0;
    return n;
  }
  std::filesystem::path folder_;
  std::unique_ptr<db::Connection> admin_;
  std::string name_;
  std::unique_ptr<Database> db_;
};

inline std::string names_of(const std::vector<Record>& rows) {
  std::string out;
  for (const auto& row : rows) out += (out.empty() ? "" : ", ") + std::string(row.text(row.table().name_field));
  return out;
}

/// The code of the Error that `work` throws, or Code::internal and a failed test if it throws none.
template <class Work>
Error error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) { return error; }
  return Error(Code::internal, "nothing was thrown");
}

}  // namespace lamin::registry::test
