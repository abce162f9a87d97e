// tracking.cpp -- a run for a shell: `lamin track`, commands, `lamin finish`.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "base/file.hpp"
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
  base::write_file(shell_run_file(*instance), std::string(run.uid()) + "\n", base::Readers::owner);
  tell(fmt::format("→ started run {} of transform {}", run.uid(), transform.text("key")));
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
