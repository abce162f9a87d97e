// Which program a command runs, and which paths a pattern means.
#include "lamin/command.hpp"
#include <gmock/gmock.h>
#include <fstream>
#include "lake/command/glob.hpp"
#include "lake/command/script.hpp"
#include "lake/open/testing.hpp"
#include "lamin/rerun.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;

class CommandRunTest : public testing::InstanceTest {
 protected:
  std::string script(std::vector<std::string> words, const std::string& program) {
    const auto found = lake::script_of(words, program, box.path(""));
    return found ? found->file.filename().string() + " " + std::to_string(found->word) : "";
  }
};

TEST_F(CommandRunTest, ScriptsAreFoundBehindOptions) {
  box.write("x.py", "1");
  box.write("x.sh", "#!/bin/sh\n");
  box.write("prog",
            "\x7f"
            "ELF");
  EXPECT_EQ(script({"python3", "-u", "-W", "ignore", "x.py", "x.sh"}, "/usr/bin/python3"), "x.py 4");
  EXPECT_EQ(script({"python3.11", "-c", "1", "x.py"}, "/usr/bin/python3.11"), "");
  EXPECT_EQ(script({"python", "-m", "x"}, "/usr/bin/python"), "");
  EXPECT_EQ(script({"bash", "-e", "-o", "pipefail", "x.sh"}, "/bin/bash"), "x.sh 4");
  EXPECT_EQ(script({"bash", "-c", "x.sh"}, "/bin/bash"), "");
  EXPECT_EQ(script({"Rscript", "missing.R"}, "/usr/bin/Rscript"), "");
  EXPECT_EQ(script({"./x.sh", "1"}, box.path("x.sh").string()), "x.sh 0");
  EXPECT_EQ(script({"./prog"}, box.path("prog").string()), "");
  EXPECT_EQ(script({"shuf", "x.py"}, "/usr/bin/shuf"), "");
  EXPECT_EQ(script({"awk", "-f", "x.sh", "x.py"}, "/usr/bin/awk"), "x.sh 2");
}

TEST_F(CommandRunTest, LinesAreThoseOfAShellAndWithoutSecrets) {
  EXPECT_EQ(lake::shell_line({"sort", "-k2,2n", "my file.txt", "it's", ""}),
            R"(sort -k2,2n 'my file.txt' 'it'\''s' '')");
  EXPECT_EQ(lake::shell_line({"get", "--token", "Hunter2"}), "get --token '***REDACTED***'");
}

TEST_F(CommandRunTest, PatternsAreThoseOfAShell) {
  const fs::path here = "/data/project";
  EXPECT_TRUE(lake::matches("/data/project/a.txt", "*.txt", here));
  EXPECT_FALSE(lake::matches("/data/project/sub/a.txt", "*.txt", here));
  EXPECT_TRUE(lake::matches("/data/project/sub/deep/a.txt", "**/*.txt", here));
  EXPECT_TRUE(lake::matches("/data/project/a.txt", "**/*.txt", here));
  EXPECT_TRUE(lake::matches("/data/project/results/a/b.csv", "results", here));
  EXPECT_TRUE(lake::matches("/data/project/results/a/b.csv", "results/**", here));
  EXPECT_FALSE(lake::matches("/data/project/results2/b.csv", "results/**", here));
  EXPECT_TRUE(lake::matches("/data/other/x.bam", "/data/*/x.ba?", here));
  EXPECT_TRUE(lake::matches("/data/x.bam", "../*.bam", here));
}

TEST_F(CommandRunTest, AFailureIsARunThatFailed) {
  const auto done = run_command(*instance, {.words = {"sh", "-c", "echo x > out.txt; exit 4"},
                                            .folder = box.path(""),
                                            .save_outputs = true,
                                            .printed = [](int, std::string_view) {}});
  EXPECT_EQ(done.exit_status, 4);
  EXPECT_EQ(done.run.at("_status_code").integer_or(-9), 1);
  EXPECT_TRUE(done.outputs.empty());
  EXPECT_THROW(run_command(*instance, {.words = {"nothing-like-this"}}), Error);
  EXPECT_THROW(run_command(*instance, {}), Error);
  EXPECT_THROW(run_command(*instance, {.words = {"true"}, .observer = "eyes"}), Error);
}

TEST_F(CommandRunTest, IsDoneAgainElsewhere) {
  const auto folder = box.path("here");
  fs::create_directories(folder);
  std::ofstream(folder / "in.txt") << "b\na\n";
  const auto silent = [](int, std::string_view) {};
  const auto done = run_command(*instance, {.words = {"sort", "in.txt", "-o", (folder / "out.txt").string()},
                                            .folder = folder,
                                            .save_outputs = true,
                                            .printed = silent});
  ASSERT_EQ(done.outputs.size(), 1U);
  fs::remove(folder / "out.txt");
  auto again = rerun(*instance, done.run, {.printed = silent});
  EXPECT_TRUE(again.same());
  EXPECT_FALSE(fs::exists(folder / "out.txt"));
  std::ofstream(folder / "in.txt") << "c\n";
  again = rerun(*instance, done.run, {.printed = silent});
  EXPECT_FALSE(again.same());
  EXPECT_THAT(again.notes, ::testing::Contains(::testing::HasSubstr("changed since")));
}

}  // namespace
}  // namespace lamin
