#include <gmock/gmock.h>

#include "db/faulty_testing.hpp"
#include "registry/testing.hpp"
#include "registry/writes.hpp"

namespace lamin {
namespace {

using registry::test::Bench;
using registry::test::bench_module;
using registry::test::error_of;

TEST(Transaction, IsAllOrNothing) {
  Bench bench;
  auto& db = bench.db();
  EXPECT_THROW(db.transaction([&] {
    bench.row("Tag", {{"name", "a"}});
    throw Error(Code::validation, "no");
  }),
               Error);
  EXPECT_EQ(db.count({.registry = "Tag"}), 0);
  EXPECT_FALSE(db.connection().in_transaction());
}

TEST(Transaction, AnInnerOneFailsAlone) {
  Bench bench;
  auto& db = bench.db();
  db.transaction([&] {
    bench.row("Tag", {{"name", "a"}});
    try {
      db.transaction([&] {
        bench.row("Tag", {{"name", "b"}});
        db.transaction([&] { bench.row("Tag", {{"name", "c"}}); });
        throw std::runtime_error("no");
      });
    } catch (const std::runtime_error&) { bench.row("Tag", {{"name", "d"}}); }
  });
  const std::string name = "name";
  EXPECT_EQ(db.columns({.registry = "Tag"}, {&name, 1})[0], (std::vector<Value>{"a", "d"}));
}

TEST(Transaction, CountsWritesAndRollbacks) {
  Bench bench;
  auto& db = bench.db();
  const auto& table = bench.table("Tag");
  const auto start = db.writes(table), other = db.writes(bench.table("Note"));
  bench.row("Tag", {{"name", "a"}});
  EXPECT_EQ(db.writes(table), start + 1);
  EXPECT_EQ(db.writes(bench.table("Note")), other);
  try {
    db.transaction([] { throw Error(Code::validation, "no"); });
  } catch (const Error&) {}
  EXPECT_GT(db.writes(bench.table("Note")), other) << "what was read inside may have been kept by somebody";
}

/// A bench whose connection fails on demand.
class Faulty {
 public:
  Faulty() {
    schema::Catalog catalog;
    catalog.add(bench_module());
    auto real = db::open_connection("sqlite://" + bench_.path());
    db_ =
        std::make_unique<Database>(std::make_unique<db::FaultyConnection>(std::move(real), fault_), std::move(catalog));
  }
  Database& db() { return *db_; }
  Database& checker() { return bench_.db(); }
  Bench& bench() { return bench_; }
  db::Fault& fault() { return fault_; }

  /// Runs `work` with a failure at each of its calls in turn; `check` says whether the state is whole.
  void at_every_call(const std::function<void()>& work, const std::function<void(bool done)>& check) {
    for (const auto when : {db::Fault::When::before, db::Fault::When::after}) {
      for (int n = 1; n < 200; ++n) {
        fault_ = {.fail_at = n, .when = when};
        bool done = true;
        try {
          work();
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), Code::unavailable) << "call " << n << ": " << error.what();
          done = false;
        }
        const bool reached = fault_.calls >= n;
        fault_ = {};
        SCOPED_TRACE("call " + std::to_string(n));
        EXPECT_FALSE(db_->connection().in_transaction());
        if (db_->connection().in_transaction()) db_->connection().rollback();
        check(done);
        if (!reached) break;
        EXPECT_LT(n, 199) << "the work never ends";
      }
    }
  }

 private:
  Bench bench_;
  db::Fault fault_;
  std::unique_ptr<Database> db_;
};

TEST(Faults, ALinkIsThereOrNot) {
  Faulty faulty;
  const Record s = faulty.bench().row("Sample", {{"name", "a"}});
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(faulty.bench().row("Tag", {{"name", "t" + std::to_string(i)}}).id());
  const auto& relation = *s.table().find_relation("tags");
  faulty.at_every_call([&] { registry::Writes(faulty.db()).link(s, relation, ids); },
                       [&](bool done) {
                         const auto n = faulty.checker().count(faulty.checker().related(s, relation));
                         EXPECT_TRUE(n == 0 || n == 3);
                         if (done) { EXPECT_EQ(n, 3); }
                         registry::Writes(faulty.checker()).unlink(s, relation, ids);
                       });
}

TEST(Faults, ADeletionIsWholeOrNothing) {
  Faulty faulty;
  auto make = [&] {
    const Record s = faulty.bench().row("Sample", {{"name", "a"}});
    faulty.bench().row("Note", {{"text", "n"}, {"sample", s.id()}});
    return s;
  };
  Record s = make();
  faulty.at_every_call([&] { registry::Writes(faulty.db()).remove(s); },
                       [&](bool done) {
                         const auto samples = faulty.checker().count({.registry = "Sample"});
                         EXPECT_EQ(faulty.checker().count({.registry = "Note"}), samples);
                         if (done) { EXPECT_EQ(samples, 0); }
                         if (samples == 0) s = make();
                       });
}

TEST(Faults, ABulkInsertIsWholeOrNothing) {
  Faulty faulty;
  faulty.at_every_call(
      [&] {
        std::vector<Record> tags(50, Record(faulty.db().catalog().table("Tag")));
        for (std::size_t i = 0; i < tags.size(); ++i) tags[i].set("name", Value("t" + std::to_string(i)));
        registry::Writes(faulty.db()).insert(tags);
      },
      [&](bool done) {
        const auto n = faulty.checker().count({.registry = "Tag"});
        EXPECT_TRUE(n == 0 || n == 50) << n;
        if (done) { EXPECT_EQ(n, 50); }
        faulty.checker().connection().script("DELETE FROM lab_tag");
      });
}

TEST(Faults, WhatTheDatabaseWantsRepeatedIsRepeated) {
  Faulty faulty;
  auto& db = faulty.db();
  for (int n = 1; n < 8; ++n) {
    faulty.fault() = {.fail_at = n, .retry = true};
    int runs = 0;
    const std::string name = "t" + std::to_string(n);
    db.transaction([&] {
      ++runs;
      Record tag(db.catalog().table("Tag"));
      tag.set("name", Value(name));
      registry::Writes(db).save(tag);
    });
    const bool reached = faulty.fault().calls >= n;
    faulty.fault() = {};
    EXPECT_EQ(faulty.checker().count({.registry = "Tag", .where = Expr::compare("name", Op::exact, Value(name))}), 1);
    if (!reached) break;
  }
}

TEST(Faults, OnlyTheOutermostIsRepeated) {
  Faulty faulty;
  auto& db = faulty.db();
  int outer = 0, inner = 0;
  db.transaction([&] {
    ++outer;
    db.transaction([&] {
      if (++inner == 1) throw db::Retry(Code::conflict, "again");
    });
  });
  EXPECT_EQ(outer, 2);
  EXPECT_EQ(inner, 2);
}

TEST(Faults, GivesUpInTheEnd) {
  Bench bench;
  int runs = 0;
  EXPECT_THROW(bench.db().transaction([&] {
    ++runs;
    throw db::Retry(Code::conflict, "again");
  }),
               db::Retry);
  EXPECT_EQ(runs, 40);
}

}  // namespace
}  // namespace lamin
