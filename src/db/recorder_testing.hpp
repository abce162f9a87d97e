// recorder_testing.hpp -- a connection that keeps the text of every statement sent, so that tests can look at SQL.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>
#include "db/connection.hpp"

namespace lamin::db {

class Recorder final : public Connection {
 public:
  /// The test owns `sent`. Equal texts are kept once.
  Recorder(std::unique_ptr<Connection> real, std::set<std::string, std::less<>>& sent)
      : real_(std::move(real)), sent_(sent) {}

  Dialect dialect() const override { return real_->dialect(); }
  std::string describe() const override { return real_->describe(); }
  bool read_only() const override { return real_->read_only(); }
  void prepare_session(std::string_view sql) override { real_->prepare_session(sql); }
  bool in_transaction() const override { return real_->in_transaction(); }

  std::unique_ptr<Rows> query(std::string_view sql, std::span<const Value> parameters) override {
    sent_.emplace(sql);
    return real_->query(sql, parameters);
  }
  std::unique_ptr<Rows> stream(std::string_view sql, std::span<const Value> parameters) override {
    sent_.emplace(sql);
    return real_->stream(sql, parameters);
  }
  std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
    sent_.emplace(sql);
    return real_->execute(sql, parameters);
  }
  void script(std::string_view sql) override {
    sent_.emplace(sql);
    real_->script(sql);
  }
  std::int64_t insert(std::string_view table, std::span<const std::string_view> columns,
                      std::span<const Value> row) override {
    record_insert(table, columns);
    return real_->insert(table, columns, row);
  }
  std::vector<std::int64_t> bulk_insert(std::string_view table, std::span<const std::string_view> columns,
                                        std::span<const Value> values, bool ignore_conflicts) override {
    record_insert(table, columns);
    return real_->bulk_insert(table, columns, values, ignore_conflicts);
  }
  void begin(bool write) override { real_->begin(write); }
  bool try_begin() override { return real_->try_begin(); }
  void commit() override { real_->commit(); }
  void rollback() noexcept override { real_->rollback(); }
  void savepoint(std::string_view name) override { real_->savepoint(name); }
  void release(std::string_view name) override { real_->release(name); }
  void rollback_to(std::string_view name) override { real_->rollback_to(name); }
  std::int64_t change_counter() override { return real_->change_counter(); }
  bool table_exists(std::string_view table) override { return real_->table_exists(table); }

 private:
  void record_insert(std::string_view table, std::span<const std::string_view> columns) {
    std::string text = "INSERT INTO \"" + std::string(table) + "\" (";
    for (std::size_t i = 0; i < columns.size(); ++i) text += (i > 0 ? ", \"" : "\"") + std::string(columns[i]) + "\"";
    sent_.insert(text + ")");
  }

  std::unique_ptr<Connection> real_;
  std::set<std::string, std::less<>>& sent_;
};

}  // namespace lamin::db
