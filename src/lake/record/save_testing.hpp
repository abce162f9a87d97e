// save_testing.hpp -- a database that fails at its n-th call, for every way of saving and on either database.
//
// After each failure another connection must see the rows from either before or after the work; and repeating the work
// must end in the latter.
#pragma once
#include <map>
#include <string>
#include <vector>
#include "db/faulty_testing.hpp"
#include "lake/open/open.hpp"
#include "lake/open/testing.hpp"
#include "lamin/remove.hpp"
#include "modules/modules.hpp"
#include "registry/writes.hpp"

namespace lamin::testing {

/// An instance that can be opened over a connection that fails.
class LakeOn {
 public:
  LakeOn(Sandbox& box, const std::string& url)
      : box_(box), plain_(init({.storage = "store", .name = "faults", .db = url})) {}
  Sandbox& box() const { return box_; }
  Instance& plain() const { return *plain_; }
  std::unique_ptr<Instance> faulty(db::Fault& fault) const {
    const auto& settings = plain_->settings();
    auto real = db::open_connection(settings.database_url());
    const bool sqlite = real->dialect() == db::Dialect::sqlite;
    auto database = std::make_unique<Database>(std::make_unique<db::FaultyConnection>(std::move(real), fault),
                                               modules::catalog_of(modules::stored(settings.modules, sqlite)));
    return lake::make_instance(settings, std::move(database));
  }
  /// The rows touched by the work, as text.
  std::string state() const {
    std::string all;
    for (const char* sql : {"SELECT name, description, type_id, branch_id FROM lamindb_ulabel ORDER BY name",
                            "SELECT count(*), NULL, NULL, NULL FROM lamindb_ulabel_parents",
                            "SELECT key, uid, is_latest, branch_id FROM lamindb_artifact ORDER BY uid",
                            "SELECT key, uid, is_latest, branch_id FROM lamindb_transform ORDER BY uid",
                            "SELECT name, _status_code, NULL, NULL FROM lamindb_branch ORDER BY id",
                            "SELECT count(*), NULL, NULL, NULL FROM lamindb_artifactulabel"}) {
      auto rows = plain_->database().connection().query(sql);
      while (rows->next()) {
        for (int i = 0; i < 4; ++i) all += (rows->is_null(i) ? std::string("-") : std::string(rows->text(i))) + " ";
        all += "\n";
      }
    }
    return all;
  }

 private:
  Sandbox& box_;
  std::unique_ptr<Instance> plain_;
};

/// A way of saving. `n` makes its names and contents unique per run.
struct Way {
  const char* name;
  std::function<void(Sandbox&, Instance&, const std::string& n)> work;
};

inline Record new_label(Instance& instance, const std::string& name) {
  Record record(instance.catalog().table("ULabel"));
  record.set("name", Value(name));
  return record;
}

inline std::vector<Way> ways_of_saving() {
  return {
      {"one label",
       [](Sandbox&, Instance& i, const std::string& n) {
         auto label = new_label(i, "one " + n);
         save(i, label);
       }},
      {"bulk",
       [](Sandbox&, Instance& i, const std::string& n) {
         std::vector<Record> labels;
         for (int k = 0; k < 150; ++k) labels.push_back(new_label(i, "bulk " + n + " " + std::to_string(k)));
         registry::Writes(i.database()).insert(labels);
       }},
      {"all kinds together",
       [](Sandbox& box, Instance& i, const std::string& n) {
         auto type = new_label(i, "type " + n), one = new_label(i, "member " + n), two = new_label(i, "other " + n);
         type.set("is_type", Value(true));
         auto known = *i.database().first({.registry = "ULabel", .where = Expr::compare("name", Op::exact, "known")});
         known.set("description", Value(n));
         auto draft = prepare_artifact(i, {.source = box.write(n + ".txt", "content " + n), .key = "together.txt"});
         std::vector<SaveItem> items = {
             {.record = &one, .refers = {{"type", &type}}, .links = {{"parents", {&two}}}},
             {.record = &type},
             {.record = &two},
             {.record = &known},
             {.record = &draft.record, .draft = &draft, .links = {{"ulabels", {&one, &two}}}}};
         save_all(i, items);
       }},
      {"version, trash, restore",
       [](Sandbox&, Instance& i, const std::string& n) {
         auto made = make_transform(i, {.key = "t.py", .kind = "script", .source_code = n});
         i.database().transaction([&] {
           remove(i, made);
           restore(i, made);
         });
       }},
      {"merge",
       [](Sandbox&, Instance& i, const std::string& n) {
         i.database().transaction([&] {
           const auto main = branch(i, "main"), dev = create_branch(i, "dev " + n);
           i.database().session().branch = dev.id();
           make_transform(i, {.key = "t.py", .kind = "script", .source_code = "on dev " + n});
           auto label = new_label(i, "dev " + n);
           registry::Writes(i.database()).save(label);
           i.database().session().branch = 1;
           merge_branch(i, dev, main);
         });
       }},
  };
}

inline void fail_at_every_call(const LakeOn& lake) {
  auto known = new_label(lake.plain(), "known");
  save(lake.plain(), known);
  int turn = 0;
  for (const auto& way : ways_of_saving()) {
    for (const auto when : {db::Fault::When::before, db::Fault::When::after}) {
      std::int64_t n = 1;
      for (bool failed = true; failed; ++n) {
        SCOPED_TRACE(std::string(way.name) + ", database call " + std::to_string(n) +
                     (when == db::Fault::When::after ? ", answer lost" : ""));
        ASSERT_LT(n, 1000);
        const std::string name = std::to_string(++turn);
        db::Fault fault;
        const auto instance = lake.faulty(fault);
        const auto before = lake.state();
        fault = {.fail_at = n, .when = when};
        failed = false;
        try {
          way.work(lake.box(), *instance, name);
        } catch (const Error& error) {
          failed = true;
          EXPECT_EQ(error.code(), Code::unavailable) << error.what();
        }
        fault = {};
        instance->database().session().branch = 1;
        const auto seen = lake.state();
        EXPECT_FALSE(instance->database().connection().in_transaction());
        if (failed && seen == before) way.work(lake.box(), *instance, name);
        const auto after = lake.state();
        EXPECT_NE(after, before);
        EXPECT_TRUE(seen == before || seen == after) << "half of it:\n" << seen;
        if (::testing::Test::HasFailure()) return;
      }
      EXPECT_GT(n, 3) << way.name << ": nothing failed";
    }
  }
}

}  // namespace lamin::testing
