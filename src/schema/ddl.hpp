// ddl.hpp -- the SQL that makes a catalog's tables, on either database.
//
// Names of indexes and constraints follow LaminDB's rule, so that its migrations find what they expect:
// <table>_<columns>_<hash><suffix>, where the hash is the first 8 hex digits of md5(table and columns joined), and in
// names beyond the database's limit each part is cut at its end. The order of columns is not part of the format.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/catalog.hpp"

namespace lamin::schema {

enum class Dialect { sqlite, postgres };

/// Everything that a new database needs, in an executable order.
std::vector<std::string> create_statements(const Catalog& catalog, Dialect dialect);

/// The tables of own_tables.hpp that a database lacks; each statement does nothing if the table exists.
std::vector<std::string> create_own_tables(Dialect dialect);
/// An empty table for this session only, if the user may not create the real one: whatever reads it finds nothing.
std::string create_stand_in(const struct OwnTable& table, Dialect dialect);

// The parts, for migrations.
/// `name`: for a table that is to replace this one.
std::string create_table(const Table& table, Dialect dialect, std::string_view name = {});
/// "name" varchar(255) DEFAULT ... NOT NULL ..., as in CREATE TABLE and ADD COLUMN. `first`: the value that existing
/// rows get if the database does not fill the field itself.
std::string column_definition(const Column& column, Dialect dialect, std::string_view first = {});
/// The column's type in the database: varchar(255), bigint, jsonb. The primary key has one too.
std::string column_type(const Table& table, const Column& column, Dialect dialect);
/// The database's default, as SQL; empty if there is none.
std::string column_default(const Column& column, Dialect dialect);
/// `initial` or the current time, whether or not the database fills it in, as SQL; empty if there is neither.
std::string first_value(const Column& column, Dialect dialect);
/// The column's index and the one for patterns (Postgres), or none.
std::vector<std::string> column_indexes(const Table& table, const Column& column, Dialect dialect);
/// Postgres: ADD CONSTRAINT ... FOREIGN KEY, without the ALTER TABLE. On SQLite it is part of the column.
std::string foreign_key(const Table& table, const Column& column);
/// CREATE [UNIQUE] INDEX for a rule; empty if it is a constraint of the table.
std::string rule_index(const Table& table, const Rule& rule, Dialect dialect);
/// CONSTRAINT ... for a rule, as in CREATE TABLE; empty if it is an index or not enforced by the database.
std::string rule_constraint(const Table& table, const Rule& rule, Dialect dialect);
/// CREATE OR REPLACE for a module's functions (Postgres).
std::vector<std::string> create_functions(const Module& module);
std::vector<std::string> create_triggers(const Catalog& catalog, const Module& module);

/// LaminDB's name for an index or constraint over columns.
std::string index_name(std::string_view table, std::span<const std::string> columns, std::string_view suffix,
                       Dialect dialect);
/// "name", safe as an identifier.
std::string identifier(std::string_view name);

}  // namespace lamin::schema
