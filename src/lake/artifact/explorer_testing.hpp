// explorer_testing.hpp -- test support: runs actors in every order of their steps, one step at a time.
//
// An actor is a thread that stops before each step (a call of the store, a transaction, a statement outside of one)
// until it is chosen; within a transaction it stops before calls of the store. The explorer runs the actors to
// completion, over and over, each time in the next order of a depth-first search. The search is exhaustive up to
// `preemptions` (switching away from an actor that could continue) and one event: an actor dies, or its leases expire
// although it is alive. If that is more than may be run, half of the runs follow the search, which changes the last
// steps first, and half choose at random, with a fixed seed.
#pragma once
#include <semaphore.h>
#include <algorithm>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#include "db/connection.hpp"
#include "store/store.hpp"

namespace lamin::testing {

/// Ends an actor that was killed: nothing it does after this has an effect.
struct Killed : std::exception {
  const char* what() const noexcept override { return "killed"; }
};

/// Wakes one waiting thread. std::binary_semaphore yields for a while before it sleeps, and on a busy machine every
/// yield costs a turn of all others.
class Signal {
 public:
  Signal() { ::sem_init(&semaphore_, 0, 0); }
  ~Signal() { ::sem_destroy(&semaphore_); }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  void release() { ::sem_post(&semaphore_); }
  void acquire() {
    while (::sem_wait(&semaphore_) != 0) {}  // interrupted by a signal
  }

 private:
  sem_t semaphore_;
};

class Actor {
 public:
  explicit Actor(std::string name) : name(std::move(name)) {}

  void step() {
    if (!running) return;
    if (killed) throw Killed();
    back_->release();
    go_.acquire();
    waits = false;
    if (killed) throw Killed();
  }
  /// A step that is useless until another actor has made one, such as waiting for a lock.
  void wait() {
    waits = true;
    step();
  }

  void start(Signal& back, const std::function<void()>& work) {
    back_ = &back;
    running = true;
    finished = killed = waits = false;
    error.clear();
    thread_ = std::thread([this, work] {
      go_.acquire();
      try {
        work();
      } catch (const Killed&) {  // NOLINT(bugprone-empty-catch)
      } catch (const std::exception& e) { error = e.what(); }
      finished = true;
      running = false;
      back_->release();
    });
  }
  void resume() {
    go_.release();
    back_->acquire();
  }
  void join() { thread_.join(); }

  const std::string name;
  std::string error;  ///< what the work threw
  bool running = false, finished = false, killed = false, waits = false;

 private:
  std::thread thread_;
  Signal go_;
  Signal* back_ = nullptr;
};

struct Explored {
  std::int64_t schedules = 0, killed = 0, expired = 0;
  bool whole = false;  ///< everything within the bounds was explored
};

class Explorer {
 public:
  struct Options {
    int preemptions = 2;
    bool kills = true, expires = true;
    std::int64_t most = 1'000'000;  ///< schedules
  };
  /// One run: what each actor does, and what must hold after it; `expire` ends the leases of an actor, or notes that
  /// they must end, and `between` runs before each step.
  struct World {
    std::vector<std::pair<Actor*, std::function<void()>>> actors;
    std::function<void(const Actor&)> expire;
    std::function<void()> between;
    std::function<bool()> holds;  ///< false ends the search
  };

  explicit Explorer(Options options) : options_(options) {}

  Explored run(const std::function<World()>& make) {
    Explored all;
    while (all.schedules < options_.most) {
      at_ = 0;
      by_chance_ = all.schedules >= options_.most / 2;
      const auto world = make();
      one(world, all);
      ++all.schedules;
      if (!world.holds()) return all;
      if (!by_chance_ && !advance()) {
        all.whole = true;
        return all;
      }
    }
    return all;
  }

  /// The choices of the last schedule, to report a failure.
  std::string story() const { return story_; }

