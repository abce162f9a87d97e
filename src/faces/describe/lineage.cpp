// lineage.cpp -- the runs around a dataset as a text tree.
#include "lamin/lineage.hpp"
#include <fmt/format.h>
#include <deque>
#include <map>
#include <set>
#include <utility>
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

constexpr int deepest = 20;  // steps of one tree: deeper, the indentation would grow faster than the content

// One direction as a tree: dataset, the runs next to it, their datasets on the far side, and so on. A run is expanded
// once; where it recurs, a reader finds it above. What is too deep waits for a tree of its own.
class Tree {
 public:
  Tree(const std::vector<LineageStep>& steps, bool downstream) : downstream_(downstream) {
    for (const auto& step : steps) {
      for (const auto& near : downstream ? step.inputs : step.outputs) next_[key(near)].push_back(&step);
    }
  }

  void print(const Record& dataset, std::string& out) { print(dataset, "", 0, out); }

  void print_rest(std::string& out) {
    while (!waiting_.empty()) {
      const Record dataset = std::move(waiting_.front());
      waiting_.pop_front();
      out += "\n" + label(dataset) + ", continued\n";
      print(dataset, out);
    }
  }

 private:
  using Key = std::pair<const schema::Table*, std::int64_t>;
  static Key key(const Record& dataset) { return {&dataset.table(), dataset.id()}; }

  void print(const Record& dataset, const std::string& indent, int depth, std::string& out) {
    const auto found = next_.find(key(dataset));
    if (found == next_.end()) return;
    const auto& next = found->second;
    for (std::size_t i = 0; i < next.size(); ++i) {
      const bool last = i + 1 == next.size();
      const bool opened = !seen_.insert(next[i]->run.id()).second;
      out += fmt::format("{}{}{} {}{}\n", indent, last ? "└── " : "├── ", downstream_ ? "used by" : "made by",
                         label(*next[i]), opened ? "  (see above)" : "");
      if (!opened)
        print(downstream_ ? next[i]->outputs : next[i]->inputs, indent + (last ? "    " : "│   "), depth, out);
    }
  }

  void print(const std::vector<Record>& far, const std::string& indent, int depth, std::string& out) {
    for (std::size_t i = 0; i < far.size(); ++i) {
      const bool last = i + 1 == far.size(), waits = depth + 1 == deepest && next_.contains(key(far[i]));
      out += fmt::format("{}{}{} {}{}\n", indent, last ? "└── " : "├── ", downstream_ ? "made" : "from", label(far[i]),
                         waits ? "  (continued below)" : "");
      if (!waits) print(far[i], indent + (last ? "    " : "│   "), depth + 1, out);
      else if (queued_.insert(key(far[i])).second) waiting_.push_back(far[i]);
    }
  }

  bool downstream_;
  std::map<Key, std::vector<const LineageStep*>> next_;
  std::set<std::int64_t> seen_;
  std::set<Key> queued_;
  std::deque<Record> waiting_;
};

}  // namespace
}  // namespace faces

std::string print_lineage(Instance& instance, const Record& dataset, bool upstream_only) {
  const auto up = lineage(instance, dataset);
  const auto down = upstream_only ? std::vector<LineageStep>() : lineage(instance, dataset, Direction::downstream);
  std::string out = faces::label(dataset) + "\n";
  if (up.empty() && down.empty())
    return out + (upstream_only ? "    no run made it\n" : "    no run made it and none has used it\n");
  // With something below it, the upper half must not end in a corner.
  faces::Tree above(up, false), below(down, true);
  above.print(dataset, out);
  below.print(dataset, out);
  above.print_rest(out);
  below.print_rest(out);
  return out;
}

}  // namespace lamin
