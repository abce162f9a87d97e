#include "registry/search_sample.hpp"
#include "db/sql.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "db/connection.hpp"
#include "registry/compile.hpp"
#include "registry/search_index.hpp"

namespace lamin::registry {
namespace {

constexpr double about_rows = 4000;
constexpr int most_letters = 500;        // of each text
constexpr std::size_t least_rows = 200;  // fewer are not representative

}  // namespace

SearchSample::SearchSample(Database& database, const schema::Table& table, std::int64_t size) : size_(size) {
  std::string sql;
  for (const auto* column : searched_columns(table)) {
    columns_.push_back({column, {}, {}});
    sql += (sql.empty() ? "SELECT left(t." : ", left(t.") + db::quote(column->column) + ", ?)";
  }
  std::vector<Value> parameters(columns_.size(), Value(most_letters));
  parameters.emplace_back(std::min(100.0, 100.0 * about_rows / static_cast<double>(size)));
  for (auto rows = database.connection().query(
           sql + " FROM " + db::quote(table.table) + " t TABLESAMPLE SYSTEM (?) REPEATABLE (1)", parameters);
       rows->next(); ++rows_) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const int at = static_cast<int>(i);
      if (!rows->is_null(at)) columns_[i].all += base::fold(rows->text(at));
      columns_[i].ends.push_back(columns_[i].all.size());
    }
  }
}

double SearchSample::share(const std::vector<const schema::Column*>& columns, std::string_view text) const {
  if (rows_ < least_rows) return 0;
  std::vector<bool> rows(rows_);
  for (const auto& texts : columns_) {
    if (std::find(columns.begin(), columns.end(), texts.column) == columns.end()) continue;
    for (std::size_t at = texts.all.find(text); at != std::string::npos;) {
      const auto row = std::upper_bound(texts.ends.begin(), texts.ends.end(), at) - texts.ends.begin();
      const std::size_t end = texts.ends[static_cast<std::size_t>(row)];
      const bool within = at + text.size() <= end;
      if (within) rows[static_cast<std::size_t>(row)] = true;
      at = texts.all.find(text, within ? end : at + 1);
    }
  }
  const auto n = static_cast<double>(std::count(rows.begin(), rows.end(), true));
  return n / static_cast<double>(rows_);
}

}  // namespace lamin::registry
