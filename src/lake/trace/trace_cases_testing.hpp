// trace_cases_testing.hpp -- what importing a trace does, on either database: the fixture gives `box` and `instance`.
#pragma once
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>
#include "lake/open/testing.hpp"

namespace lamin::testing {

/// Two samples are counted, the counts are joined; only the joined table is published.
inline std::string counting(const std::string& id = "w1") {
  return fmt::format(R"json({{
  "format": "lamin-trace", "version": 1,
  "workflow": {{"engine": {{"name": "flow", "version": "1.0"}}, "id": "{0}", "name": "count", "run_name": "first {0}",
    "source": "count(join)", "command": "flow run --token hunter2secret", "params": {{"least": 3, "none": null}},
    "started_at": "2026-01-01T10:00:00Z", "finished_at": "2099-01-01T10:00:09Z", "status": "completed",
    "environment": "flow==1.0\n", "outputs": ["results/all.tsv"]}},
  "tasks": [
    {{"id": "{0}/1", "process": "COUNT", "name": "COUNT (a)", "source": "wc $in", "command": "wc a.fq", "params": {{"s": "a"}},
      "inputs": ["reads/a.fq"], "outputs": ["work/1/a.tsv"], "status": "completed", "exit": 0,
      "started_at": "2099-01-01T10:00:01Z", "finished_at": "2099-01-01T10:00:02Z"}},
    {{"id": "{0}/2", "process": "COUNT", "name": "COUNT (b)", "source": "wc $in", "command": "wc b.fq", "params": {{"s": "b"}},
      "inputs": [{{"path": "reads/b.fq"}}], "outputs": ["work/2/b.tsv"], "status": "completed", "exit": 0,
      "started_at": "2099-01-01T10:00:01Z", "finished_at": "2099-01-01T10:00:03Z"}},
    {{"id": "{0}/3", "process": "JOIN", "name": "JOIN", "source": "cat $in", "command": "cat a.tsv b.tsv",
      "inputs": ["work/1/a.tsv", "work/2/b.tsv"], "outputs": ["work/3/all.tsv", "results/all.tsv"], "status": "completed",
      "exit": 0, "started_at": "2099-01-01T10:00:04Z", "finished_at": "2099-01-01T10:00:05Z"}}
  ]}})json",
                     id);
}

class TraceWorld {
 public:
  TraceWorld(Sandbox& box, Instance& instance) : box_(box), instance_(instance) {
    box.write("reads/a.fq", "@a\nACGT\n");
    box.write("reads/b.fq", "@b\nAC\n");
    box.write("work/1/a.tsv", "a\t1\n");
    box.write("work/2/b.tsv", "b\t2\n");
    box.write("work/3/all.tsv", "a\t1\nb\t2\n");
    box.write("results/all.tsv", "a\t1\nb\t2\n");
  }
  void save_reads() {
    for (const auto* name : {"reads/a.fq", "reads/b.fq"}) {
      auto draft = prepare_artifact(instance_, {.source = box_.path(name), .key = name});
      save_artifact(instance_, draft);
    }
  }
  Trace trace(const std::string& text = counting()) const {
    auto trace = read_trace(text);
    trace.workflow.folder = box_.path("").string();
    return trace;
  }
  /// All rows that an import may touch, as text.
  std::string rows() {
    std::string all;
    auto& connection = instance_.database().connection();
    for (const auto* table : {"lamindb_transform", "lamindb_run", "lamindb_artifact", "lamindb_artifact_input_of_runs",
                              "lamindb_artifact_recreating_runs", "lamin_content"}) {
      const auto cast = connection.dialect() == db::Dialect::postgres;
      auto rows = connection.query(cast ? fmt::format("SELECT t::text FROM {} t ORDER BY 1", table)
                                        : fmt::format("SELECT count(*) FROM {}", table));
      while (rows->next()) all += fmt::format("{}: {}\n", table, rows->text(0));
    }
    for (const auto* registry : {"Transform", "Run", "Artifact"}) {
      for (const auto& row : instance_.database().all({.registry = registry, .order_by = {"id"}, .any_branch = true})) {
        for (const auto& value : row.values()) all += to_string(value) + "|";
        all += "\n";
      }
    }
    return all;
  }
  std::set<std::string> keys(const std::vector<Record>& records) const {
    std::set<std::string> keys;
    for (const auto& record : records) keys.emplace(record.text("key"));
    return keys;
  }
  /// Keys of what a run read.
  std::set<std::string> inputs(const Record& run) {
    return keys(instance_.database().all(
        {.registry = "Artifact", .where = Expr::compare("input_of_runs", Op::exact, Value(run.id()))}));
  }
  Record run_called(const std::string& name) {
    return instance_.database().one({.registry = "Run", .where = Expr::compare("name", Op::exact, Value(name))});
  }
  Record transform_of(const Record& run) {
    return *instance_.database().related_one(run, *run.table().find_relation("transform"));
  }

 private:
  Sandbox& box_;
  Instance& instance_;
};

