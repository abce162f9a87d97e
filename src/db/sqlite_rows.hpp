// sqlite_rows.hpp -- the rows of one statement.
#pragma once
#include <memory>
#include <vector>
#include "db/sqlite_statement.hpp"

namespace lamin::db::sqlite {

/// Steps as rows are read. A statement that writes is first run to its end and its rows are kept: dropping the rest of
/// the rows must not drop a failure.
class SqliteRows final : public Rows {
 public:
  explicit SqliteRows(Statement statement);

  bool next() override;
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  Value value(int column, Type type) const override;

 private:
  struct FreeValue {
    void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
  };
  using Kept = std::unique_ptr<sqlite3_value, FreeValue>;
  enum class State { first, reading, kept, done };

  sqlite3_value* cell(int column) const;
  [[noreturn]] void wrong(int column, std::string_view expected) const;

  Statement statement_;
  sqlite3_stmt* handle_;
  State state_ = State::done;
  std::vector<Kept> kept_;
  std::size_t at_ = 0;
  std::size_t width_;
};

}  // namespace lamin::db::sqlite
