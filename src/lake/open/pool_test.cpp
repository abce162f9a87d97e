// pool_test.cpp -- many threads and users on one instance.
#include "lamin/pool.hpp"
#include <atomic>
#include <chrono>
#include <thread>
#include "lake/open/testing.hpp"
#include "lamin/branch.hpp"
#include "lamin/label.hpp"
#include "lamin/save.hpp"

namespace lamin {
namespace {

using testing::code_of;

class PoolTest : public testing::InstanceTest {};

TEST_F(PoolTest, EachLeaseHasItsOwnSession) {
  const auto slug = instance->settings().slug();
  const auto branch = create_branch(*instance, "draft").id();
  Pool pool(slug);
  constexpr int threads = 6, each = 20;
  std::atomic<int> strange = 0;
  std::vector<std::vector<std::string>> heard(threads);
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        Session session{.branch = t % 2 == 0 ? branch : 1};
        session.messages.write = [&heard, t](Level, std::string_view text) {
          heard[static_cast<std::size_t>(t)].emplace_back(text);
        };
        const auto one = pool.lease(session);
        const std::string name = std::to_string(t) + "-" + std::to_string(i);
        auto label = make_record(*one, one->catalog().table("ULabel"), {{"name", name}}, false);
        lamin::save(*one, label);
        one->say(Level::important, name);
        if (label.at("branch").integer_or(0) != session.branch) ++strange;
      }
    });
  }
  for (auto& thread : all) thread.join();
  EXPECT_EQ(strange, 0);
  for (int t = 0; t < threads; ++t) {
    ASSERT_EQ(heard[static_cast<std::size_t>(t)].size(), static_cast<std::size_t>(each)) << "messages of thread " << t;
    for (const auto& text : heard[static_cast<std::size_t>(t)]) EXPECT_TRUE(text.starts_with(std::to_string(t) + "-"));
  }
  EXPECT_EQ(pool.lease()->database().count({.registry = "ULabel"}), threads / 2 * each) << "what main sees";
  EXPECT_EQ(pool.lease(Session{.branch = branch})->database().count({.registry = "ULabel"}), threads * each);
}

TEST_F(PoolTest, WhatALeaseSetsEndsWithIt) {
  Pool pool(instance->settings().slug(), {.most = 1});
  {
    const auto one = pool.lease();
    one->session().run = 7;
    one->session().branch = 99;
  }
  const auto other = pool.lease();
  EXPECT_EQ(other->session().run, 0);
  EXPECT_EQ(other->session().branch, 1);
  EXPECT_EQ(other->session().user, instance->session().user);
}

TEST_F(PoolTest, SaysSoWhenNoneIsFree) {
  Pool pool(instance->settings().slug(), {.most = 1, .patience = std::chrono::milliseconds(20)});
  const auto held = pool.lease();
  std::string message;
  EXPECT_EQ(code_of([&] { pool.lease(); }, &message), Code::unavailable);
  EXPECT_NE(message.find("all 1 connections"), std::string::npos) << message;
}

TEST_F(PoolTest, AnOpenTransactionIsNotHandedOn) {
  Pool pool(instance->settings().slug(), {.most = 1});
  {
    const auto one = pool.lease();
    one->database().connection().begin();
  }
  EXPECT_FALSE(pool.lease()->database().connection().in_transaction());
}

}  // namespace
}  // namespace lamin
