#include "lake/export/ducklake.hpp"
#include <fmt/format.h>
#include <initializer_list>
#include "base/time.hpp"
#include "base/uid.hpp"
#include "db/connection.hpp"

namespace lamin::lake {
namespace {

// The tables of the specification, in the types that DuckDB gives them in SQLite; those at the end stay empty.
constexpr std::string_view tables_of_a_lake = R"(
create table ducklake_metadata("key" varchar not null, "value" varchar not null, "scope" varchar, scope_id bigint);
create table ducklake_snapshot(snapshot_id bigint primary key, snapshot_time varchar, schema_version bigint,
  next_catalog_id bigint, next_file_id bigint);
create table ducklake_snapshot_changes(snapshot_id bigint primary key, changes_made varchar, author varchar,
  commit_message varchar, commit_extra_info varchar);
create table ducklake_schema(schema_id bigint primary key, schema_uuid varchar, begin_snapshot bigint,
  end_snapshot bigint, schema_name varchar, path varchar, path_is_relative bigint);
create table ducklake_table(table_id bigint, table_uuid varchar, begin_snapshot bigint, end_snapshot bigint,
  schema_id bigint, table_name varchar, path varchar, path_is_relative bigint);
create table ducklake_data_file(data_file_id bigint primary key, table_id bigint, begin_snapshot bigint,
  end_snapshot bigint, file_order bigint, path varchar, path_is_relative bigint, file_format varchar,
  record_count bigint, file_size_bytes bigint, footer_size bigint, row_id_start bigint, partition_id bigint,
  encryption_key varchar, mapping_id bigint, partial_max bigint);
create table ducklake_column(column_id bigint, begin_snapshot bigint, end_snapshot bigint, table_id bigint,
  column_order bigint, column_name varchar, column_type varchar, initial_default varchar, default_value varchar,
  nulls_allowed bigint, parent_column bigint, default_value_type varchar, default_value_dialect varchar);
create table ducklake_table_stats(table_id bigint, record_count bigint, next_row_id bigint, file_size_bytes bigint);
create table ducklake_column_mapping(mapping_id bigint, table_id bigint, "type" varchar);
create table ducklake_name_mapping(mapping_id bigint, column_id bigint, source_name varchar, target_field_id bigint,
  parent_column bigint, is_partition bigint);
create table ducklake_schema_versions(begin_snapshot bigint, schema_version bigint, table_id bigint);
create table ducklake_view(view_id bigint, view_uuid varchar, begin_snapshot bigint, end_snapshot bigint,
  schema_id bigint, view_name varchar, dialect varchar, "sql" varchar, column_aliases varchar);
create table ducklake_tag(object_id bigint, begin_snapshot bigint, end_snapshot bigint, "key" varchar,
  "value" varchar);
create table ducklake_column_tag(table_id bigint, column_id bigint, begin_snapshot bigint, end_snapshot bigint,
  "key" varchar, "value" varchar);
create table ducklake_file_column_stats(data_file_id bigint, table_id bigint, column_id bigint,
  column_size_bytes bigint, value_count bigint, null_count bigint, min_value varchar, max_value varchar,
  contains_nan bigint, extra_stats varchar);
create table ducklake_file_variant_stats(data_file_id bigint, table_id bigint, column_id bigint, variant_path varchar,
  shredded_type varchar, column_size_bytes bigint, value_count bigint, null_count bigint, min_value varchar,
  max_value varchar, contains_nan bigint, extra_stats varchar);
create table ducklake_delete_file(delete_file_id bigint primary key, table_id bigint, begin_snapshot bigint,
  end_snapshot bigint, data_file_id bigint, path varchar, path_is_relative bigint, format varchar,
  delete_count bigint, file_size_bytes bigint, footer_size bigint, encryption_key varchar, partial_max bigint);
create table ducklake_table_column_stats(table_id bigint, column_id bigint, contains_null bigint, contains_nan bigint,
  min_value varchar, max_value varchar, extra_stats varchar);
create table ducklake_partition_info(partition_id bigint, table_id bigint, begin_snapshot bigint, end_snapshot bigint);
create table ducklake_partition_column(partition_id bigint, table_id bigint, partition_key_index bigint,
  column_id bigint, "transform" varchar);
create table ducklake_file_partition_value(data_file_id bigint, table_id bigint, partition_key_index bigint,
  partition_value varchar);
create table ducklake_files_scheduled_for_deletion(data_file_id bigint, path varchar, path_is_relative bigint,
  schedule_start varchar);
create table ducklake_inlined_data_tables(table_id bigint, table_name varchar, schema_version bigint);
create table ducklake_macro(schema_id bigint, macro_id bigint, macro_name varchar, begin_snapshot bigint,
  end_snapshot bigint);
create table ducklake_macro_impl(macro_id bigint, impl_id bigint, dialect varchar, "sql" varchar, "type" varchar);
create table ducklake_macro_parameters(macro_id bigint, impl_id bigint, column_id bigint, parameter_name varchar,
  parameter_type varchar, default_value varchar, default_value_type varchar);
create table ducklake_sort_info(sort_id bigint, table_id bigint, begin_snapshot bigint, end_snapshot bigint);
create table ducklake_sort_expression(sort_id bigint, table_id bigint, sort_key_index bigint, expression varchar,
  dialect varchar, sort_direction varchar, null_order varchar);
)";

std::string_view type_of(Column::Kind kind) {
  switch (kind) {
    case Column::Kind::boolean: return "boolean";
    case Column::Kind::int64: return "int64";
    case Column::Kind::float64: return "float64";
    case Column::Kind::time: return "timestamptz";
    case Column::Kind::date: return "date";
    default: return "varchar";
  }
}

/// A random UUID: 8-4-4-4-12 hex digits.
std::string new_uuid() {
  const auto hex = base::uuid5_url(base::random_uid(20));
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                     hex.substr(20, 12));
}

