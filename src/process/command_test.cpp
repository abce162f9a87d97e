// Programs are run with their streams, files and ends seen, by each observer.
#include "process/command.hpp"
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>
#include <algorithm>
#include <fstream>
#include <map>
#include "lamin/error.hpp"
#include "process/keeper.hpp"

namespace lamin::process {
namespace {

namespace fs = std::filesystem;

class CommandTest : public testing::TestWithParam<Method> {
 protected:
  Result shell(const std::string& script, Command command = {}) {
    command.words = {"sh", "-c", script};
    command.folder = folder_;
    command.method = GetParam();
    command.printed = [this](int stream, std::string_view text) { printed_[stream] += text; };
    command.default_pipe_signal = true;
    auto result = run(command);
    result.keeper->done();
    for (auto& file : result.files) files_[fs::path(file.path).filename().string()] = file;
    return result;
  }
  void write(const char* name, const char* text) { std::ofstream(folder_ / name) << text; }
  bool sees() const { return GetParam() != Method::declared; }

  void SetUp() override {
    char name[] = "/tmp/lamin_command_XXXXXX";
    folder_ = fs::canonical(::mkdtemp(name));
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
  std::map<int, std::string> printed_;
  std::map<std::string, FileUse> files_;
};

TEST_P(CommandTest, TellsHowItEnded) {
  const auto result = shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_EQ(printed_[1], "out\n");
  EXPECT_EQ(printed_[2], "err\n");
  EXPECT_EQ(result.printed, 8);
  EXPECT_EQ(result.method, GetParam());
  const auto killed = shell("kill -KILL $$");
  EXPECT_EQ(killed.signal, SIGKILL);
  EXPECT_EQ(killed.exit_status, 128 + SIGKILL);
}

TEST_P(CommandTest, SeesWhatIsReadAndWritten) {
  if (!sees()) return;
  write("in.txt", "a\n");
  write("both.txt", "b\n");
  shell("cat in.txt > out.txt; cat both.txt >> copy.txt; echo c > both.txt; echo t > temp.txt; rm temp.txt");
  EXPECT_TRUE(files_["in.txt"].read && !files_["in.txt"].written);
  EXPECT_TRUE(files_["out.txt"].written && files_["out.txt"].is_new && !files_["out.txt"].read);
  const auto& both = files_["both.txt"];
  EXPECT_TRUE(both.read && both.written);
  ASSERT_TRUE(both.before) << "what was read, before it was changed";
  EXPECT_EQ(both.before->size, 2);
  EXPECT_TRUE(files_["temp.txt"].gone);
}

TEST_P(CommandTest, FollowsRenames) {
  if (!sees()) return;
  write("old.txt", "x");
  fs::create_directory(folder_ / "d");
  write("d/inside.txt", "y");
  shell("mv old.txt new.txt; echo z > made.tmp; mv made.tmp made.txt; mv d e; ln new.txt linked.txt");
  EXPECT_TRUE(files_["old.txt"].read && files_["old.txt"].gone);
  EXPECT_EQ(files_["old.txt"].now_at, (folder_ / "new.txt").string());
  EXPECT_TRUE(files_["new.txt"].written && files_["made.txt"].written && files_["linked.txt"].written);
  EXPECT_TRUE(files_["made.tmp"].gone);
  EXPECT_TRUE(files_["inside.txt"].written);
}

TEST_P(CommandTest, FollowsChildrenAndFolders) {
  if (!sees()) return;
  fs::create_directory(folder_ / "sub");
  write("sub/in.txt", "x");
  shell("(cd sub && (cat in.txt | cat > ../from_sub.txt) & wait); cd sub && cat ../sub/./in.txt > ./deep.txt");
  EXPECT_EQ(files_["in.txt"].path, (folder_ / "sub/in.txt").string());
  EXPECT_EQ(files_["from_sub.txt"].path, (folder_ / "from_sub.txt").string());
  EXPECT_EQ(files_["deep.txt"].path, (folder_ / "sub/deep.txt").string());
}

TEST_P(CommandTest, WhatIsOpenedAndLeftAloneIsNotWritten) {
  if (!sees()) return;
  write("x.txt", "x");
  shell("exec 3<>x.txt; exec 4>>x.txt; true < missing.txt; true");
  EXPECT_TRUE(files_["x.txt"].read && !files_["x.txt"].written);
  EXPECT_FALSE(files_.contains("missing.txt"));
}

TEST_P(CommandTest, CountsTheEnvironment) {
  if (!sees()) return;
  const auto result = shell("cat /etc/passwd > /dev/null");
  EXPECT_GT(result.environment_files, 0);
  EXPECT_TRUE(std::ranges::none_of(result.files, [](const auto& file) { return file.path.starts_with("/etc/"); }));
}

INSTANTIATE_TEST_SUITE_P(Every, CommandTest,
                         testing::Values(Method::seccomp, Method::ptrace, Method::preload, Method::declared),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST(FindProgram, SaysWhatIsWrong) {
  EXPECT_EQ(fs::path(find_program("sh")).filename(), "sh");
  EXPECT_THROW(find_program("nothing-like-this"), Error);
  EXPECT_THROW(find_program("/etc/passwd"), Error);
}

TEST(Command, ChangesNothingOutsideOfItsFolder) {
  char name[] = "/tmp/lamin_command_XXXXXX";
  const fs::path folder = fs::canonical(::mkdtemp(name));
  fs::create_directory(folder / "in");
  std::ofstream(folder / "kept.txt") << "1";
  Command command{
      .words =
          {"sh", "-c",
           "echo 2 > ../kept.txt; rm -f ../kept.txt; mv ../kept.txt x; echo 3 > new.txt; rm new.txt; echo 4 > last"},
      .folder = folder / "in",
      .writable = {(folder / "in").string() + "/"},
      .printed = [](int, std::string_view) {}};
  auto result = run(command);
  result.keeper->done();
  EXPECT_THAT(result.refused, testing::ElementsAre((folder / "kept.txt").string()));
  std::string text;
  std::ifstream(folder / "kept.txt") >> text;
  EXPECT_EQ(text, "1");
  EXPECT_TRUE(fs::exists(folder / "in/last") && !fs::exists(folder / "in/new.txt"));
  fs::remove_all(folder);
}

TEST(Command, ChangesNoDatabaseOutsideOfItsFolder) {
  char name[] = "/tmp/lamin_command_XXXXXX";
  const fs::path folder = fs::canonical(::mkdtemp(name));
  fs::create_directories(folder / "in");
  fs::create_directories(folder / "store/.lamindb");
  const auto database = folder / "store/.lamindb/lamin.db";
  std::ofstream(database) << "1";
  Command command{.words = {"sh", "-c", "echo 2 > ../store/.lamindb/lamin.db; echo 3 > ../store/.lamindb/new.txt"},
                  .folder = folder / "in",
                  .data = {(folder / "store").string()},
                  .writable = {(folder / "in").string() + "/"},
                  .printed = [](int, std::string_view) {}};
  auto result = run(command);
  result.keeper->done();
  EXPECT_THAT(result.refused, testing::ElementsAre(database.string(), (folder / "store/.lamindb/new.txt").string()));
  EXPECT_FALSE(fs::exists(folder / "store/.lamindb/new.txt"));
  fs::remove_all(folder);
}

TEST(Places, TellDataFromWhatIsInstalled) {
  ::setenv("HOME", "/people/me", 1);
  const Places places({"/opt/data", "/people/me/.cache/lamindb"});
  const std::pair<const char*, Role> cases[] = {
      {"/proc/self/maps", Role::system},
      {"/dev/null", Role::system},
      {"/usr/lib/x86_64-linux-gnu/libc.so.6", Role::environment},
      {"/etc/passwd", Role::environment},
      {"/opt/tool/bin/tool", Role::environment},
      {"/opt/data/x.bam", Role::data},
      {"/people/me/.config/tool.conf", Role::environment},
      {"/people/me/.cache/lamindb/abc.def/x.h5ad", Role::data},
      {"/people/me/project/x.csv", Role::data},
      {"/people/me/project/.venv/lib/python3.11/site-packages/numpy/core.py", Role::environment},
      {"/people/me/project/libx.so.1", Role::environment},
      {"/people/me/project/x.so.txt", Role::data},
      {"/project/st/.lamindb/lamin.db-wal", Role::system},
      {"/project/st/.lamindb/abcdefghijkl0000.csv", Role::data},
      {"/tmp/x", Role::scratch},
      {"/data/run/1.fastq.gz", Role::data},
  };
  for (const auto& [path, role] : cases) EXPECT_EQ(places.role(path), role) << path;
}

}  // namespace
}  // namespace lamin::process
