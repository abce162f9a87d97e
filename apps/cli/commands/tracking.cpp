// tracking.cpp -- a run for a shell: `lamin track`, commands, `lamin finish`.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/path.hpp"
#include "commands.hpp"
#include "lamin/lineage.hpp"

namespace lamin::cli {

int track(const Given& given) {
  const auto instance = open();
  auto& database = instance->database();
  if (database.stamp().run != 0)
    throw Error(Code::conflict, "This shell is tracked already. `lamin finish` ends its run.");
  const auto transform = make_transform(*instance, {.key = given.text("key", "shell"), .kind = "script"});
  const auto run = start_run(*instance, transform);
  const auto file = shell_run_file(*instance);
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  std::ofstream(file) << run.uid() << "\n";
  std::fprintf(stderr, "→ started run %s of transform %s\n", std::string(run.uid()).c_str(),
               std::string(transform.text("key")).c_str());
  return 0;
}

int finish(const Given&) {
  const auto instance = open();
  auto& database = instance->database();
  if (database.stamp().run == 0)
    throw Error(Code::not_configured, "No run is tracked in this shell. `lamin track` starts one.");
  auto run = database.find(instance->catalog().table("Run"), database.stamp().run).value();
  finish_run(*instance, run, RunStatus::completed);
  std::filesystem::remove(shell_run_file(*instance));
  std::fprintf(stderr, "→ finished run %s\n", std::string(run.uid()).c_str());
  return 0;
}

}  // namespace lamin::cli
