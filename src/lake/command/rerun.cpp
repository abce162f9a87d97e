// rerun.cpp -- a run again, in the way that its kind can be done again.
#include "lamin/rerun.hpp"
#include <algorithm>
#include "base/json.hpp"
#include "lake/command/rerun_parts.hpp"

namespace lamin {
namespace {

bool is_of_command(const Record& run) {
  const auto* document = std::get_if<Json>(&run.at("extra_data"));
  if (document == nullptr) return false;
  const auto all = base::parse_json(document->text);
  const auto* facts = all.is_object() ? all.as_object().if_contains("command") : nullptr;
  return facts != nullptr && facts->is_object();
}

}  // namespace

std::string_view name_of(Sameness sameness) {
  constexpr std::string_view names[] = {"bytes", "content", "different", "missing"};
  return names[static_cast<std::size_t>(sameness)];
}

bool Rerun::same() const {
  return exit_status == recorded_exit_status && std::ranges::all_of(outputs, [](const RerunOutput& output) {
           return output.sameness == Sameness::bytes || output.sameness == Sameness::content;
         });
}

Rerun rerun(Instance& instance, const Record& run, const RerunOptions& options) {
  return is_of_command(run) ? lake::rerun_command(instance, run, options) : lake::rerun_script(instance, run, options);
}

}  // namespace lamin