class Lake {
 public:
  explicit Lake(db::Connection& to) : to_(to) {}

  void describe(const std::filesystem::path& folder, std::size_t n_tables, std::int64_t n_files) {
    for (const auto& [key, value] :
         std::initializer_list<std::pair<const char*, std::string>>{{"version", "1.0"},
                                                                    {"created_by", "LaminDB, native"},
                                                                    {"data_path", folder.string() + "/"},
                                                                    {"encrypted", "false"}})
      add("ducklake_metadata", {"key", "value"}, {key, value});
    const auto now = base::sql_text(base::now()) + "+00";
    add("ducklake_snapshot", {"snapshot_id", "snapshot_time", "schema_version", "next_catalog_id", "next_file_id"},
        {0, now, 0, static_cast<std::int64_t>(n_tables) + 1, n_files});
    add("ducklake_snapshot_changes", {"snapshot_id", "changes_made"}, {0, "created_schema:\"main\""});
    add("ducklake_schema", {"schema_id", "schema_uuid", "begin_snapshot", "schema_name", "path", "path_is_relative"},
        {0, new_uuid(), 0, "main", "", 1});
  }

  void add_table(std::int64_t id, const LakeTable& table) {
    add("ducklake_table",
        {"table_id", "table_uuid", "begin_snapshot", "schema_id", "table_name", "path", "path_is_relative"},
        {id, new_uuid(), 0, 0, table.name, table.name + "/", 1});
    add("ducklake_schema_versions", {"begin_snapshot", "schema_version", "table_id"}, {0, 0, id});
    // The files say columns by name.
    add("ducklake_column_mapping", {"mapping_id", "table_id", "type"}, {id, id, "map_by_name"});
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto position = static_cast<std::int64_t>(i);
      add("ducklake_column",
          {"column_id", "begin_snapshot", "table_id", "column_order", "column_name", "column_type", "default_value",
           "nulls_allowed", "default_value_type", "default_value_dialect"},
          {position + 1, 0, id, position + 1, table.columns[i], type_of(table.kinds[i]), "NULL", 1, "literal",
           "duckdb"});
      add("ducklake_name_mapping", {"mapping_id", "column_id", "source_name", "target_field_id", "is_partition"},
          {id, position, table.columns[i], position + 1, 0});
    }
    std::int64_t rows = 0, bytes = 0;
    for (const auto& file : table.files) {
      add("ducklake_data_file",
          {"data_file_id", "table_id", "begin_snapshot", "path", "path_is_relative", "file_format", "record_count",
           "file_size_bytes", "footer_size", "row_id_start", "mapping_id"},
          {next_file_++, id, 0, file.path, 1, "parquet", file.rows, file.bytes, file.footer, rows, id});
      rows += file.rows;
      bytes += file.bytes;
    }
    add("ducklake_table_stats", {"table_id", "record_count", "next_row_id", "file_size_bytes"},
        {id, rows, rows, bytes});
  }

 private:
  void add(std::string_view table, std::initializer_list<std::string_view> columns, std::initializer_list<Value> row) {
    to_.insert(table, {columns.begin(), columns.size()}, {row.begin(), row.size()});
  }

  db::Connection& to_;
  std::int64_t next_file_ = 0;
};

}  // namespace

void write_ducklake(const std::filesystem::path& catalog, const std::filesystem::path& folder,
                    const std::vector<LakeTable>& tables) {
  const auto connection = db::open_connection("sqlite://" + catalog.string(), {.create = true});
  connection->script(tables_of_a_lake);
  connection->begin();
  std::int64_t files = 0;
  for (const auto& table : tables) files += static_cast<std::int64_t>(table.files.size());
  Lake lake(*connection);
  lake.describe(folder, tables.size(), files);
  std::int64_t id = 0;
  for (const auto& table : tables) lake.add_table(++id, table);
  connection->commit();
  connection->script("pragma journal_mode = delete");  // one file, which readers need not write beside
}

}  // namespace lamin::lake
