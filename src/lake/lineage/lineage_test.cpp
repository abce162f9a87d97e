#include "base/hash.hpp"
#include "lake/open/testing.hpp"

namespace lamin {
namespace {

using testing::code_of;

class LineageTest : public testing::InstanceTest {
 protected:
  Record script(const std::string& source, const std::string& key = "a.py") {
    return make_transform(*instance, {.key = key, .kind = "script", .source_code = source});
  }
  Record stored(const Record& record) { return *instance->database().find(record.table(), record.id()); }
};

TEST_F(LineageTest, TransformIsKnownByItsSource) {
  const auto first = script("x = 1");
  EXPECT_EQ(first.uid().size(), 16U);
  EXPECT_TRUE(first.uid().ends_with("0000"));
  EXPECT_EQ(first.text("hash"), base::md5_base64("x = 1"));
  EXPECT_EQ(script("x = 1").id(), first.id());
  EXPECT_EQ(script("x = 1", "other.py").id(), first.id());
  EXPECT_TRUE(box.said("key a.py on existing transform differs from passed key other.py, keeping original key"));
  const auto second = script("x = 2");
  EXPECT_EQ(second.uid(), std::string(first.uid().substr(0, 12)) + "0001");
  EXPECT_TRUE(second.at("is_latest").boolean_or(false));
  EXPECT_FALSE(stored(first).at("is_latest").boolean_or(true));
  EXPECT_EQ(script("x = 1").id(), first.id());  // key and hash are unique together
  EXPECT_EQ(count("lamindb_transform"), 2);
}

TEST_F(LineageTest, TransformWithoutSourceIsADraft) {
  const auto draft = make_transform(*instance, {.key = "p"});
  EXPECT_EQ(draft.text("kind"), "pipeline");
  EXPECT_EQ(make_transform(*instance, {.key = "p", .description = "d"}).id(), draft.id());
  EXPECT_EQ(stored(draft).text("description"), "d");
  const auto filled = make_transform(*instance, {.key = "p", .source_code = "s"});
  EXPECT_EQ(filled.id(), draft.id());
  EXPECT_EQ(filled.text("hash"), base::md5_base64("s"));
  EXPECT_TRUE(make_transform(*instance, {.key = "p"}).uid().ends_with("0001"));
  const auto tagged = make_transform(*instance, {.key = "q", .version_tag = "1"});
  EXPECT_EQ(make_transform(*instance, {.key = "q", .version_tag = "1"}).id(), tagged.id());
  EXPECT_TRUE(make_transform(*instance, {.key = "q", .version_tag = "2"}).uid().ends_with("0001"));
}

TEST_F(LineageTest, TransformByUid) {
  const auto stem = make_transform(*instance, {.uid = "abcdefghijkl", .key = "u.py", .source_code = "1"});
  EXPECT_EQ(stem.uid(), "abcdefghijkl0000");
  EXPECT_EQ(make_transform(*instance, {.uid = "abcdefghijkl", .key = "u.py", .source_code = "2"}).uid(),
            "abcdefghijkl0001");
  std::string message;
  EXPECT_EQ(code_of([&] { make_transform(*instance, {.uid = "abcdefghijkl0001", .key = "u.py", .source_code = "3"}); },
                    &message),
            Code::conflict);
  EXPECT_NE(message.find("abcdefghijkl0002"), std::string::npos);
  EXPECT_EQ(code_of([&] { make_transform(*instance, {.uid = "abc", .key = "u.py"}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { make_transform(*instance, {.kind = "script"}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { make_transform(*instance, {.uid = "zzzzzzzzzzzz0000"}); }), Code::not_found);
}

TEST_F(LineageTest, RunIsStartedAndFinished) {
  EXPECT_EQ(code_of([&] { start_run(*instance, Record(instance->catalog().table("Transform"))); }),
            Code::invalid_argument);
  EXPECT_EQ(code_of([&] { start_run(*instance, script("x = 1"), {.params_json = "[1]"}); }), Code::invalid_argument);
  auto run = start_run(*instance, script("x = 1"),
                       {.params_json = R"({"a": 1, "none": null, "empty": [], "b": [1]})", .cli_args = "--a 1"});
  EXPECT_EQ(run.uid().size(), 16U);
  EXPECT_EQ(instance->database().session().run, run.id());
  EXPECT_EQ(std::get<Json>(stored(run).at("params")).text, R"({"a": 1, "b": [1]})");
  EXPECT_EQ(stored(run).at("_status_code").integer_or(0), -1);
  save_environment(*instance, run, "numpy==1\n");
  finish_run(*instance, run, RunStatus::completed, "hello\n");
  const auto after = stored(run);
  EXPECT_EQ(after.at("_status_code").integer_or(-9), 0);
  EXPECT_TRUE(after.at("_is_consecutive").boolean_or(false));
  EXPECT_FALSE(after.at("finished_at").is_null());
  EXPECT_EQ(instance->database().session().run, 0);
  const auto& artifacts = instance->catalog().table("Artifact");
  const auto report = *instance->database().find(artifacts, after.at("report").integer_or(0));
  EXPECT_EQ(report.text("description"), "log streams of run " + std::string(run.uid()));
  EXPECT_EQ(report.text("kind"), "__lamindb_run__");
  EXPECT_TRUE(report.at("run").is_null());
  EXPECT_TRUE(report.at("key").is_null());
  EXPECT_EQ(box.read(cache_artifact(*instance, report)), "hello\n");
  auto next = start_run(*instance, script("x = 1"));
  save_environment(*instance, next, "numpy==1\n");
  EXPECT_EQ(stored(next).at("environment").integer_or(0), after.at("environment").integer_or(-1));
  EXPECT_EQ(count("lamindb_artifact", "description = 'requirements.txt'"), 1);
}

TEST_F(LineageTest, FollowsRunsUpAndDown) {
  auto load = start_run(*instance, script("load", "load.py"));
  const auto raw = save_text("raw.txt", "raw", "raw.txt").record;
  track_input(*instance, raw);  // its own output, so not an input
  finish_run(*instance, load, RunStatus::completed);
  EXPECT_EQ(raw.at("run").integer_or(0), load.id());
  auto clean = start_run(*instance, script("clean", "clean.py"));
  track_input(*instance, raw);
  track_input(*instance, raw);  // once
  const auto cleaned = save_text("clean.txt", "clean", "clean.txt").record;
  finish_run(*instance, clean, RunStatus::completed);
  auto report = start_run(*instance, script("report", "report.py"));
  track_input(*instance, cleaned);
  const auto figure = save_text("fig.txt", "fig", "fig.txt").record;
  finish_run(*instance, report, RunStatus::completed);
  EXPECT_EQ(count("lamindb_artifact_input_of_runs"), 2);

  const auto up = lineage(*instance, figure);
  ASSERT_EQ(up.size(), 3U);
  EXPECT_EQ(up[0].transform.text("key"), "report.py");
  EXPECT_EQ(up[1].transform.text("key"), "clean.py");
  ASSERT_EQ(up[1].inputs.size(), 1U);
  EXPECT_EQ(up[1].inputs[0].id(), raw.id());
  EXPECT_EQ(up[2].transform.text("key"), "load.py");
  EXPECT_TRUE(up[2].inputs.empty());
  const auto down = lineage(*instance, raw, Direction::downstream);
  ASSERT_EQ(down.size(), 2U);
  EXPECT_EQ(down[0].transform.text("key"), "clean.py");
  EXPECT_EQ(down[1].outputs[0].id(), figure.id());
  EXPECT_TRUE(lineage(*instance, figure, Direction::downstream).empty());

  EXPECT_EQ(print_lineage(*instance, cleaned, true).find("used by"), std::string::npos);
  const auto tree = print_lineage(*instance, cleaned);
  EXPECT_TRUE(tree.starts_with("clean.txt (0000)\n"));
  EXPECT_NE(tree.find("made by clean.py  run "), std::string::npos) << tree;
  EXPECT_NE(tree.find("│   └── from raw.txt (0000)\n│       └── made by load.py"), std::string::npos) << tree;
  EXPECT_NE(tree.find("└── used by report.py"), std::string::npos) << tree;
  EXPECT_NE(tree.find("made fig.txt (0000)"), std::string::npos) << tree;
  EXPECT_EQ(code_of([&] { lineage(*instance, up[0].run); }), Code::invalid_argument);
}

TEST_F(LineageTest, SameResultOfALaterRunIsRecreated) {
  auto first = start_run(*instance, script("x = 1"));
  const auto made = save_text("a.txt", "same", "a.txt").record;
  finish_run(*instance, first, RunStatus::completed);
  auto second = start_run(*instance, script("x = 1"));
  const auto again = save_text("a.txt", "same", "a.txt").record;
  track_input(*instance, again);
  finish_run(*instance, second, RunStatus::completed);
  EXPECT_EQ(again.id(), made.id());
  EXPECT_EQ(stored(made).at("run").integer_or(0), first.id());
  EXPECT_EQ(count("lamindb_artifact_recreating_runs", "run_id = " + std::to_string(second.id())), 1);
  EXPECT_EQ(count("lamindb_artifact_input_of_runs"), 0);
  // An input that is saved again is not an output.
  auto third = start_run(*instance, script("x = 1"));
  track_input(*instance, made);
  save_text("a.txt", "same", "a.txt");
  EXPECT_EQ(count("lamindb_artifact_recreating_runs", "run_id = " + std::to_string(third.id())), 0);
}

TEST_F(LineageTest, RunTakesAnArtifactThatNoRunMade) {
  const auto made = save_text("a.txt", "same", "a.txt").record;
  EXPECT_TRUE(stored(made).at("run").is_null());
  const auto run = start_run(*instance, script("x = 1"));
  save_text("a.txt", "same", "a.txt");
  EXPECT_EQ(stored(made).at("run").integer_or(0), run.id());
  EXPECT_TRUE(box.said("run was not set on Artifact"));
  EXPECT_EQ(count("lamindb_artifact_recreating_runs"), 0);
}

TEST_F(LineageTest, CycleEnds) {
  auto run = start_run(*instance, script("x = 1"));
  const auto a = save_text("a.txt", "a", "a.txt").record;
  finish_run(*instance, run, RunStatus::completed);
  instance->database().connection().script("INSERT INTO lamindb_artifact_input_of_runs (artifact_id, run_id) VALUES (" +
                                           std::to_string(a.id()) + ", " + std::to_string(run.id()) + ")");
  EXPECT_EQ(lineage(*instance, a).size(), 1U);
  EXPECT_EQ(lineage(*instance, a, Direction::downstream).size(), 1U);
  EXPECT_FALSE(print_lineage(*instance, a).empty());
}

TEST_F(LineageTest, DescribeShowsAnArtifactAndItsRun) {
  auto run =
      start_run(*instance, script("import lamindb\nx = 1\n"), {.params_json = R"({"rows": 2})", .cli_args = "-n 2"});
  save_environment(*instance, run, "a==1\nb==2\nc==3\nd==4\ne==5\n");
  const auto made = save({.source = box.write("a.csv", "x\n1\n"), .key = "t/a.csv", .description = "a table"}).record;
  finish_run(*instance, run, RunStatus::completed, "\x1b[92mgreen\x1b[0m\n");
  const std::string uid(made.uid()), run_uid(run.uid());
  const auto created = [&](const Record& r) {
    const auto text = describe(*instance, r);
    const auto at = text.find("created_at: ");
    return text.substr(at + 12, 23);
  };
  EXPECT_EQ(describe(*instance, made),
            "Artifact: t/a.csv (0000)\n|   description: a table\n"
            "├── uid: " +
                uid + "            run: " + run_uid.substr(0, 7) +
                " (a.py)\n"
                "│   kind: None                           otype: DataFrame\n"
                "│   hash: " +
                std::string(made.text("hash")) +
                "         size: 4 B\n"
                "│   branch: main                         space: all\n"
                "│   created_at: " +
                created(made) +
                "  created_by: anonymous\n"
                "└── storage/path: " +
                box.path("store").string() + "/.lamindb/" + uid + ".csv");
  const auto text = describe(*instance, stored(run));
  EXPECT_TRUE(text.starts_with("Run: " + run_uid.substr(0, 7) + " (a.py)\n")) << text;
  EXPECT_NE(text.find("├── cli_args:\n│   │ -n 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("│   │ green\n"), std::string::npos) << text;
  EXPECT_NE(text.find("│   │ d==4\n│   │ …\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("└── Params\n    └── rows: 2")) << text;
  EXPECT_NE(text.find("status: completed"), std::string::npos) << text;
  const auto more = describe(*instance, stored(run), {.runs = true});
  EXPECT_NE(more.find("├── Params\n│   └── rows: 2\n└── Outputs\n"), std::string::npos) << more;
  EXPECT_NE(more.find(uid + "  t/a.csv"), std::string::npos) << more;
}

TEST_F(LineageTest, DescribeAnswersForEveryRegistry) {
  for (const auto& table : instance->catalog().tables()) {
    if (table.plain_pairs) continue;
    EXPECT_FALSE(describe(*instance, Record(table)).empty()) << table.qualified.view();
    Query any;
    any.registry = table.qualified.str();
    any.limit = 1;
    any.any_branch = true;
    if (const auto row = instance->database().first(any)) {
      EXPECT_FALSE(describe(*instance, *row).empty()) << table.qualified.view();
    }
  }
  EXPECT_EQ(describe(*instance, Record()), "no record");
}

}  // namespace
}  // namespace lamin
