// tracking.cpp -- a run for a shell: `lamin track`, commands, `lamin finish`. A script that runs in parallel with
// others sets its own run: export LAMIN_RUN=$(lamin track).
#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "commands.hpp"
#include "lamin/lineage.hpp"
#include "lamin/run_diff.hpp"

namespace lamin::cli {

namespace fs = std::filesystem;

namespace {

/// The script that the calling shell runs; nullopt if it is an interactive one, or runs a command.
std::optional<fs::path> calling_script() {
  const auto parent = fs::path("/proc") / std::to_string(::getppid());
  std::ifstream file(parent / "cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  if (words.empty()) return std::nullopt;
  const auto shell = fs::path(words[0]).filename().string();
  constexpr std::array shells = {"sh", "bash", "dash", "zsh", "ksh", "ash"};
  if (std::ranges::find(shells, shell) == shells.end()) return std::nullopt;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "-c") return std::nullopt;
    if (words[i].starts_with('-')) continue;
    std::error_code failed;
    const auto folder = fs::read_symlink(parent / "cwd", failed);
    auto script = folder / words[i];  // the folder in which the shell is now, unless the path is absolute
    if (!fs::is_regular_file(script, failed)) script = words[i];
    return fs::is_regular_file(script, failed) ? std::optional(script) : std::nullopt;
  }
  return std::nullopt;
}

/// A version of a program by its tag, its uid, or the end of it.
Record version_called(const std::vector<Record>& all, const std::string& name) {
  for (const auto& one : all) {
    if (one.text("version_tag") == name || one.uid() == name || (name.size() <= 4 && one.uid().ends_with(name)))
      return one;
  }
  throw Error(Code::not_found, fmt::format("'{}' has no version '{}': `lamin versions --key {}` lists them",
                                           all.front().text("key"), name, all.front().text("key")));
}

/// The run before this one of the same program.
Record run_before(Instance& instance, const Record& run) {
  auto& database = instance.database();
  const auto transform = database.related_one(run, *run.table().find_relation("transform"));
  const auto before = database.first({.registry = "Run",
                                      .where = Expr::all_of({Expr::compare("transform.uid", Op::startswith,
                                                                           std::string(transform->uid().substr(0, 12))),
                                                             Expr::compare("id", Op::lt, Value(run.id()))}),
                                      .order_by = {"-id"}});
  if (!before)
    throw Error(Code::not_found,
                fmt::format("'{}' has no run before {}: name another one", transform->text("key"), run.uid()));
  return *before;
}

/// `lamin diff run BEFORE AFTER`, or of one run with the one before.
int diff_of_runs(const Given& given) {
  if (!given.has("before")) throw Error(Code::invalid_argument, "Which runs? `lamin list run` shows their uids.");
  const auto instance = open();
  const auto& runs = instance->catalog().table("Run");
  const auto named = instance->database().get(runs, given.text("before"));
  const auto after = given.has("after") ? instance->database().get(runs, given.text("after")) : named;
  const auto before = given.has("after") ? named : run_before(*instance, named);
  const auto diff = diff_runs(*instance, before, after);
  print(given.has("json") ? to_json(diff) + "\n" : to_text(diff));
  return 0;
}

}  // namespace

int diff(const Given& given) {
  if (given.text("transform") == "run") return diff_of_runs(given);
  if (given.has("json")) throw Error(Code::invalid_argument, "--json goes with `lamin diff run`.");
  const auto instance = open();
  auto& database = instance->database();
  const auto name = given.text("transform");
  auto latest = database.first({.registry = "Transform",
                                .where = Expr::compare("key", Op::exact, name),
                                .order_by = {"-is_latest", "-created_at", "-id"}});
  if (!latest) latest = database.get(instance->catalog().table("Transform"), name);
  auto all = database.all({.registry = "Transform",
                           .where = Expr::compare("uid", Op::startswith, std::string(latest->uid().substr(0, 12))),
                           .order_by = {"-uid"},
                           .any_branch = true});
  const auto after = given.has("after") ? version_called(all, given.text("after")) : all.front();
  if (!given.has("before") && all.size() < 2)
    throw Error(Code::not_found, fmt::format("'{}' has one version only, {}", name, all.front().uid()));
  const auto before = given.has("before") ? version_called(all, given.text("before")) : all[1];
  print(source_diff(before, after));
  return 0;
}

int track(const Given& given) {
  const auto instance = open();
  auto& database = instance->database();
  if (database.session().run != 0)
    throw Error(Code::conflict, "This shell is tracked already. `lamin finish` ends its run.");
  const auto script = given.has("key") ? std::nullopt : calling_script();
  TransformOptions options{.key = given.text("key", "shell"), .kind = "script"};
  if (script) {
    const auto source = source_of(*script);
    options.key = source.key;
    options.source_code = source.code;
  }
  const auto transform = make_transform(*instance, options);
  const auto run = start_run(*instance, transform);
  keep_run(*instance, run);
  tell(fmt::format("→ started run {} of transform {}", run.uid(), transform.text("key")));
  print_value(std::string(run.uid()));
  return 0;
}

int finish(const Given&) {
  const auto instance = open();
  auto& database = instance->database();
  if (database.session().run == 0)
    throw Error(Code::not_configured, "No run is tracked in this shell. `lamin track` starts one.");
  auto run = database.find(instance->catalog().table("Run"), database.session().run).value();
  finish_run(*instance, run, RunStatus::completed);
  forget_run(*instance);
  std::fprintf(stderr, "→ finished run %s\n", std::string(run.uid()).c_str());
  return 0;
}

}  // namespace lamin::cli
