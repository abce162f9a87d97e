#include "base/hash.hpp"
#include "lake/open/testing.hpp"

namespace lamin {
namespace {

using testing::code_of;
namespace fs = std::filesystem;

class TrackTest : public testing::InstanceTest {
 protected:
  TrackedTransform track(const fs::path& file, TrackOptions options = {}) {
    options.path = file;
    return track_transform(*instance, options);
  }
  static std::string notebook(const std::string& title, const std::string& code) {
    return R"({"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# )" + title +
           R"("]}, {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [], "source": [")" + code +
           R"("]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})";
  }
  Record stored(const Record& record) { return *instance->database().find(record.table(), record.id()); }
};

TEST_F(TrackTest, ScriptIsFoundByItsSource) {
  const auto file = box.write("team/a.py", "x = 1");
  const auto first = track(file);
  EXPECT_TRUE(first.said.starts_with("created Transform('")) << first.said;
  EXPECT_EQ(first.record.text("key"), "team/a.py");
  EXPECT_EQ(first.record.text("kind"), "script");
  EXPECT_EQ(first.record.text("source_code"), "x = 1");
  EXPECT_EQ(track(file).record.id(), first.record.id());
  EXPECT_TRUE(track(file).said.starts_with("loaded Transform('"));
  box.write("team/a.py", "x = 2");
  const auto second = track(file);
  EXPECT_EQ(second.record.uid(), std::string(first.record.uid().substr(0, 12)) + "0001");
  EXPECT_TRUE(box.said("found script team/a.py, making new version"));
}

TEST_F(TrackTest, RenamedFileKeepsItsTransformAndACopyGetsItsOwn) {
  const auto first = track(box.write("one.py", "x = 1"));
  fs::rename(box.path("one.py"), box.path("two.py"));
  const auto renamed = track(box.path("two.py"));
  EXPECT_EQ(renamed.record.id(), first.record.id());
  EXPECT_EQ(renamed.record.text("key"), "two.py");
  EXPECT_NE(renamed.said.find("renaming transform one.py to two.py"), std::string::npos) << renamed.said;
  fs::copy_file(box.path("two.py"), box.path("three.py"));
  const auto copied = track(box.path("three.py"));
  EXPECT_NE(copied.record.uid().substr(0, 12), first.record.uid().substr(0, 12));
  EXPECT_EQ(copied.record.text("key"), "three.py");
  EXPECT_EQ(track(box.path("two.py")).record.id(), first.record.id());
  EXPECT_EQ(track(box.path("three.py")).record.id(), copied.record.id());
}

TEST_F(TrackTest, KeyMayNameAPartOfThePath) {
  const auto known = make_transform(*instance, {.key = "team/a.py", .kind = "script", .source_code = "old"});
  const auto here = track(box.write("team/a.py", "x = 1"));
  EXPECT_EQ(here.record.uid().substr(0, 12), known.uid().substr(0, 12));
  EXPECT_EQ(here.record.text("key"), "team/a.py");
  const auto elsewhere = track(box.write("a.py", "x = 3"));
  EXPECT_NE(elsewhere.record.uid().substr(0, 12), known.uid().substr(0, 12));
  EXPECT_TRUE(box.said("ignoring transform with same filename in different folder:\n    "));
}

TEST_F(TrackTest, UidOfOneVersionHoldsForItsSourceOnly) {
  const auto file = box.write("u.py", "1");
  EXPECT_EQ(track(file, {.uid = "abcdefghijkl"}).record.uid(), "abcdefghijkl0000");
  EXPECT_EQ(track(file, {.uid = "abcdefghijkl0000"}).record.uid(), "abcdefghijkl0000");
  box.write("u.py", "2");
  std::string message;
  EXPECT_EQ(code_of([&] { track(file, {.uid = "abcdefghijkl0000"}); }, &message), Code::conflict);
  EXPECT_NE(message.find("source code changed, please update the `uid` argument in `track()` to \"abcdefghijkl0001\""),
            std::string::npos)
      << message;
  EXPECT_EQ(track(file, {.uid = "abcdefghijkl"}).record.uid(), "abcdefghijkl0001");
  EXPECT_EQ(code_of([&] { track(file, {.uid = "short"}); }), Code::invalid_argument);
  EXPECT_EQ(code_of([&] { track_transform(*instance, {.source_code = "x"}); }), Code::invalid_argument);
}

TEST_F(TrackTest, VersionTagsAreTakenOnce) {
  const auto file = box.write("t.py", "1");
  track(file, {.uid = "abcdefghijkl0000", .version_tag = "1"});
  std::string message;
  EXPECT_EQ(code_of([&] { track(file, {.uid = "abcdefghijkl0001", .version_tag = "1"}); }, &message), Code::conflict);
  EXPECT_NE(message.find("version '1' is already taken by Transform('abcdefghijkl0000'); please set another version, "
                         "e.g., ln.context.version = '1.1'"),
            std::string::npos)
      << message;
  EXPECT_EQ(code_of([&] { track(file, {.uid = "abcdefghijkl0000", .version_tag = "3"}); }, &message),
            Code::invalid_argument);
  EXPECT_NE(message.find("already tagged with version 1, but you passed 3"), std::string::npos) << message;
}