inline void import_is_complete(TraceWorld& world, Instance& instance) {
  world.save_reads();
  const auto imported = import_run(instance, world.trace());
  EXPECT_EQ(imported.new_runs, 4);
  EXPECT_EQ(imported.tasks, 3);
  EXPECT_TRUE(imported.unknown_inputs.empty());
  EXPECT_TRUE(imported.lost.empty());
  EXPECT_EQ(imported.transform.text("key"), "count");
  EXPECT_EQ(imported.transform.text("kind"), "pipeline");
  EXPECT_EQ(imported.transform.text("source_code"), "count(join)");
  const auto run = world.run_called("first w1");
  EXPECT_EQ(run.id(), imported.run.id());
  EXPECT_EQ(std::get<Json>(run.at("params")).text, R"({"least": 3})");
  EXPECT_EQ(run.text("cli_args"), "flow run --token ***REDACTED***");
  EXPECT_EQ(run.at("_status_code").integer_or(9), 0);
  EXPECT_FALSE(run.at("environment").is_null());
  EXPECT_EQ(world.inputs(run), (std::set<std::string>{"reads/a.fq", "reads/b.fq"}));
  const auto a = world.run_called("COUNT (a)"), b = world.run_called("COUNT (b)"), join = world.run_called("JOIN");
  EXPECT_EQ(world.transform_of(a).text("key"), "count/COUNT");
  EXPECT_EQ(world.transform_of(a).text("kind"), "function");
  EXPECT_EQ(world.transform_of(a).id(), world.transform_of(b).id());
  EXPECT_EQ(a.at("initiated_by_run").integer_or(0), run.id());
  EXPECT_EQ(world.inputs(a), (std::set<std::string>{"reads/a.fq"}));
  // The counts are not kept: what joined them was made from the reads.
  EXPECT_EQ(world.inputs(join), (std::set<std::string>{"reads/a.fq", "reads/b.fq"}));
  ASSERT_EQ(imported.outputs.size(), 1U);
  const auto& output = imported.outputs.front();
  EXPECT_TRUE(std::string(output.text("key")).ends_with("results/all.tsv")) << output.text("key");
  EXPECT_EQ(output.at("run").integer_or(0), join.id());
  const auto steps = lineage(instance, output);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(world.keys(steps[0].inputs), (std::set<std::string>{"reads/a.fq", "reads/b.fq"}));
}

inline void again_changes_nothing(TraceWorld& world, Instance& instance) {
  world.save_reads();
  import_run(instance, world.trace());
  const auto before = world.rows();
  const auto again = import_run(instance, world.trace());
  EXPECT_EQ(again.new_runs, 0);
  EXPECT_EQ(again.outputs.size(), 1U);
  EXPECT_EQ(world.rows(), before);
}

inline void all_outputs_on_demand(TraceWorld& world, Instance& instance) {
  world.save_reads();
  import_run(instance, world.trace());
  const auto imported = import_run(instance, world.trace(), {.save_outputs = true});
  EXPECT_EQ(imported.new_runs, 0);
  EXPECT_EQ(imported.outputs.size(), 4U);  // the published copy of the table, and the task's
  const auto join = world.run_called("JOIN");
  const auto inputs = world.inputs(join);
  EXPECT_EQ(inputs.size(), 4U);  // the reads from before, and what was made from them
  const auto before = world.rows();
  import_run(instance, world.trace(), {.save_outputs = true});
  EXPECT_EQ(world.rows(), before);
}

inline void cached_tasks_are_those_that_ran(TraceWorld& world, Instance& instance) {
  world.save_reads();
  import_run(instance, world.trace());
  auto trace = world.trace();
  trace.workflow.id = "w2";
  trace.workflow.run_name = "second";
  for (auto& task : trace.tasks) task.cached = true;
  const auto a = world.run_called("COUNT (a)");
  const auto imported = import_run(instance, trace);
  EXPECT_EQ(imported.new_runs, 1);  // the workflow's
  EXPECT_EQ(imported.cached, 3);
  EXPECT_EQ(world.run_called("COUNT (a)").at("initiated_by_run"), a.at("initiated_by_run"));
  EXPECT_EQ(imported.outputs.front().at("run").integer_or(0), world.run_called("JOIN").id());
  EXPECT_EQ(world.inputs(world.run_called("second")).size(), 2U);
}

inline void imports_at_once(Sandbox& box, Instance& instance, const std::string& slug) {
  TraceWorld(box, instance).save_reads();
  constexpr int threads = 4;
  std::vector<std::thread> all;
  std::vector<std::string> failures(threads);
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&, i] {
      try {
        const auto own = connect(slug);
        auto trace = read_trace(counting(i % 2 == 0 ? "even" : "odd"));
        trace.workflow.folder = box.path("").string();
        import_run(*own, trace);
      } catch (const std::exception& error) { failures[static_cast<std::size_t>(i)] = error.what(); }
    });
  }
  for (auto& thread : all) thread.join();
  for (const auto& failure : failures) EXPECT_EQ(failure, "");
  EXPECT_EQ(scalar(instance, "SELECT count(*) FROM lamindb_run"), 8);
  EXPECT_EQ(scalar(instance, "SELECT count(*) FROM lamindb_transform"), 3);
  EXPECT_EQ(scalar(instance, "SELECT count(*) FROM lamindb_artifact WHERE key LIKE '%all.tsv'"), 1);
}

}  // namespace lamin::testing
