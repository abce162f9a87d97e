// tracking.cpp -- a run for a shell: `lamin track`, commands, `lamin finish`. A script that runs in parallel with
// others sets its own run: export LAMIN_RUN=$(lamin track).
#include <fmt/format.h>

#include <cstdio>

#include "commands.hpp"
#include "lamin/lineage.hpp"

namespace lamin::cli {

int track(const Given& given) {
  const auto instance = open();
  auto& database = instance->database();
  if (database.session().run != 0)
    throw Error(Code::conflict, "This shell is tracked already. `lamin finish` ends its run.");
  const auto transform = make_transform(*instance, {.key = given.text("key", "shell"), .kind = "script"});
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
