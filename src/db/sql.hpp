// sql.hpp -- pieces of SQL that both databases share. Only identifiers are ever put into the text, and they come from
// the catalog.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace lamin::db {

/// "name", with inner quotes doubled.
inline void append_quoted(std::string& sql, std::string_view identifier) {
  sql.push_back('"');
  for (const char c : identifier) {
    if (c == '"') sql.push_back('"');
    sql.push_back(c);
  }
  sql.push_back('"');
}

inline std::string quote(std::string_view identifier) {
  std::string sql;
  sql.reserve(identifier.size() + 2);
  append_quoted(sql, identifier);
  return sql;
}

/// "a", "b"
inline void append_columns(std::string& sql, std::span<const std::string_view> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) sql += ", ";
    append_quoted(sql, columns[i]);
  }
}

/// ?, ?, ?
inline void append_places(std::string& sql, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sql += i > 0 ? ", ?" : "?";
}

/// INSERT INTO "t" ("a", "b") VALUES (?, ?), (?, ?)
inline std::string insert_sql(std::string_view table, std::span<const std::string_view> columns, std::size_t rows = 1) {
  std::string sql = "INSERT INTO ";
  sql.reserve(64 + columns.size() * (24 + rows * 3));
  append_quoted(sql, table);
  if (columns.empty()) return sql + " DEFAULT VALUES";
  sql += " (";
  append_columns(sql, columns);
  sql += ") VALUES ";
  for (std::size_t row = 0; row < rows; ++row) {
    sql += row > 0 ? ", (" : "(";
    append_places(sql, columns.size());
    sql += ")";
  }
  return sql;
}

}  // namespace lamin::db
