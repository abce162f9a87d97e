#include <fmt/ranges.h>
#include <unistd.h>
#include <array>
#include "base/hash.hpp"
#include "lake/trace/trace_cases_testing.hpp"

namespace lamin {
namespace {

using testing::code_of;
using testing::counting;

class TraceTest : public testing::InstanceTest {
 protected:
  testing::TraceWorld world{box, *instance};
};

TEST_F(TraceTest, Complete) { import_is_complete(world, *instance); }
TEST_F(TraceTest, AgainChangesNothing) { again_changes_nothing(world, *instance); }
TEST_F(TraceTest, AllOutputsOnDemand) { all_outputs_on_demand(world, *instance); }
TEST_F(TraceTest, CachedTasksAreThoseThatRan) { cached_tasks_are_those_that_ran(world, *instance); }

TEST_F(TraceTest, UnknownInputsAreNamedAndSavedOnDemand) {
  const auto imported = import_run(*instance, world.trace());
  EXPECT_EQ(imported.unknown_inputs, (std::vector<std::string>{"reads/a.fq", "reads/b.fq"}));
  EXPECT_TRUE(world.inputs(imported.run).empty());
  const auto saved = import_run(*instance, world.trace(), {.save_inputs = true});
  EXPECT_TRUE(saved.unknown_inputs.empty());
  EXPECT_EQ(saved.outputs.size(), 1U);
  EXPECT_EQ(world.inputs(imported.run).size(), 2U);
  const auto reads = instance->database().one(
      {.registry = "Artifact", .where = Expr::compare("key", Op::endswith, Value("reads/a.fq"))});
  EXPECT_TRUE(reads.at("run").is_null());
  EXPECT_EQ(world.inputs(world.run_called("COUNT (a)")).size(), 1U);
}

TEST_F(TraceTest, InputsAreMatchedByDigestWhenTheFileIsGone) {
  world.save_reads();
  auto trace = world.trace();
  trace.tasks[0].inputs = {{.path = "gone/a.fq", .md5 = "a"}};
  EXPECT_EQ(import_run(*instance, trace).unknown_inputs, (std::vector<std::string>{"gone/a.fq"}));
  const auto md5 = base::hex(base::md5("@a\nACGT\n"));
  trace = world.trace(counting("w3"));
  trace.tasks[0].inputs = {{.path = "gone/a.fq", .md5 = md5}};
  EXPECT_TRUE(import_run(*instance, trace).unknown_inputs.empty());
}

TEST_F(TraceTest, WhatARunHasMadeIsNotItsInputToo) {
  box.write("reads/a.fq", "same");
  box.write("results/all.tsv", "same");
  const auto imported = import_run(*instance, world.trace());
  EXPECT_EQ(imported.outputs.size(), 1U);
  // Now an artifact has the content of the input: the output.
  EXPECT_EQ(import_run(*instance, world.trace()).unknown_inputs,
            (std::vector<std::string>{"reads/a.fq", "reads/b.fq"}));
}

TEST_F(TraceTest, FilesThatHaveChangedSinceAreNotTakenForTheOld) {
  world.save_reads();
  auto trace = world.trace();
  trace.workflow.outputs[0].size = 4;
  trace.tasks[0].started = Time{1};  // long before the file was written
  const auto imported = import_run(*instance, trace);
  EXPECT_TRUE(imported.outputs.empty());
  EXPECT_EQ(imported.lost, (std::vector<std::string>{"results/all.tsv (has changed since)"}));
  EXPECT_EQ(imported.unknown_inputs, (std::vector<std::string>{"reads/a.fq"}));
  std::filesystem::remove(box.path("results/all.tsv"));
  trace.workflow.outputs[0].size.reset();
  EXPECT_EQ(import_run(*instance, trace).lost, (std::vector<std::string>{"results/all.tsv (is gone)"}));
}

TEST_F(TraceTest, ARunningWorkflowIsCompletedLater) {
  auto trace = world.trace();
  trace.workflow.status = "running";
  trace.workflow.finished.reset();
  trace.tasks.resize(2);
  trace.tasks[1].status = "running";
  trace.tasks[1].finished.reset();
  const auto begun = import_run(*instance, trace);
  EXPECT_EQ(begun.run.at("_status_code").integer_or(9), -1);
  EXPECT_EQ(world.run_called("COUNT (b)").at("_status_code").integer_or(9), -1);
  const auto ended = import_run(*instance, world.trace());
  EXPECT_EQ(ended.run.id(), begun.run.id());
  EXPECT_EQ(ended.new_runs, 1);
  EXPECT_EQ(ended.run.at("_status_code").integer_or(9), 0);
  EXPECT_EQ(world.run_called("COUNT (b)").at("_status_code").integer_or(9), 0);
}

TEST_F(TraceTest, AnEngineThatWasKilledHasAborted) {
  auto trace = world.trace();
  trace.workflow.status = "running";
  trace.workflow.finished.reset();
  trace.tasks[0].status = "running";
  trace.tasks[0].finished.reset();
  std::array<char, 256> host{};
  ASSERT_EQ(::gethostname(host.data(), host.size() - 1), 0);
  trace.workflow.host = host.data();
  trace.workflow.process = ::getpid();
  EXPECT_EQ(import_run(*instance, trace).run.at("_status_code").integer_or(9), -1);
  trace.workflow.process = 4'194'300;  // beyond what Linux gives
  EXPECT_EQ(import_run(*instance, trace).run.at("_status_code").integer_or(9), 2);
  EXPECT_EQ(world.run_called("COUNT (a)").at("_status_code").integer_or(9), 2);
}

TEST_F(TraceTest, ImportsAtOnce) { imports_at_once(box, *instance, "lab"); }

TEST_F(TraceTest, FailuresAndRetries) {
  auto trace = world.trace();
  trace.workflow.status = "failed";
  trace.workflow.log = TraceText{.text = "COUNT (a) failed, api_key=abcdef0123456789abcdef"};
  trace.tasks[0].status = "failed";
  trace.tasks[0].exit = 3;
  trace.tasks[0].log = TraceText{.text = "no space left"};
  trace.tasks[2].id += "/2";
  trace.tasks[2].attempt = 2;
  import_run(*instance, trace);
  const auto a = world.run_called("COUNT (a)");
  EXPECT_EQ(a.at("_status_code").integer_or(9), 1);
  EXPECT_NE(std::get<Json>(a.at("extra_data")).text.find("\"exit\": 3"), std::string::npos);
  const auto read = [&](const Record& run) {
    const auto report = instance->database().related_one(run, *run.table().find_relation("report"));
    return report ? testing::Sandbox::read(cache_artifact(*instance, *report)) : std::string();
  };
  EXPECT_EQ(read(a), "no space left");
  EXPECT_EQ(read(world.run_called("first w1")), "COUNT (a) failed, api_key=***REDACTED***");
}

TEST_F(TraceTest, NoSecretIsKept) {
  auto trace = world.trace();
  const std::string secret = "swordfish91x", token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  trace.workflow.command = "flow run --password " + secret;
  trace.workflow.source = "password = \"" + secret + "\"";
  trace.workflow.params_json = R"({"api_key": ")" + secret + R"("})";
  trace.workflow.environment = TraceText{.text = "DB_PASSWORD=" + secret};
  trace.workflow.details_json = R"({"nested": {"token": ")" + secret + R"("}})";
  trace.workflow.repository = "https://user:" + secret + "@host/repository";
  auto& task = trace.tasks[0];
  task.command = "curl -H 'token: " + token + "' --password " + secret;
  task.source = "export DB_PASSWORD=" + secret;
  task.params_json = R"({"password": ")" + secret + R"("})";
  task.log = TraceText{.text = "password: " + secret};
  task.details_json = R"({"env": {"DB_PASSWORD": ")" + secret + R"("}})";
  import_run(*instance, trace);
  auto all = world.rows();
  for (const auto& artifact : instance->database().all({.registry = "Artifact", .any_branch = true})) {
    if (artifact.text("kind") == "__lamindb_run__") all += testing::Sandbox::read(cache_artifact(*instance, artifact));
  }
  EXPECT_NE(all.find("***REDACTED***"), std::string::npos);
  for (auto at = all.find(secret); at != all.npos; at = all.find(secret, at + 1))
    ADD_FAILURE() << all.substr(at > 60 ? at - 60 : 0, 80);
  EXPECT_EQ(all.find(token), std::string::npos);
}

TEST_F(TraceTest, TasksMayCallEachOther) {
  auto trace = world.trace();
  trace.tasks[0].parent = "w1/3";
  trace.tasks[1].parent = "w1/1";
  trace.tasks[2].outputs.push_back({.path = "work/1/a.tsv"});  // what a caller returns was made by the one it called
  import_run(*instance, trace, {.save_outputs = true});
  const auto a = world.run_called("COUNT (a)"), b = world.run_called("COUNT (b)"), join = world.run_called("JOIN");
  EXPECT_EQ(a.at("initiated_by_run").integer_or(0), join.id());
  EXPECT_EQ(b.at("initiated_by_run").integer_or(0), a.id());
  const auto made = instance->database().one(
      {.registry = "Artifact", .where = Expr::compare("key", Op::endswith, Value("work/1/a.tsv"))});
  EXPECT_EQ(made.at("run").integer_or(0), a.id());
  trace.tasks[2].parent = "w1/2";
  EXPECT_EQ(code_of([&] { import_run(*instance, trace); }), Code::invalid_argument);
  trace.tasks[2].parent = "nobody";
  EXPECT_EQ(code_of([&] { import_run(*instance, trace); }), Code::invalid_argument);
}

TEST_F(TraceTest, ASourceThatReturnsIsTheOldVersionAgain) {
  import_run(*instance, world.trace());
  auto trace = world.trace(counting("w2"));
  for (auto& task : trace.tasks) task.source += " # changed";
  trace.workflow.source = "count(join) # changed";
  const auto second = import_run(*instance, trace);
  EXPECT_TRUE(second.transform.uid().ends_with("0001"));
  const auto third = import_run(*instance, world.trace(counting("w3")));
  EXPECT_TRUE(third.transform.uid().ends_with("0000"));
  EXPECT_EQ(count("lamindb_transform"), 6);
  // The same script in another workflow is another transform.
  trace = world.trace(counting("w4"));
  EXPECT_EQ(import_run(*instance, trace, {.key = "other"}).transform.text("key"), "other");
  EXPECT_EQ(count("lamindb_transform", "key = 'other/COUNT'"), 1);
}

TEST_F(TraceTest, ProgramsInsideOfATaskKeepWhatTheySave) {
  auto trace = world.trace();
  trace.workflow.status = "running";
  trace.workflow.finished.reset();
  trace.tasks.clear();
  trace.workflow.outputs.clear();
  const auto begun = import_run(*instance, trace);
  const auto script = make_transform(*instance, {.key = "join.py", .kind = "script", .source_code = "ln.track()"});
  auto inner = start_run(*instance, script, {.initiated_by = begun.run.id()});
  auto draft = prepare_artifact(*instance, {.source = box.path("results/all.tsv"), .key = "all.tsv"});
  save_artifact(*instance, draft);
  finish_run(*instance, inner, RunStatus::completed);
  const auto imported = import_run(*instance, world.trace());
  ASSERT_EQ(imported.outputs.size(), 1U);
  EXPECT_EQ(imported.outputs[0].at("run").integer_or(0), inner.id());
  EXPECT_EQ(count("lamindb_artifact_recreating_runs"), 0);
  const auto stored = *instance->database().find(inner.table(), inner.id());
  EXPECT_EQ(stored.at("initiated_by_run").integer_or(0), world.run_called("JOIN").id());
  const auto before = world.rows();
  import_run(*instance, world.trace());
  EXPECT_EQ(world.rows(), before);
}

TEST_F(TraceTest, AFileThatIsReadAndWrittenAndFoldersAndOddNames) {
  box.write("out dir/ü \"quoted\"/part.txt", "1");
  box.write("out dir/ü \"quoted\"/other.txt", "2");
  box.write("results/täglich $x.tsv", "3");
  auto trace = world.trace();
  trace.workflow.outputs = {{.path = "out dir/ü \"quoted\""}, {.path = "results/täglich $x.tsv"}};
  trace.tasks[0].outputs = {{.path = "out dir/ü \"quoted\""}};
  trace.tasks[1].inputs = {{.path = "out dir/ü \"quoted\"/part.txt"}};  // a file of a task's folder
  trace.tasks[1].outputs = {{.path = "results/täglich $x.tsv"}};
  const auto imported = import_run(*instance, trace);
  ASSERT_EQ(imported.outputs.size(), 2U) << fmt::format("{}", fmt::join(imported.lost, ", "));
  EXPECT_EQ(imported.outputs[0].at("n_files").integer_or(0), 2);
  EXPECT_EQ(imported.outputs[1].at("run").integer_or(0), world.run_called("COUNT (b)").id());
}

TEST_F(TraceTest, WhatAnEarlierExecutionHasKeptIsAnInputOfTheNext) {
  box.write("parts/one.txt", "1");
  auto trace = world.trace();
  trace.tasks[0].outputs.push_back({.path = "parts"});
  import_run(*instance, trace, {.save_outputs = true});
  auto next = world.trace(counting("w2"));
  for (std::size_t i = 0; i < 2; ++i) {
    next.tasks[i] = trace.tasks[i];
    next.tasks[i].cached = true;
  }
  next.tasks[2].inputs.push_back({.path = "parts/one.txt"});
  const auto imported = import_run(*instance, next);  // keeps only what was published
  EXPECT_EQ(imported.outputs.size(), 1U);
  const auto join =
      instance->database().one({.registry = "Run", .where = Expr::compare("reference", Op::exact, Value("w2/3"))});
  EXPECT_EQ(world.inputs(join).size(), 3U);  // both counts and the folder
}

TEST_F(TraceTest, LinesAreReadUntilWhereTheEngineWasKilled) {
  const std::string lines =
      R"({"format": "lamin-trace", "version": 1, "workflow": {"engine": "x", "id": "1", "status": "running"}}
{"task": {"id": "t", "process": "P", "status": "running"}}
{"task": {"id": "t", "process": "P", "status": "completed", "started_at": 12.5}}
{"output": {"path": "a", "source": "b"}}
)";
  const auto trace = read_trace(lines + R"({"workflow": {"status": "comp)");
  EXPECT_EQ(trace.workflow.status, "running");
  ASSERT_EQ(trace.tasks.size(), 1U);
  EXPECT_EQ(trace.tasks[0].status, "completed");
  EXPECT_EQ(trace.tasks[0].started->micros, 12'500'000);
  EXPECT_EQ(trace.workflow.outputs.at(0).source, "b");
  EXPECT_EQ(read_trace(lines + R"({"workflow": {"status": "completed"}})").workflow.status, "completed");
  const auto renamed = read_trace(lines + R"({"task": {"id": "u", "was": "t", "process": "P", "status": "failed"}})");
  ASSERT_EQ(renamed.tasks.size(), 1U);
  EXPECT_EQ(renamed.tasks[0].id + renamed.tasks[0].status, "ufailed");
  const auto nanoseconds = R"({"workflow": {"started_at": "1970-01-01T00:00:01.123456789Z"}})";
  EXPECT_EQ(read_trace(lines + nanoseconds).workflow.started->micros, 1'123'456);
}

TEST_F(TraceTest, WhatNextflowHasNotLeftIsNamed) {
  const auto refused = [&](const std::string& run = {}) {
    std::string message;
    EXPECT_EQ(code_of([&] { nextflow_trace(box.path("flow"), run); }, &message), Code::not_found);
    return message;
  };
  EXPECT_NE(refused().find(".nextflow/history"), std::string::npos);
  box.write("flow/.nextflow/history", "2026-01-01 10:00:00\t3.2s\thappy_hopper\tOK\tabc\t0ef1\tnextflow run main.nf\n");
  EXPECT_NE(refused("sad_curie").find("sad_curie"), std::string::npos);
  EXPECT_NE(refused().find("-with-trace"), std::string::npos);
  box.write("flow/.nextflow/history",
            "2026-01-01 10:00:00\t3.2s\thappy_hopper\tERR\tabc\t0ef1\tnextflow run 'a b.nf' -with-trace 't 1.txt'\n");
  box.write("flow/t 1.txt", "task_id\thash\tname\tstatus\texit\n1\taa/bbbbbb\tONE (x y)\tFAILED\t7\n\nbroken\n");
  const auto trace = nextflow_trace(box.path("flow"));
  EXPECT_EQ(trace.workflow.id, "0ef1/happy_hopper");
  EXPECT_EQ(trace.workflow.script, "a b.nf");
  EXPECT_EQ(trace.workflow.status, "failed");
  EXPECT_EQ(trace.workflow.finished->micros - trace.workflow.started->micros, 3'200'000);
  ASSERT_EQ(trace.tasks.size(), 1U);
  EXPECT_EQ(trace.tasks[0].process + "|" + trace.tasks[0].id, "ONE|0ef1/aa/bbbbbb");
  EXPECT_EQ(trace.tasks[0].exit, 7);
}

TEST_F(TraceTest, WhatIsNoTraceIsRefused) {
  const auto refused = [](std::string_view text) {
    std::string message;
    EXPECT_EQ(code_of([&] { read_trace(text); }, &message), Code::invalid_argument) << text;
    return message;
  };
  refused("");
  refused("[]");
  refused("{}");
  refused("\x80\x04");
  EXPECT_NE(refused(R"({"format": "croissant"})").find("croissant"), std::string::npos);
  EXPECT_NE(refused(R"({"workflow": {"engine": "x", "id": "1", "status": "fine"}})").find("status"), std::string::npos);
  EXPECT_NE(
      refused(R"({"workflow": {"engine": "x", "id": "1"}, "tasks": [{"id": "a", "inputs": "b"}]})").find("task 'a'"),
      std::string::npos);
  refused(R"({"workflow": {"engine": "x", "id": "1"}, "tasks": [{"process": "a"}]})");
  refused(R"({"workflow": {"engine": "x", "id": "1", "started_at": "soon"}})");
  EXPECT_EQ(code_of([] { read_trace(R"({"format": "lamin-trace", "version": 2})"); }), Code::unsupported);
  EXPECT_EQ(code_of([] { read_trace_file("nowhere.json"); }), Code::not_found);
}

}  // namespace
}  // namespace lamin