 private:
  enum class Act { go, kill, expire };
  struct Option {
    std::size_t actor;
    Act act;
    int cost;  // preemptions
  };
  struct Choice {
    std::size_t taken, count;
  };

  std::vector<Option> options(const World& world, std::size_t current, int left, bool event) const {
    std::vector<Option> all;
    const auto alive = [&](std::size_t i) { return !world.actors[i].first->finished; };
    const bool goes_on = alive(current) && started_;
    const bool waits = goes_on && world.actors[current].first->waits;
    if (goes_on && !waits) all.push_back({current, Act::go, 0});
    for (std::size_t i = 0; i < world.actors.size(); ++i) {
      if (i == current && started_) continue;
      if (!alive(i)) continue;
      const int cost = goes_on && !waits ? 1 : 0;
      if (cost <= left) all.push_back({i, Act::go, cost});
    }
    if (all.empty() && goes_on) all.push_back({current, Act::go, 0});
    if (event && goes_on) {
      if (options_.kills) all.push_back({current, Act::kill, 0});
      if (options_.expires) all.push_back({current, Act::expire, 0});
    }
    return all;
  }

  // The same choices lead to the same steps, except for caches that are warm the next time: exploration after that
  // point then starts over.
  Option choose(const std::vector<Option>& all) {
    if (by_chance_) {
      constexpr unsigned straight_on = 12, of = 16;
      const bool turns = all.size() > 1 && random_() % of >= straight_on;
      return all[turns ? 1 + random_() % (all.size() - 1) : 0];
    }
    if (at_ < choices_.size() && choices_[at_].count != all.size()) choices_.resize(at_);
    if (at_ == choices_.size()) choices_.push_back({0, all.size()});
    return all[choices_[at_++].taken];
  }

  bool advance() {
    while (!choices_.empty() && choices_.back().taken + 1 == choices_.back().count) choices_.pop_back();
    if (choices_.empty()) return false;
    ++choices_.back().taken;
    return true;
  }

  void one(const World& world, Explored& all) {
    Signal back;
    for (const auto& [actor, work] : world.actors) actor->start(back, work);
    std::size_t current = 0;
    int left = options_.preemptions;
    bool event = true;
    started_ = false;
    story_.clear();
    const auto unfinished = [&] {
      return std::any_of(world.actors.begin(), world.actors.end(), [](const auto& a) { return !a.first->finished; });
    };
    while (unfinished()) {
      world.between();
      const auto option = choose(options(world, current, left, event));
      auto& actor = *world.actors[option.actor].first;
      started_ = true;
      left -= option.cost;
      current = option.actor;
      story_ += actor.name + (option.act == Act::kill ? "! " : option.act == Act::expire ? "? " : " ");
      if (option.act != Act::go) {
        event = false;
        ++(option.act == Act::kill ? all.killed : all.expired);
      }
      if (option.act == Act::kill) {
        actor.killed = true;
        actor.resume();
      }
      if (option.act != Act::go) world.expire(actor);
      else actor.resume();
    }
    for (const auto& [actor, work] : world.actors) actor->join();
  }

