// pool.cpp -- idle instances of one settings file, lent to one thread at a time.
#include "lamin/pool.hpp"
#include <fmt/format.h>
#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>
#include <vector>
#include "db/connection.hpp"

namespace lamin {

struct Pool::State {
  InstanceSettings settings;
  PoolOptions options;
  std::mutex mutex;
  std::condition_variable given_back;
  std::vector<std::unique_ptr<Instance>> idle;  // last used first to go out again
  std::size_t open = 0;                         // idle and lent
  Session usual;                                // as connect stamps it

  std::unique_ptr<Instance> wait_for_idle() {
    std::unique_lock lock(mutex);
    const auto is_free = [&] { return !idle.empty() || open < options.most; };
    if (!given_back.wait_for(lock, options.patience, is_free)) {
      throw Error(Code::unavailable,
                  fmt::format("all {} connections to '{}' have been in use for {} ms; allow more, or try again later",
                              options.most, settings.slug(), options.patience.count()));
    }
    if (idle.empty()) {
      ++open;
      return nullptr;
    }
    auto instance = std::move(idle.back());
    idle.pop_back();
    return instance;
  }

  void give_back(std::unique_ptr<Instance> instance) {
    const std::lock_guard lock(mutex);
    if (instance) idle.push_back(std::move(instance));
    else --open;
    given_back.notify_one();
  }
};

Pool::Pool(std::string_view slug, const PoolOptions& options) : state_(std::make_unique<State>()) {
  state_->settings = find_settings(slug);
  state_->options = options;
  auto first = connect(state_->settings.slug());
  state_->usual = first->session();
  state_->open = 1;
  state_->idle.push_back(std::move(first));
}

Pool::~Pool() = default;

Pool::Lease Pool::lease(std::optional<Session> session) {
  auto instance = state_->wait_for_idle();
  if (!instance) {
    try {
      instance = connect(state_->settings.slug());
    } catch (...) {
      state_->give_back(nullptr);
      throw;
    }
  }
  instance->session() = session ? std::move(*session) : state_->usual;
  return {*this, std::move(instance)};
}

Pool::Lease::Lease(Pool& pool, std::unique_ptr<Instance> instance) : pool_(&pool), instance_(std::move(instance)) {}

Pool::Lease::~Lease() {
  if (!instance_) return;
  instance_->session() = {};
  // A borrower that was interrupted may have left a transaction open: nobody goes on with that.
  const bool clean = !instance_->database().connection().in_transaction();
  pool_->state_->give_back(clean ? std::move(instance_) : nullptr);
}

}  // namespace lamin
