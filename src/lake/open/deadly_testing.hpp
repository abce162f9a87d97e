// deadly_testing.hpp -- a store and a connection that kill the process at their n-th call, as a power cut would.
#pragma once
#include <signal.h>
#include <unistd.h>
#include <memory>
#include <type_traits>
#include <utility>
#include "db/connection.hpp"
#include "store/store.hpp"

namespace lamin::testing {

namespace fs = std::filesystem;

// A store that kills the process at its n-th call, before or after it.
class Deadly final : public store::Store {
 public:
  Deadly(std::unique_ptr<store::Store> real, int at, bool after) : real_(std::move(real)), left_(at), after_(after) {}
  std::string root() const override { return real_->root(); }
  std::optional<store::Entry> stat(std::string_view key) override {
    return step([&] { return real_->stat(key); });
  }
  std::unique_ptr<store::Reader> open(std::string_view key) override { return real_->open(key); }
  std::vector<store::Entry> list(std::string_view folder) override { return real_->list(folder); }
  base::FileHash put(const fs::path& from, std::string_view key, bool replace) override {
    return step([&] { return real_->put(from, key, replace); });
  }
  std::vector<base::FileHash> put_many(std::span<const std::pair<fs::path, std::string>> files) override {
    return step([&] { return real_->put_many(files); });
  }
  base::FileHash put(const store::Reader& from, std::string_view key, bool replace = false) override {
    return step([&] { return real_->put(from, key, replace); });
  }
  store::Capabilities can() const override { return real_->can(); }
  void remove(std::string_view key) override {
    step([&] { return real_->remove(key), 0; });
  }
  void move(std::string_view from, std::string_view to, bool replace = false) override {
    step([&] { return real_->move(from, to, replace), 0; });
  }
  std::optional<fs::path> local_path(std::string_view key) override { return real_->local_path(key); }

 private:
  template <class Work>
  std::invoke_result_t<Work> step(Work work) {
    const bool now = --left_ == 0;
    if (now && !after_) ::kill(::getpid(), SIGKILL);
    auto result = work();
    if (now) ::kill(::getpid(), SIGKILL);
    return result;
  }
  std::unique_ptr<store::Store> real_;
  int left_;
  bool after_;
};

// A connection that kills the process at its n-th call.
class DeadlyConnection final : public db::Connection {
 public:
  DeadlyConnection(std::unique_ptr<db::Connection> real, int at, bool after)
      : real_(std::move(real)), left_(at), after_(after) {}
  void arm() { armed_ = true; }
  db::Dialect dialect() const override { return real_->dialect(); }
  std::string describe() const override { return real_->describe(); }
  bool read_only() const override { return real_->read_only(); }
  void prepare_session(std::string_view sql) override { real_->prepare_session(sql); }
  bool in_transaction() const override { return real_->in_transaction(); }
  void rollback() noexcept override { real_->rollback(); }
  std::unique_ptr<db::Rows> query(std::string_view sql, std::span<const Value> p) override {
    return step([&] { return real_->query(sql, p); });
  }
  std::int64_t execute(std::string_view sql, std::span<const Value> p) override {
    return step([&] { return real_->execute(sql, p); });
  }
  void script(std::string_view sql) override { real_->script(sql); }
  std::int64_t insert(std::string_view t, std::span<const std::string_view> c, std::span<const Value> row) override {
    return step([&] { return real_->insert(t, c, row); });
  }
  std::vector<std::int64_t> bulk_insert(std::string_view t, std::span<const std::string_view> c,
                                        std::span<const Value> v, bool ignore) override {
    return step([&] { return real_->bulk_insert(t, c, v, ignore); });
  }
  void begin(bool write) override {
    step([&] { return real_->begin(write), 0; });
  }
  bool try_begin() override {
    return step([&] { return real_->try_begin(); });
  }
  void commit() override {
    step([&] { return real_->commit(), 0; });
  }
  void savepoint(std::string_view name) override { real_->savepoint(name); }
  void release(std::string_view name) override { real_->release(name); }
  void rollback_to(std::string_view name) override { real_->rollback_to(name); }
  std::int64_t change_counter() override { return real_->change_counter(); }
  bool table_exists(std::string_view table) override { return real_->table_exists(table); }

 private:
  template <class Work>
  std::invoke_result_t<Work> step(Work work) {
    const bool now = armed_ && --left_ == 0;
    if (now && !after_) ::kill(::getpid(), SIGKILL);
    auto result = work();
    if (now) ::kill(::getpid(), SIGKILL);
    return result;
  }
  std::unique_ptr<db::Connection> real_;
  int left_;
  bool after_, armed_ = false;
};

}  // namespace lamin::testing
