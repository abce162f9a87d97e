// tables.cpp -- bulk insert: one array per column, which the server turns into rows. The statement is the same for any
// number of rows, unlike VALUES lists, and skips conflicting rows, unlike COPY.
#include "db/postgres/tables.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <unordered_map>
#include "db/sql.hpp"

namespace lamin::db::postgres {
namespace {

constexpr std::size_t rows_a_statement = 5000;

void append_element(std::string& array, const std::optional<std::string>& text) {
  array.push_back(array.empty() ? '{' : ',');
  if (!text) {
    array += "NULL";
    return;
  }
  array.push_back('"');
  for (const char c : *text) {
    if (c == '"' || c == '\\') array.push_back('\\');
    array.push_back(c);
  }
  array.push_back('"');
}

std::string closed(std::string array) { return array.empty() ? "{}" : std::move(array) + "}"; }

const Table::Column& column_of(const Table& table, std::string_view name, std::string_view column) {
  const auto found = table.columns.find(column);
  if (found == table.columns.end()) {
    throw Error(Code::internal, fmt::format("The table {} has no column {}.", name, column));
  }
  return found->second;
}

std::string unnest_sql(const Table& table, std::string_view name, std::span<const std::string_view> columns,
                       bool ignore_conflicts) {
  std::string sql = "INSERT INTO " + quote(name) + " (";
  append_columns(sql, columns);
  sql += ") SELECT * FROM unnest(";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    sql += fmt::format("{}?::{}[]", i > 0 ? ", " : "", column_of(table, name, columns[i]).type);
  }
  sql += ")";
  if (ignore_conflicts) sql += " ON CONFLICT DO NOTHING";
  if (ignore_conflicts && table.has_id()) sql += " RETURNING id";
  return sql;
}

}  // namespace

const Table& Tables::find(std::string_view name) {
  if (const auto found = tables_.find(name); found != tables_.end()) return found->second;
  const Value parameter(quote(name));
  const std::vector<Value> parameters = {parameter, parameter};
  const Result result = session_.run(
      "SELECT attname, format_type(atttypid, NULL), atttypid::bigint, "
      "CASE WHEN attname = 'id' THEN pg_get_serial_sequence(?, 'id') END "
      "FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped",
      parameters);
  Table table;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    auto text = [&](int column) { return std::string(PQgetvalue(result.get(), row, column)); };
    table.columns[text(0)] = {text(1), static_cast<Oid>(decode_integer(text(2), 0, "atttypid"))};
    if (text(0) == "id") table.id_sequence = text(3);
  }
  if (table.columns.empty()) throw Error(Code::internal, fmt::format("There is no table {}.", name));
  return tables_.emplace(name, std::move(table)).first->second;
}

std::vector<std::int64_t> Tables::reserve_ids(const Table& table, std::size_t count) {
  const std::vector<Value> parameters = {Value(table.id_sequence), Value(static_cast<std::int64_t>(count))};
  const Result result =
      session_.run("SELECT nextval(?::text::regclass) FROM generate_series(1, ?::bigint)", parameters);
  std::vector<std::int64_t> ids(count);
  for (std::size_t i = 0; i < count; ++i) {
    ids[i] = decode_integer(PQgetvalue(result.get(), static_cast<int>(i), 0), 0, "nextval");
  }
  return ids;
}

std::vector<std::int64_t> Tables::insert(std::string_view name, std::span<const std::string_view> columns,
                                         std::span<const Value> values, bool ignore_conflicts) {
  const std::size_t width = columns.size();
  if (width == 0 || values.size() % width != 0) {
    throw Error(Code::internal,
                fmt::format("{} values do not make rows of {} columns for {}.", values.size(), width, name));
  }
  const Table& table = find(name);
  const auto given = std::find(columns.begin(), columns.end(), "id");
  const std::size_t id_column = static_cast<std::size_t>(given - columns.begin());
  const bool takes_ids = given == columns.end() && !table.id_sequence.empty();
  std::vector<std::string_view> all(columns.begin(), columns.end());
  if (takes_ids) all.push_back("id");
  const std::string sql = unnest_sql(table, name, all, ignore_conflicts);

  std::vector<std::int64_t> ids(values.size() / width, 0);
  for (std::size_t start = 0; start < ids.size(); start += rows_a_statement) {
    const std::size_t count = std::min(rows_a_statement, ids.size() - start);
    const std::vector<std::int64_t> reserved = takes_ids ? reserve_ids(table, count) : std::vector<std::int64_t>{};
    std::vector<std::string> arrays(all.size());
    for (std::size_t i = 0; i < width; ++i) {
      const Oid oid = column_of(table, name, columns[i]).oid;
      for (std::size_t row = start; row < start + count; ++row)
        append_element(arrays[i], encode(values[row * width + i], oid));
    }
    std::unordered_map<std::int64_t, std::size_t> row_of;
    for (std::size_t row = start; row < start + count; ++row) {
      if (takes_ids) {
        append_element(arrays.back(), fmt::to_string(ids[row] = reserved[row - start]));
      } else if (id_column < width) {
        ids[row] = values[row * width + id_column].integer_or(0);
      }
      if (ignore_conflicts) row_of.emplace(ids[row], row);
    }
    std::vector<std::optional<std::string>> parameters;
    for (auto& array : arrays) parameters.emplace_back(closed(std::move(array)));
    const Result result = session_.run_texts(sql, parameters);
    if (!ignore_conflicts || !table.has_id()) continue;
    // Only the rows that were stored come back.
    std::fill_n(ids.begin() + static_cast<std::ptrdiff_t>(start), count, 0);
    for (int i = 0; i < PQntuples(result.get()); ++i) {
      const std::int64_t id = decode_integer(PQgetvalue(result.get(), i, 0), 0, "id");
      if (const auto row = row_of.find(id); row != row_of.end()) ids[row->second] = id;
    }
  }
  return ids;
}

}  // namespace lamin::db::postgres
