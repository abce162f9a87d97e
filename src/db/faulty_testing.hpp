// faulty_testing.hpp -- a connection that fails on purpose: lets tests break any database call of any layer.
//
// Wrap a real connection, run the work once to count its calls, then run it again for every n with fail_at = n.
#pragma once
#include <memory>
#include <type_traits>
#include <utility>
#include "db/connection.hpp"

namespace lamin::db {

struct Fault {
  enum class When {
    before,  ///< the call never reaches the database
    after,   ///< it is carried out, but the answer is lost
  };
  std::int64_t calls = 0;    ///< counted while the work runs
  std::int64_t fail_at = 0;  ///< the call that fails, from 1; 0 = none
  When when = When::before;
  bool retry = false;     ///< fails with Retry instead of an Error of `code`
  bool for_good = false;  ///< every later call fails too, as after losing the server
  Code code = Code::unavailable;
};

class FaultyConnection final : public Connection {
 public:
  /// The test owns `fault` and may change it between calls.
  FaultyConnection(std::unique_ptr<Connection> real, Fault& fault) : real_(std::move(real)), fault_(fault) {}

  Dialect dialect() const override { return real_->dialect(); }
  std::string describe() const override { return real_->describe(); }
  bool read_only() const override { return real_->read_only(); }
  void prepare_session(std::string_view sql) override { real_->prepare_session(sql); }
  bool in_transaction() const override { return real_->in_transaction(); }
  void rollback() noexcept override { real_->rollback(); }

  std::unique_ptr<Rows> query(std::string_view sql, std::span<const Value> parameters) override {
    return count([&] { return real_->query(sql, parameters); });
  }
  std::unique_ptr<Rows> stream(std::string_view sql, std::span<const Value> parameters) override {
    return count([&] { return real_->stream(sql, parameters); });
  }
  std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
    return count([&] { return real_->execute(sql, parameters); });
  }
  void script(std::string_view sql) override {
    count([&] { return real_->script(sql), 0; });
  }
  std::int64_t insert(std::string_view table, std::span<const std::string_view> columns,
                      std::span<const Value> row) override {
    return count([&] { return real_->insert(table, columns, row); });
  }
  std::vector<std::int64_t> bulk_insert(std::string_view table, std::span<const std::string_view> columns,
                                        std::span<const Value> values, bool ignore_conflicts) override {
    return count([&] { return real_->bulk_insert(table, columns, values, ignore_conflicts); });
  }
  void begin(bool write) override {
    count([&] { return real_->begin(write), 0; });
  }
  bool try_begin() override {
    return count([&] { return real_->try_begin(); });
  }
  void commit() override {
    count([&] { return real_->commit(), 0; });
  }
  void savepoint(std::string_view name) override {
    count([&] { return real_->savepoint(name), 0; });
  }
  void release(std::string_view name) override {
    count([&] { return real_->release(name), 0; });
  }
  void rollback_to(std::string_view name) override { real_->rollback_to(name); }
  std::int64_t change_counter() override {
    return count([&] { return real_->change_counter(); });
  }
  bool table_exists(std::string_view table) override {
    return count([&] { return real_->table_exists(table); });
  }

 private:
  template <class Call>
  std::invoke_result_t<Call> count(Call call) {
    ++fault_.calls;
    const bool due =
        fault_.fail_at != 0 && (fault_.calls == fault_.fail_at || (fault_.for_good && fault_.calls > fault_.fail_at));
    if (due && fault_.when == Fault::When::before) fail();
    auto result = call();
    if (due) fail();
    return result;
  }
  [[noreturn]] void fail() const {
    if (fault_.retry) throw Retry(Code::conflict, "A test asks to run the transaction again.");
    throw Error(fault_.code, "A test made this database call fail.");
  }

  std::unique_ptr<Connection> real_;
  Fault& fault_;
};

}  // namespace lamin::db
