#include "lake/record/sheet_labels.hpp"
#include <fmt/format.h>
#include <map>
#include <optional>
#include "lake/curate/candidates.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/feature/resolve.hpp"
#include "lake/record/sheet_cells.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {
namespace {

struct Complaint {
  std::string rule, why;
};

std::optional<Complaint> complaint(Instance& instance, const Record& feature, const std::vector<Value>& values) {
  Unresolved unresolved;
  try {
    (void)resolve(instance, feature, values, unresolved);
  } catch (const Error& error) {
    if (error.code() != Code::validation) throw;
    return Complaint{"ambiguous", error.what()};
  }
  try {
    unresolved.refuse();
  } catch (const Error&) {
    return Complaint{"not_registered", fmt::format("not validated in feature '{}'", feature.text("name"))};
  }
  return std::nullopt;
}

std::vector<Dtype::Target> targets_of(const Dtype& dtype) {
  if (!dtype.targets.empty()) return dtype.targets;
  return {{.registry = "ULabel", .field = "name"}};
}

std::vector<LabelsOf> registries_of(Instance& instance, const Dtype& dtype) {
  std::vector<LabelsOf> all;
  for (const auto& target : targets_of(dtype)) {
    const auto* field = instance.catalog().table(target.registry).find_column(target.field);
    if (field != nullptr && field->type == Type::text)
      all.push_back({target.registry, target_options(instance, target)});
  }
  return all;
}

Remedy remedy_for(Instance& instance, const Dtype& dtype, std::vector<std::string> values) {
  const auto target = targets_of(dtype).front();
  const bool public_terms = instance.catalog().table(target.registry).find_column("source") != nullptr;
  return {.verb = public_terms ? Remedy::Verb::register_terms : Remedy::Verb::register_values,
          .name = target.registry,
          .field = target.field,
          .values = std::move(values)};
}

}  // namespace

// All values together; one by one only where some are wrong.
void check_labels(Instance& instance, const SheetColumn& column, CellErrors& errors, std::vector<Remedy>& remedies) {
  std::vector<Value> distinct;
  std::map<std::string, std::vector<std::int64_t>> rows;  // of each value
  for (std::size_t r = 0; r < column.cells.size(); ++r) {
    for (const Value& value : column.cells[r]) {
      auto& where = rows[written(value)];
      if (where.empty()) distinct.push_back(value);
      where.push_back(static_cast<std::int64_t>(r));
    }
  }
  if (distinct.empty() || !complaint(instance, column.feature, distinct)) return;
  std::optional<Candidates> candidates;
  std::vector<std::string> unregistered;
  for (const Value& value : distinct) {
    const auto wrong = complaint(instance, column.feature, {value});
    if (!wrong) continue;
    const auto text = written(value);
    std::vector<Candidate> found;
    if (wrong->rule == "not_registered") {
      if (!candidates) candidates.emplace(instance, registries_of(instance, column.dtype));
      found = candidates->of(text);
      unregistered.push_back(text);
    }
    for (const auto row : rows[text]) errors.add(row, column.at, wrong->rule, wrong->why).candidates = found;
  }
  if (!unregistered.empty()) remedies.push_back(remedy_for(instance, column.dtype, std::move(unregistered)));
}

}  // namespace lamin::lake
