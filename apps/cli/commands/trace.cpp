// trace.cpp -- import-run: what a workflow manager ran.
#include "lamin/trace.hpp"
#include <fmt/format.h>
#include <iterator>
#include "base/text.hpp"
#include "commands.hpp"

namespace lamin::cli {

namespace {

Trace trace_of(const Given& given) {
  const int sources = static_cast<int>(given.has("trace")) + static_cast<int>(given.has("nextflow")) +
                      static_cast<int>(given.has("redun"));
  if (sources != 1)
    throw Error(Code::invalid_argument, "Which run? Pass a trace, --nextflow FOLDER or --redun DATABASE.");
  const auto execution = given.text("execution");
  if (given.has("nextflow")) return nextflow_trace(given.text("nextflow"), execution);
  if (given.has("redun")) return redun_trace(given.text("redun"), execution);
  if (!execution.empty())
    throw Error(Code::invalid_argument, "--execution goes with --nextflow or --redun: a trace is that of one run.");
  return read_trace_file(given.text("trace"));
}

/// "1 artifact", "2 artifacts"
std::string counted(std::int64_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

/// "3 files, such as a.fq, b.fq, ..."
std::string some(const std::vector<std::string>& files) {
  constexpr std::size_t most = 3;
  std::string text = counted(std::ssize(files), "file") + ": ";
  for (std::size_t i = 0; i < std::min(most, files.size()); ++i) text += (i == 0 ? "" : ", ") + files[i];
  return files.size() > most ? text + ", ..." : text;
}

std::string uids(const std::vector<Record>& records) {
  std::vector<std::string> all;
  for (const auto& record : records) all.push_back(fmt::format("\"{}\"", record.uid()));
  return base::join(all, ", ");
}

}  // namespace

int import_run(const Given& given) {
  const auto trace = trace_of(given);
  const auto instance = open();
  const auto imported = import_run(
      *instance, trace,
      {.save_outputs = given.has("save-outputs"), .save_inputs = given.has("save-inputs"), .key = given.text("key")});
  if (!imported.unknown_inputs.empty())
    tell("! no artifact has the content of " + some(imported.unknown_inputs) +
         "; `lamin save` them and import again, or pass --save-inputs");
  if (!imported.lost.empty()) tell("! not saved as outputs, " + some(imported.lost));
  tell(fmt::format("→ imported run {} of {}: {}{}, {}, {}", imported.run.uid(), imported.transform.text("key"),
                   counted(imported.tasks, "task"),
                   imported.cached == 0 ? "" : fmt::format(" ({} from the cache)", imported.cached),
                   counted(imported.new_runs, "new run"), counted(std::ssize(imported.outputs), "artifact")));
  if (given.has("json")) {
    print(
        fmt::format("{{\"run\": \"{}\", \"transform\": \"{}\", \"tasks\": {}, \"cached\": {}, \"new_runs\": {}, "
                    "\"outputs\": [{}]}}\n",
                    imported.run.uid(), imported.transform.uid(), imported.tasks, imported.cached, imported.new_runs,
                    uids(imported.outputs)));
  } else {
    print_value(std::string(imported.run.uid()));
  }
  return 0;
}

}  // namespace lamin::cli
