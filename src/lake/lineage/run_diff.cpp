// run_diff.cpp -- two runs side by side.
#include "lamin/run_diff.hpp"
#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <set>
#include "base/diff.hpp"
#include "base/json.hpp"
#include "base/source_file.hpp"
#include "base/time.hpp"
#include "base/visible.hpp"
#include "lamin/artifact.hpp"
#include "lamin/lineage.hpp"

namespace lamin {
namespace lake {
namespace {

namespace json = boost::json;
using Change = RunDiff::Change;

void flatten(const json::value& value, const std::string& path, std::map<std::string, std::string>& into) {
  const bool nested = value.is_object() && !value.get_object().empty();
  if (!nested) {
    into[path] = base::write_json(value);
    return;
  }
  for (const auto& [name, item] : value.get_object())
    flatten(item, path.empty() ? std::string(name) : path + "." + std::string(name), into);
}

std::map<std::string, std::string> flat_params(const Record& run) {
  std::map<std::string, std::string> all;
  const auto* params = std::get_if<Json>(&run.at("params"));
  if (params == nullptr) return all;
  const auto parsed = base::parse_json(params->text);
  if (parsed.is_object() && !parsed.get_object().empty()) flatten(parsed, "", all);
  return all;
}

std::vector<Change> changes(const std::map<std::string, std::string>& before,
                            const std::map<std::string, std::string>& after) {
  std::set<std::string> names;
  for (const auto* side : {&before, &after}) {
    for (const auto& [name, value] : *side) names.insert(name);
  }
  std::vector<Change> found;
  const auto value = [](const std::map<std::string, std::string>& side, const std::string& name) {
    const auto at = side.find(name);
    return at == side.end() ? std::string() : at->second;
  };
  for (const auto& name : names) {
    Change change{.name = name, .before = value(before, name), .after = value(after, name)};
    if (change.before != change.after) found.push_back(std::move(change));
  }
  return found;
}

class Differ {
 public:
  Differ(Instance& instance, const Record& before, const Record& after)
      : instance_(instance), before_(before), after_(after) {}

  RunDiff diff() {
    RunDiff diff;
    const auto transform_before = related(before_, "transform"), transform_after = related(after_, "transform");
    diff.fields = changes(fields(before_, *transform_before), fields(after_, *transform_after));
    diff.params = changes(flat_params(before_), flat_params(after_));
    if (transform_before->id() != transform_after->id()) diff.code = source_diff(*transform_before, *transform_after);
    const auto a = related(before_, "environment"), b = related(after_, "environment");
    if ((a ? a->id() : 0) != (b ? b->id() : 0))
      diff.environment =
          base::unified_diff(text(a), text(b), called("environment", before_), called("environment", after_));
    diff.inputs = files("input_of_runs", true);
    diff.outputs = files("run", false);
    return diff;
  }

 private:
  std::optional<Record> related(const Record& record, std::string_view field) {
    return instance_.database().related_one(record, *record.table().find_relation(field));
  }
  static std::string called(std::string_view what, const Record& run) {
    return fmt::format("{} of run {}", what, run.uid());
  }
  std::string text(const std::optional<Record>& artifact) {
    constexpr std::int64_t most_bytes = 64 << 20;
    return artifact ? base::small_file(cache_artifact(instance_, *artifact).string(), most_bytes) : std::string();
  }

  std::map<std::string, std::string> fields(const Record& run, const Record& transform) {
    std::map<std::string, std::string> all;
    const auto add = [&](std::string name, std::string_view value) {
      if (!value.empty()) all[std::move(name)] = base::write_json(json::value(json::string(value)));
    };
    add("transform", fmt::format("{} ({})", transform.text("key"), transform.uid()));
    for (const auto* name : {"cli_args", "entrypoint"}) add(name, run.text(name));
    add("status", schema::word_of(run.table().column("_status_code"), run.at("_status_code").integer_or(0)));
    if (const auto caller = related(run, "initiated_by_run")) {
      const auto of = related(*caller, "transform");
      add("initiated_by_run", of ? of->text("key") : "");
    }
    return all;
  }