TEST_F(TrackTest, NotebookThatAPersonWorksInIsStoredWhenItIsFinished) {
  const auto file = box.write("nb.ipynb", notebook("My title", "x = 1"));
  const auto first = track(file, {.interactive = true});
  EXPECT_EQ(first.record.text("kind"), "notebook");
  EXPECT_EQ(first.record.text("description"), "My title");
  EXPECT_TRUE(first.record.at("source_code").is_null());
  auto run = start_run(*instance, first.record);
  const auto saved = save_run_source(*instance, run, file);
  EXPECT_EQ(saved.text("source_code"), "# %% [markdown]\n#\n\n# %%\nx = 1\n");
  EXPECT_EQ(saved.text("hash"), base::md5_base64("# %% [markdown]\n#\n\n# %%\nx = 1\n"));
  EXPECT_TRUE(save_run_report(*instance, run, file));
  EXPECT_TRUE(stored(run).at("_is_consecutive").boolean_or(false));
  finish_run(*instance, run, RunStatus::completed);
  const auto report =
      *instance->database().find(instance->catalog().table("Artifact"), stored(run).at("report").integer_or(0));
  EXPECT_EQ(report.text("suffix"), ".html");
  EXPECT_NE(box.read(cache_artifact(*instance, report)).find("<h1>My title</h1>"), std::string::npos);

  // Executed again: a version in case something changes, taken back because nothing did.
  const auto again = track(file, {.interactive = true});
  EXPECT_EQ(again.record.uid(), std::string(first.record.uid().substr(0, 12)) + "0001");
  EXPECT_TRUE(box.said("making new version -- anticipating changes"));
  auto second = start_run(*instance, again.record);
  EXPECT_EQ(save_run_source(*instance, second, file).id(), first.record.id());
  EXPECT_EQ(stored(second).at("transform").integer_or(0), first.record.id());
  EXPECT_EQ(count("lamindb_transform"), 1);
  std::string message;
  EXPECT_EQ(code_of([&] { track(file, {.uid = std::string(first.record.uid()), .interactive = true}); }, &message),
            Code::conflict);
  EXPECT_NE(message.find("re-running notebook with already-saved source code"), std::string::npos) << message;
  EXPECT_EQ(track(file).record.id(), first.record.id()) << "executed by a program";

  box.write("nb.ipynb", notebook("My title", "x = 2"));
  auto third = start_run(*instance, track(file, {.interactive = true}).record);
  EXPECT_NE(save_run_source(*instance, third, file).id(), first.record.id());
  EXPECT_EQ(count("lamindb_transform"), 2);
  EXPECT_NE(source_diff(stored(first.record), save_run_source(*instance, third, file)).find("-x = 1\n+x = 2\n"),
            std::string::npos);
}

TEST_F(TrackTest, NotebookIsWrittenBack) {
  const auto file = box.write("nb.ipynb", notebook("My title", "ln.track('abcdefghijkl0000')"));
  const auto made = track(file, {.uid = "abcdefghijkl0000"}).record;
  fs::create_directory(box.path("out"));
  const auto written = write_source(made, box.path("out"));
  EXPECT_EQ(written.filename(), "nb.ipynb");
  const auto text = box.read(written);
  EXPECT_NE(text.find("# My title"), std::string::npos) << text;
  EXPECT_NE(text.find("abcdefghijkl0001"), std::string::npos) << text;
  EXPECT_EQ(source_of(written).title, "My title");
  EXPECT_EQ(code_of([&] { track(box.write("Untitled3.ipynb", notebook("t", "x"))); }), Code::invalid_argument);
}

TEST_F(TrackTest, LogOfAnySizeIsKeptWithoutSecrets) {
  auto run = start_run(*instance, track(box.write("l.py", "1")).record);
  std::string log;
  while (log.size() < (9U << 20)) log += "a line that is printed again and again\n";
  log += "token=ghp_abcdefghijklmnopqrstuvwxyz0123456789\nlast\n";
  finish_run_with_log(*instance, run, RunStatus::errored, box.write("log.txt", log));
  const auto report =
      *instance->database().find(instance->catalog().table("Artifact"), stored(run).at("report").integer_or(0));
  const auto kept = box.read(cache_artifact(*instance, report));
  EXPECT_EQ(kept.substr(0, 9U << 20), log.substr(0, 9U << 20));
  EXPECT_EQ(kept.find("ghp_"), std::string::npos);
  EXPECT_TRUE(kept.ends_with("\nlast\n"));
  EXPECT_EQ(stored(run).at("_status_code").integer_or(-9), 1);
}

TEST_F(TrackTest, RunGoesOn) {
  const auto transform = track(box.write("r.py", "1")).record;
  const auto first = start_run(*instance, transform, {.params_json = R"({"a": 1})"});
  const auto again = start_run(*instance, transform, {.resume = true});
  EXPECT_EQ(again.id(), first.id());
  EXPECT_EQ(stored(again).at("_status_code").integer_or(0), -2);
  EXPECT_EQ(std::get<Json>(stored(again).at("params")).text, R"({"a": 1})");
  instance->session().run = 0;
  EXPECT_NE(start_run(*instance, transform, {.tracked = false}).id(), first.id());
  EXPECT_EQ(instance->session().run, 0);
}

}  // namespace
}  // namespace lamin
