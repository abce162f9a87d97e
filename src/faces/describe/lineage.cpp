// lineage.cpp -- the runs around a dataset as a text tree.
#include "lamin/lineage.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <set>
#include "base/time.hpp"
#include "base/visible.hpp"
#include "lamin/describe.hpp"

namespace lamin {
namespace faces {
namespace {

std::string label(const Record& dataset) {
  const bool collection = dataset.table().name == "Collection";
  const std::string_view name =
      dataset.table().find_column("key") != nullptr ? dataset.text("key") : dataset.text("name");
  const auto version =
      dataset.table().has(schema::Trait::versioned) ? dataset.uid().substr(dataset.uid().size() - 4) : dataset.uid();
  return base::visible_line(
      fmt::format("{}{} ({})", collection ? "collection " : "", name.empty() ? dataset.uid() : name, version));
}

std::string label(const LineageStep& step) {
  const auto started = std::get_if<Time>(&step.run.at("started_at"));
  const auto entrypoint = step.run.text("entrypoint");
  return base::visible_line(fmt::format("{}{}{}  run {}{}", step.transform.text("key"), entrypoint.empty() ? "" : ": ",
                                        entrypoint, step.run.uid().substr(0, 7),
                                        started != nullptr ? " at " + base::display(*started) : ""));
}

// One direction as a tree: dataset, the runs next to it, their datasets on the far side, and so on. A run is expanded
// once; where it recurs, a reader finds it above.
class Tree {
 public:
  Tree(const std::vector<LineageStep>& steps, bool downstream) : steps_(steps), downstream_(downstream) {}

  void print(const Record& dataset, const std::string& indent, std::string& out) {
    std::vector<const LineageStep*> next;
    for (const auto& step : steps_) {
      const auto& near = downstream_ ? step.inputs : step.outputs;
      const bool touches = std::any_of(near.begin(), near.end(), [&](const Record& r) {
        return r.id() == dataset.id() && &r.table() == &dataset.table();
      });
      if (touches) next.push_back(&step);
    }
    for (std::size_t i = 0; i < next.size(); ++i) {
      const bool last = i + 1 == next.size();
      const bool opened = !seen_.insert(next[i]->run.id()).second;
      out += fmt::format("{}{}{} {}{}\n", indent, last ? "└── " : "├── ", downstream_ ? "used by" : "made by",
                         label(*next[i]), opened ? "  (see above)" : "");
      if (opened) continue;
      const auto below = indent + (last ? "    " : "│   ");
      const auto& far = downstream_ ? next[i]->outputs : next[i]->inputs;
      for (std::size_t j = 0; j < far.size(); ++j) {
        const bool final = j + 1 == far.size();
        out += fmt::format("{}{}{} {}\n", below, final ? "└── " : "├── ", downstream_ ? "made" : "from", label(far[j]));
        print(far[j], below + (final ? "    " : "│   "), out);
      }
    }
  }

 private:
  const std::vector<LineageStep>& steps_;
  bool downstream_;
  std::set<std::int64_t> seen_;
};

}  // namespace
}  // namespace faces

std::string print_lineage(Instance& instance, const Record& dataset) {
  const auto up = lineage(instance, dataset), down = lineage(instance, dataset, Direction::downstream);
  std::string out = faces::label(dataset) + "\n";
  if (up.empty() && down.empty()) return out + "    no run made it and none has used it\n";
  // With something below it, the upper half must not end in a corner.
  faces::Tree(up, false).print(dataset, "", out);
  faces::Tree(down, true).print(dataset, "", out);
  return out;
}

}  // namespace lamin
