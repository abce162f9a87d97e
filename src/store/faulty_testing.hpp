// faulty_testing.hpp -- a store that fails at the n-th call, so that tests see every failure of a storage.
//
// Each method is one call. Run an operation with a Faulty that never fails to count its calls, then once for each n.
#pragma once
#include <atomic>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include "store/store.hpp"

namespace lamin::store {

class Faulty : public Store {
 public:
  /// Call number `fail_at` (from 0) throws `code`; with `after` the store first does its work, as when an answer is
  /// lost on the way back.
  explicit Faulty(std::unique_ptr<Store> store, std::int64_t fail_at = std::numeric_limits<std::int64_t>::max(),
                  Code code = Code::unavailable, bool after = false)
      : store_(std::move(store)), fail_at_(fail_at), code_(code), after_(after) {}

  std::int64_t calls() const { return calls_; }
  void fail_at(std::int64_t call) { fail_at_ = call; }
  Store& inner() { return *store_; }

  std::string root() const override { return store_->root(); }
  std::string region() override { return store_->region(); }
  std::optional<Entry> stat(std::string_view key) override {
    return call("stat", [&] { return store_->stat(key); });
  }
  std::unique_ptr<Reader> open(std::string_view key) override {
    return call("open", [&] { return store_->open(key); });
  }
  std::vector<Entry> list(std::string_view folder) override {
    return call("list", [&] { return store_->list(folder); });
  }
  base::FileHash put(const std::filesystem::path& from, std::string_view key, bool replace = false) override {
    return call("put", [&] { return store_->put(from, key, replace); });
  }
  std::vector<base::FileHash> put_many(std::span<const std::pair<std::filesystem::path, std::string>> files) override {
    return call("put_many", [&] { return store_->put_many(files); });
  }
  base::FileHash put(const Reader& from, std::string_view key, bool replace = false) override {
    return call("put", [&] { return store_->put(from, key, replace); });
  }
  std::string put_if(const Reader& from, std::string_view key, const Condition& condition) override {
    return call("put_if", [&] { return store_->put_if(from, key, condition); });
  }
  Capabilities can() const override { return store_->can(); }
  void remove(std::string_view key) override {
    call("remove", [&] { return store_->remove(key), 0; });
  }
  void move(std::string_view from, std::string_view to, bool replace = false) override {
    call("move", [&] { return store_->move(from, to, replace), 0; });
  }
  void copy_over(std::string_view from, std::string_view to) override {
    call("copy_over", [&] { return store_->copy_over(from, to), 0; });
  }
  std::optional<std::filesystem::path> local_path(std::string_view key) override {
    return call("local_path", [&] { return store_->local_path(key); });
  }

 private:
  template <class F>
  std::invoke_result_t<F> call(const char* what, F f) {
    bool fails = calls_++ == fail_at_;
    if (fails && !after_) fail(what);
    auto result = f();
    if (fails) fail(what);
    return result;
  }
  [[noreturn]] void fail(const char* what) const {
    throw Error(code_, std::string("injected failure of ") + what + " at call " + std::to_string(fail_at_));
  }

  std::unique_ptr<Store> store_;
  std::atomic<std::int64_t> calls_ = 0;
  std::atomic<std::int64_t> fail_at_;
  Code code_;
  bool after_;
};

}  // namespace lamin::store