  Options options_;
  std::vector<Choice> choices_;
  std::size_t at_ = 0;
  bool started_ = false, by_chance_ = false;
  std::minstd_rand random_{1};
  std::string story_;
};

/// A store that an actor shares with others.
class SteppedStore final : public store::Store {
 public:
  /// `by_objects`: folders are copied and removed object by object, as in a bucket.
  SteppedStore(store::Store& real, Actor& actor, bool by_objects = false)
      : real_(real), actor_(actor), by_objects_(by_objects) {}
  std::string root() const override { return real_.root(); }
  std::optional<store::Entry> stat(std::string_view key) override { return step().stat(key); }
  std::unique_ptr<store::Reader> open(std::string_view key) override { return step().open(key); }
  std::vector<store::Entry> list(std::string_view folder) override { return step().list(folder); }
  base::FileHash put(const std::filesystem::path& from, std::string_view key, bool replace) override {
    return step().put(from, key, replace);
  }
  std::vector<base::FileHash> put_many(std::span<const std::pair<std::filesystem::path, std::string>> files) override {
    return step().put_many(files);
  }
  base::FileHash put(const store::Reader& from, std::string_view key, bool replace = false) override {
    return step().put(from, key, replace);
  }
  store::Capabilities can() const override {
    auto can = real_.can();
    can.moves_at_once = can.moves_at_once && !by_objects_;
    return can;
  }
  void remove(std::string_view key) override {
    if (!by_objects_) return step().remove(key);
    for (const auto& entry : step().list(key)) step().remove(entry.key);
  }
  void copy_over(std::string_view from, std::string_view to) override {
    std::set<std::string> copies;
    for (const auto& entry : step().list(from)) {
      const auto copy = std::string(to) + entry.key.substr(from.size());
      step().put(*real_.open(entry.key), copy, true);
      copies.insert(copy);
    }
    for (const auto& entry : step().list(to)) {
      if (!copies.contains(entry.key)) step().remove(entry.key);
    }
  }
  void move(std::string_view from, std::string_view to, bool replace) override { step().move(from, to, replace); }
  std::optional<std::filesystem::path> local_path(std::string_view key) override { return real_.local_path(key); }

 private:
  store::Store& step() {
    actor_.step();
    return real_;
  }
  store::Store& real_;
  Actor& actor_;
  bool by_objects_;
};

/// A connection that stops before each transaction and each statement outside of one. An actor that wants to write
/// while another one writes waits for it, as it would for the database.
class SteppedConnection final : public db::Connection {
 public:
  /// `writer`: the actor that is writing; shared by all.
  SteppedConnection(std::unique_ptr<db::Connection> real, Actor& actor, const Actor*& writer)
      : real_(std::move(real)), actor_(actor), writer_(writer) {}
  db::Dialect dialect() const override { return real_->dialect(); }
  std::string describe() const override { return real_->describe(); }
  bool read_only() const override { return real_->read_only(); }
  void prepare_session(std::string_view sql) override { real_->prepare_session(sql); }
  bool in_transaction() const override { return real_->in_transaction(); }
  void rollback() noexcept override {
    real_->rollback();
    unlock();
  }
  std::unique_ptr<db::Rows> query(std::string_view sql, std::span<const Value> p) override {
    return step().query(sql, p);
  }
  std::int64_t execute(std::string_view sql, std::span<const Value> p) override { return step().execute(sql, p); }
  void script(std::string_view sql) override { step().script(sql); }
  std::int64_t insert(std::string_view t, std::span<const std::string_view> c, std::span<const Value> row) override {
    return step().insert(t, c, row);
  }
  std::vector<std::int64_t> bulk_insert(std::string_view t, std::span<const std::string_view> c,
                                        std::span<const Value> v, bool ignore) override {
    return step().bulk_insert(t, c, v, ignore);
  }
  void begin(bool write) override {
    actor_.step();
    lock();
    real_->begin(write);
  }
  bool try_begin() override {
    lock();
    return real_->try_begin();
  }
  void commit() override {
    real_->commit();
    unlock();
  }
  void savepoint(std::string_view name) override { real_->savepoint(name); }
  void release(std::string_view name) override { real_->release(name); }
  void rollback_to(std::string_view name) override { real_->rollback_to(name); }
  std::int64_t change_counter() override { return real_->change_counter(); }
  bool table_exists(std::string_view table) override { return real_->table_exists(table); }

 private:
  db::Connection& step() {
    if (writer_ != &actor_) actor_.step();
    return *real_;
  }
  void lock() {
    while (writer_ != nullptr) actor_.wait();
    writer_ = &actor_;
  }
  void unlock() {
    if (writer_ == &actor_) writer_ = nullptr;
  }
  std::unique_ptr<db::Connection> real_;
  Actor& actor_;
  const Actor*& writer_;
};

}  // namespace lamin::testing
