// each.cpp -- the same work on many artifacts: here, or handed to Python, which clusters speak and which holds the
// libraries that curate and convert. It prints what came of it; the uids go to it through its standard input.
#include "lamin/each.hpp"
#include <fmt/format.h>
#include <cstdlib>
#include "base/json.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lamin/find.hpp"
#include "lamin/lineage.hpp"
#include "lamin/query.hpp"

namespace lamin::cli {
namespace {

Query asked(Instance& instance, const Given& given) {
  Query query{.registry = "Artifact", .order_by = {"id"}};
  if (given.has("where")) query.where = Expr::parse(given.text("where"));
  return listed(instance.catalog(), query);
}

std::string uids_of(Instance& instance, const Given& given) {
  const std::string paths[] = {"uid"};
  const auto columns = instance.database().columns(asked(instance, given), paths);
  std::string lines;
  for (const auto& uid : columns[0]) lines.append(uid.text_or("")).append("\n");
  return lines;
}

Executor executor_of(const Given& given) {
  const char* set = std::getenv("LAMIN_EXECUTOR");
  return executor_called(given.text("executor", set == nullptr ? "" : set));
}

void print_outcome(const EachOutcome& outcome, const std::string& work, bool json) {
  const std::pair<std::string, Value> members[] = {{"uid", Value(outcome.uid)}, {work, Value(outcome.value)}};
  print(json ? base::json_object(members) + "\n" : fmt::format("{}  {}\n", outcome.uid, outcome.value));
}

int work_here(Instance& instance, const Given& given, std::size_t workers) {
  const auto work = given.text("work");
  if (given.has("schema")) throw Error(Code::invalid_argument, fmt::format("{} does not take --schema.", work));
  const auto artifacts = instance.database().all(asked(instance, given));
  const auto outcomes = lamin::each(instance, artifacts, each_work_called(work),
                                    {.to = given.text("to"), .table = given.text("table", "obs"), .threads = workers});
  std::size_t failed = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].error) {
      ++failed;
      tell(fmt::format("! {}: {}", outcomes[i].uid, outcomes[i].error->words().in(Face::shell)));
      continue;
    }
    print_outcome(outcomes[i], work, given.has("json"));
    track_input(instance, artifacts[i]);
  }
  const auto count = outcomes.size() - failed;
  tell(fmt::format("→ done: {} artifact{}", count, count == 1 ? "" : "s"));
  if (failed == 0) return 0;
  throw Error(Code::unavailable, fmt::format("{} of {} artifacts failed. The others are done; call it again for these.",
                                             failed, outcomes.size()));
}

}  // namespace

int each(const Given& given) {
  const auto instance = open();
  const auto executor = executor_of(given);
  if (executor.kind == Executor::Kind::local && is_each_work(given.text("work")))
    return work_here(*instance, given, executor.workers);
  const auto uids = uids_of(*instance, given);
  std::vector<std::string> words{python_program(), "-m", "lamindb._executors.shell", given.text("work")};
  for (const char* option : {"to", "table", "schema", "executor"})
    if (given.has(option)) words.insert(words.end(), {std::string("--") + option, given.text(option)});
  if (given.has("json")) words.emplace_back("--json");
  return run_python(std::move(words), uids, "lamin each");
}

}  // namespace lamin::cli
