// kept_run.cpp -- a run that continues from one process to the next.
#include <fmt/format.h>
#include <cstdlib>
#include "base/file.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/lineage.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

fs::path note_of(const Instance& instance) {
  return base::settings_folder() /
         fmt::format("current_run--{}--{}.txt", instance.settings().owner, instance.settings().name);
}

std::optional<Record> run_called(Instance& instance, std::string_view uid) {
  return instance.database().find(instance.catalog().table("Run"), uid);
}

}  // namespace

std::optional<Record> resume_run(Instance& instance) {
  std::optional<Record> run;
  if (const char* uid = std::getenv("LAMIN_RUN"); uid != nullptr) {
    // A script that is about to start its own run, or a task of a workflow manager that has none of its own.
    if (*uid == '\0' || std::string_view(uid) == "none") return std::nullopt;
    run = run_called(instance, uid);
    if (!run) {
      throw Error(Code::not_found,
                  fmt::format("LAMIN_RUN is '{}', but no run has this uid: unset it, or set it to what "
                              "`lamin track` printed",
                              uid));
    }
  } else if (const auto noted = lake::read_text_file(note_of(instance))) {
    run = run_called(instance, base::trim(*noted));
  }
  if (run) instance.database().session().run = run->id();
  return run;
}

// A caller that names the run in the environment needs no note, and must not touch those of others.
void keep_run(Instance& instance, const Record& run) {
  if (std::getenv("LAMIN_RUN") != nullptr) return;
  base::write_file(note_of(instance), fmt::format("{}\n", run.uid()), base::Readers::owner);
}

void forget_run(Instance& instance) {
  if (std::getenv("LAMIN_RUN") != nullptr) return;
  std::error_code ignored;
  fs::remove(note_of(instance), ignored);
}

}  // namespace lamin
