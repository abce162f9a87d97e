// lineage.cpp -- steps that led to a dataset, or that used it: runs in rings around it, one query per relation and
// ring.
#include "lamin/lineage.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <map>
#include <set>

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
        // What a run both read and wrote counts as its output.
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

  // Runs that made (or, downstream, used) the datasets of a ring and were not seen before.
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

  // Ids of runs that have the datasets as inputs.
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

  // Datasets, not in the trash, that `field` links to the run.
  std::vector<Record> datasets(std::int64_t run, std::string_view field) {
    std::vector<Record> all;
    for (const auto registry : dataset_registries) {
      const auto& table = instance_.catalog().table(registry);
      if (table.find_relation(field) == nullptr) continue;
      Query query;
      query.registry = table.qualified.str();
      query.where = Expr::all_of({Expr::compare(std::string(field), Op::exact, run),
                                  Expr::in("branch", ids_of({0, 1, instance_.database().session().branch}))});
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

}  // namespace
}  // namespace lake

std::vector<LineageStep> lineage(Instance& instance, const Record& dataset, Direction direction) {
  if (dataset.table().find_relation("input_of_runs") == nullptr) {
    throw Error(Code::invalid_argument, fmt::format("a {} has no lineage: pass an artifact, a collection or a record",
                                                    dataset.table().name.view()));
  }
  return lake::Walk(instance, direction == Direction::downstream).from(dataset);
}

}  // namespace lamin
