// transaction.cpp -- all or nothing, and repeated if the database asks for it.
//
// Invariants
//   1. The outermost call owns the transaction; inner calls are savepoints and never repeat: what the database wants
//      repeated is the whole.
//   2. However `work` ends, the connection is left in the state in which it was found.
//   3. A writer that was sent back several times takes a queue lock; queued writers run one at a time, so that of many
//      that want the same row one makes progress each time, and none is sent back forever.
#include <chrono>
#include <optional>
#include <random>
#include <thread>

#include "lamin/error.hpp"
#include "registry/engine.hpp"
#include "registry/writes.hpp"

namespace lamin {

namespace {

constexpr int most_attempts = 40;
constexpr int attempts_before_queue = 3;

/// Waits 1, 2, 4 ... up to 250 ms, each randomly shortened, so that two that collided do not meet again.
void back_off(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const double longest = std::min(250.0, static_cast<double>(1 << std::min(attempt, 8)));
  const auto wait = std::uniform_real_distribution<double>(longest / 4, longest)(random);
  std::this_thread::sleep_for(std::chrono::microseconds(static_cast<std::int64_t>(wait * 1000)));
}

class Depth {
 public:
  explicit Depth(int& depth) : depth_(depth) { ++depth_; }
  ~Depth() { --depth_; }
  Depth(const Depth&) = delete;

 private:
  int& depth_;
};

/// A lock taken only by those that wait for it: everybody else goes on as before.
class Queue {
 public:
  explicit Queue(db::Connection& c) : c_(c) { c_.query("SELECT pg_advisory_lock(7205759403)")->next(); }
  ~Queue() {
    // A lost connection holds no lock.
    try {
      c_.query("SELECT pg_advisory_unlock(7205759403)")->next();
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
    }
  }
  Queue(const Queue&) = delete;

 private:
  db::Connection& c_;
};

}  // namespace

void registry::in_one_transaction(Database& database, const std::function<void()>& work) {
  if (database.connection().in_transaction()) work();
  else database.transaction(work);
}

void Database::transaction(const std::function<void()>& work) {
  auto& c = *connection_;
  const Depth depth(engine_->depth);
  if (c.in_transaction()) {
    const std::string name = "lamin_" + std::to_string(engine_->depth);
    c.savepoint(name);
    try {
      work();
    } catch (...) {
      ++engine_->rollbacks;
      // A lost connection cannot roll back and need not: report the original failure.
      try {
        c.rollback_to(name);
        c.release(name);
      } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
      }
      throw;
    }
    c.release(name);
    return;
  }
  std::optional<Queue> queue;
  for (int attempt = 1;; ++attempt) {
    if (attempt > attempts_before_queue && !queue && c.dialect() == db::Dialect::postgres) queue.emplace(c);
    try {
      c.begin(true);
      work();
      c.commit();
      return;
    } catch (const db::Retry&) {
      c.rollback();
      ++engine_->rollbacks;
      if (attempt == most_attempts) throw;
    } catch (...) {
      if (c.in_transaction()) c.rollback();
      ++engine_->rollbacks;
      throw;
    }
    back_off(attempt);
  }
}

}  // namespace lamin