  /// Artifacts that a run read or made, by their content.
  std::map<std::string, Record> artifacts(const Record& run, std::string_view field) {
    Query query{.registry = "Artifact",
                .where = Expr::all_of({Expr::compare(std::string(field), Op::exact, Value(run.id())),
                                       Expr::compare("branch", Op::ne, Value(-1))}),
                .order_by = {"id"},
                .any_branch = true};
    std::map<std::string, Record> all;
    for (auto& row : instance_.database().all(query)) {
      if (row.text("kind") == "__lamindb_run__") continue;
      const auto identity = row.at("hash").is_null()
                                ? std::string(row.uid())
                                : fmt::format("{} {}", row.text("hash"), row.at("size").integer_or(0));
      all.emplace(identity, std::move(row));
    }
    return all;
  }

  RunDiff::Files files(std::string_view field, bool input) {
    const auto before = artifacts(before_, field), after = artifacts(after_, field);
    // What a run has made again is its output, too.
    const auto again_before = input ? before : artifacts(before_, "recreating_runs");
    const auto again_after = input ? after : artifacts(after_, "recreating_runs");
    RunDiff::Files files;
    const auto only = [](const auto& one, const auto& again, const auto& other, const auto& other_again, auto& into) {
      std::set<std::string> names;
      for (const auto* side : {&one, &again}) {
        for (const auto& [identity, row] : *side) {
          if (other.contains(identity) || other_again.contains(identity)) continue;
          const auto key = row.text("key");
          names.insert(fmt::format("{} ({})", key.empty() ? row.text("description") : key, row.uid()));
        }
      }
      into.assign(names.begin(), names.end());
    };
    only(before, again_before, after, again_after, files.only_before);
    only(after, again_after, before, again_before, files.only_after);
    return files;
  }

  Instance& instance_;
  const Record& before_;
  const Record& after_;
};

void add_changes(std::string_view title, const std::vector<Change>& changes, std::string& text) {
  if (changes.empty()) return;
  text += fmt::format("{}\n", title);
  for (const auto& change : changes) {
    const auto shown = [](const std::string& value) { return value.empty() ? std::string("–") : value; };
    text += fmt::format("  {}: {} → {}\n", change.name, shown(change.before), shown(change.after));
  }
}

void add_files(std::string_view title, const RunDiff::Files& files, std::string& text) {
  if (files.only_before.empty() && files.only_after.empty()) return;
  text += fmt::format("{}\n", title);
  for (const auto& name : files.only_before) text += fmt::format("  - {}\n", name);
  for (const auto& name : files.only_after) text += fmt::format("  + {}\n", name);
}

json::array to_array(const std::vector<std::string>& texts) {
  json::array all;
  for (const auto& text : texts) all.emplace_back(text);
  return all;
}

json::array to_array(const std::vector<Change>& changes) {
  json::array all;
  for (const auto& change : changes) {
    const auto value = [](const std::string& text) {
      return text.empty() ? json::value(nullptr) : base::parse_json(text);
    };
    all.push_back(
        json::object{{"name", change.name}, {"before", value(change.before)}, {"after", value(change.after)}});
  }
  return all;
}

}  // namespace
}  // namespace lake

bool RunDiff::empty() const {
  const auto none = [](const Files& files) { return files.only_before.empty() && files.only_after.empty(); };
  return fields.empty() && params.empty() && code.empty() && environment.empty() && none(inputs) && none(outputs);
}

RunDiff diff_runs(Instance& instance, const Record& before, const Record& after) {
  for (const auto* run : {&before, &after}) {
    if (!*run || run->table().qualified != "Run")
      throw Error(Code::invalid_argument,
                  fmt::format("a {} is no run", *run ? run->table().name.view() : "missing record"));
  }
  return lake::Differ(instance, before, after).diff();
}

std::string to_text(const RunDiff& diff) {
  std::string text;
  lake::add_changes("Run", diff.fields, text);
  lake::add_changes("Params", diff.params, text);
  if (!diff.code.empty()) text += "Code\n" + diff.code;
  if (!diff.environment.empty()) text += "Environment\n" + diff.environment;
  lake::add_files("Inputs", diff.inputs, text);
  lake::add_files("Outputs", diff.outputs, text);
  return text;
}

std::string to_json(const RunDiff& diff) {
  const auto files = [](const RunDiff::Files& of) {
    return lake::json::object{{"only_before", lake::to_array(of.only_before)},
                              {"only_after", lake::to_array(of.only_after)}};
  };
  return base::write_json(lake::json::object{{"fields", lake::to_array(diff.fields)},
                                             {"params", lake::to_array(diff.params)},
                                             {"code", diff.code},
                                             {"environment", diff.environment},
                                             {"inputs", files(diff.inputs)},
                                             {"outputs", files(diff.outputs)}});
}

}  // namespace lamin
