// lineage.cpp -- steps that led to a dataset, or that used it: runs in rings around it, one query a relation and ring.
#include "lamin/lineage.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include "base/time.hpp"
#include "base/visible.hpp"

namespace lamin {
namespace lake {
namespace {

constexpr std::string_view dataset_registries[] = {"Artifact", "Collection", "Record"};

std::vector<Value> ids_of(const std::vector<std::int64_t>& ids) { return {ids.begin(), ids.end()}; }

class Walk {
 public:
  Walk(Instance& instance, bool downstream) : instance_(instance), downstream_(downstream) {}

  std::vector<LineageStep> from(const Record& dataset) {
    std::vector<Record> ring{dataset};
    while (!ring.empty()) {
      const auto runs = new_runs(ring);
      ring.clear();
      for (const auto run : runs) {
        LineageStep step;
        step.run = run_record(run);
        step.transform = transform_record(step.run);
        step.inputs = datasets(run, "input_of_runs");
        step.outputs = datasets(run, "run");
        // What a run both read and wrote is its output.
        std::erase_if(step.inputs, [&](const Record& r) { return contains(step.outputs, r); });
        for (const auto& next : downstream_ ? step.outputs : step.inputs) ring.push_back(next);
        steps_.push_back(std::move(step));
      }
    }
    return std::move(steps_);
  }

 private:
  static bool contains(const std::vector<Record>& all, const Record& record) {
    return std::any_of(all.begin(), all.end(), [&](const Record& other) {
      return other.id() == record.id() && &other.table() == &record.table();
    });
  }

  // Runs that made (or, downstream, used) the datasets of a ring and were not met before.
  std::vector<std::int64_t> new_runs(const std::vector<Record>& ring) {
    std::set<std::int64_t> found;
    if (!downstream_) {
      for (const auto& dataset : ring) {
        if (const auto run = dataset.at("run").integer_or(0); run != 0) found.insert(run);
      }
    } else {
      std::map<const schema::Table*, std::vector<Value>> by_table;
      for (const auto& dataset : ring) by_table[&dataset.table()].emplace_back(dataset.id());
      for (auto& [table, ids] : by_table) {
        const auto* relation = table->find_relation("input_of_runs");
        if (relation == nullptr) continue;
        for (const auto id : linked(*relation, ids)) found.insert(id);
      }
    }
    std::vector<std::int64_t> fresh;
    for (const auto run : found) {
      if (met_.insert(run).second) fresh.push_back(run);
    }
    return fresh;
  }

  // Ids of runs that the datasets are inputs of.
  std::vector<std::int64_t> linked(const schema::Relation& relation, std::vector<Value> datasets) {
    Query query;
    query.registry = relation.from->qualified.str();
    query.where = Expr::in("id", std::move(datasets));
    query.any_branch = true;
    const std::string paths[] = {relation.name.str() + ".id"};
    std::vector<std::int64_t> ids;
    const auto columns = instance_.database().columns(query, paths);
    for (const auto& value : columns.at(0)) {
      if (const auto id = value.integer_or(0); id != 0) ids.push_back(id);
    }
    return ids;
  }

  Record run_record(std::int64_t id) {
    auto run = instance_.database().find(instance_.catalog().table("Run"), id);
    if (!run) throw Error(Code::corrupt, fmt::format("a dataset names run {}, which does not exist", id));
    return std::move(*run);
  }

  Record transform_record(const Record& run) {
    auto transform = instance_.database().related_one(run, *run.table().find_relation("transform"));
    if (!transform) throw Error(Code::corrupt, fmt::format("run {} has no transform", run.uid()));
    return std::move(*transform);
  }

  // Datasets, not in the trash, that `field` connects with the run.
  std::vector<Record> datasets(std::int64_t run, std::string_view field) {
    std::vector<Record> all;
    for (const auto registry : dataset_registries) {
      const auto& table = instance_.catalog().table(registry);
      if (table.find_relation(field) == nullptr) continue;
      Query query;
      query.registry = table.qualified.str();
      query.where = Expr::all_of({Expr::compare(std::string(field), Op::exact, run),
                                  Expr::in("branch", ids_of({0, 1, instance_.database().stamp().branch}))});
      query.any_branch = true;
      query.order_by = {"id"};
      for (auto& record : instance_.database().all(query)) all.push_back(std::move(record));
    }
    return all;
  }

  Instance& instance_;
  bool downstream_;
  std::set<std::int64_t> met_;
  std::vector<LineageStep> steps_;
};

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

// One direction as a tree: dataset, the runs next to it, their datasets on the far side, and so on. A run is opened
// once; where it comes again a reader finds it above.
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
}  // namespace lake

std::vector<LineageStep> lineage(Instance& instance, const Record& dataset, bool downstream) {
  if (dataset.table().find_relation("input_of_runs") == nullptr) {
    throw Error(Code::invalid_argument, fmt::format("a {} has no lineage: pass an artifact, a collection or a record",
                                                    dataset.table().name.view()));
  }
  return lake::Walk(instance, downstream).from(dataset);
}

std::string print_lineage(Instance& instance, const Record& dataset) {
  const auto up = lineage(instance, dataset), down = lineage(instance, dataset, true);
  std::string out = lake::label(dataset) + "\n";
  if (up.empty() && down.empty()) return out + "    no run made it and none has used it\n";
  // With something below it, the upper half must not end in a corner.
  lake::Tree(up, false).print(dataset, "", out);
  lake::Tree(down, true).print(dataset, "", out);
  return out;
}

}  // namespace lamin
