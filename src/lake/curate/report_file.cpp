#include "lake/curate/report_file.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <unordered_map>

#include "lake/curate/candidates.hpp"
#include "lake/curate/frame_edit.hpp"
#include "lake/feature/dtype_target.hpp"

namespace lamin::lake {
namespace {

using format::ColumnSketch;
using format::TableSketch;

constexpr std::size_t most_explained = 200;  ///< bad values of a column with candidates; more are not typos

struct Seen {
  std::int64_t count = 0, row = -1;
};
using Counts = std::unordered_map<std::string, Seen>;

/// How often each of these values occurs in a column.
Counts counted(const Column& column, const std::vector<std::string>& values) {
  Counts counts;
  for (const auto& value : values) counts.emplace(value, Seen{});
  const Column& items = column.kind() == Column::Kind::list ? column.items() : column;
  const bool text = items.kind() == Column::Kind::text || items.kind() == Column::Kind::category;
  for (std::int64_t row = 0; row < items.size(); ++row) {
    if (items.is_null(row)) continue;
    const auto found = counts.find(text ? std::string(items.text(row)) : to_string(items.value(row)));
    if (found != counts.end() && found->second.count++ == 0) found->second.row = row;
  }
  return counts;
}

Counts counted(const ColumnSketch& column) {
  Counts counts;
  if (!column.complete) return counts;
  const bool text = column.values.kind() == Column::Kind::text;
  for (std::int64_t i = 0; i < column.values.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    counts.emplace(text ? std::string(column.values.text(i)) : to_string(column.values.value(i)),
                   Seen{column.counts[at], column.rows[at]});
  }
  return counts;
}

std::vector<LabelsOf> labels_of(Instance& instance, const Part& part, const Dtype* dtype) {
  std::vector<LabelsOf> labels;
  if (part.of_terms) {
    const auto itype = part.schema.text("itype");
    const auto& catalog = instance.catalog();
    labels.push_back({itype_table(catalog, itype).qualified.str(), {.field = itype_field(catalog, itype)}});
  } else if (dtype != nullptr) {
    for (const auto& target : dtype->targets) labels.push_back({target.registry, target_options(instance, target)});
  }
  for (auto& one : labels) one.options.from_source = true;
  return labels;
}

std::vector<BadValue> bad_values(Instance& instance, const Problem& problem, const Counts& counts,
                                 std::vector<LabelsOf> labels) {
  std::vector<BadValue> values;
  for (const auto& value : problem.inspection.non_validated) {
    const auto found = counts.find(value);
    const Seen seen = found == counts.end() ? Seen{} : found->second;
    values.push_back({.value = value, .count = seen.count, .row = seen.row});
  }
  std::ranges::stable_sort(values, std::ranges::greater(), &BadValue::count);
  const Candidates candidates(instance, std::move(labels));
  for (std::size_t i = 0; i < std::min(values.size(), most_explained); ++i)
    values[i].candidates = candidates.of(values[i].value);
  return values;
}

std::int64_t total(const std::vector<BadValue>& values) {
  std::int64_t rows = 0;
  for (const auto& one : values) rows += one.count;
  return rows;
}

class PartReport {
 public:
  PartReport(Instance& instance, const Part& part, const Frame& frame, const std::vector<Problem>& problems,
             FileReport& report)
      : instance_(instance), part_(part), frame_(frame), problems_(problems), report_(report) {}

  void add() {
    if (!part_.of_terms) columns_ = dataset_columns(instance_, part_, frame_);
    for (const auto& problem : problems_) {
      if (problem.slot == part_.slot) add_problem(problem);
    }
    if (part_.of_terms) add_terms();
    for (const auto& column : columns_) add_column(column);
  }

 private:
  std::int64_t rows() const { return part_.sketch != nullptr ? part_.sketch->rows : frame_.rows(); }
  const ColumnSketch* sketch(const std::string& column) const {
    return part_.sketch == nullptr ? nullptr : part_.sketch->find(column);
  }
  bool is_there(const DatasetColumn& column) const {
    return !column.column.empty() && frame_.find(column.column) != nullptr;
  }

  /// The feature that a problem is about; null if it is about none.
  const DatasetColumn* column_of(const Problem& problem) const {
    for (const auto& one : columns_) {
      if (!problem.column.empty() && one.feature.text("name") == problem.column) return &one;
    }
    for (const auto& one : columns_) {
      if (one.is_index && problem.column == "index") return &one;
    }
    return nullptr;
  }

  Counts counts(const std::string& column, const std::vector<std::string>& values) const {
    if (column.empty() || frame_.find(column) == nullptr) return {};
    const auto* drawn = sketch(column);
    return drawn != nullptr ? counted(*drawn) : counted(frame_.at(column), values);
  }

  void add_problem(const Problem& problem) {
    ReportProblem found{
        .slot = problem.slot, .column = problem.column, .rule = problem.rule, .message = problem.message};
    const auto* column = column_of(problem);
    const auto& bad = problem.inspection.non_validated;
    if (!bad.empty()) {
      const auto name = column != nullptr ? column->column : part_.of_rows ? frame_.index : std::string();
      found.values = bad_values(instance_, problem, counts(name, bad),
                                labels_of(instance_, part_, column == nullptr ? nullptr : &column->dtype));
      found.rows = total(found.values);
    } else if (problem.rule == "null" && column != nullptr) {
      found.rows = missing(*column);
    }
    report_.problems.push_back(std::move(found));
  }

  std::int64_t missing(const DatasetColumn& column) const {
    if (const auto* drawn = sketch(column.column); drawn != nullptr) return drawn->nulls;
    const auto& values = frame_.at(column.column);
    std::int64_t n = 0;
    for (std::int64_t row = 0; row < values.size(); ++row) n += values.is_null(row) ? 1 : 0;
    return n;
  }

  std::int64_t distinct(const DatasetColumn& column) const {
    if (const auto* drawn = sketch(column.column); drawn != nullptr)
      return drawn->complete && !drawn->partial ? drawn->values.size() : -1;
    return static_cast<std::int64_t>(unique_labels(frame_.at(column.column)).size());
  }

  void add_column(const DatasetColumn& column) {
    ReportColumn one{.slot = part_.slot,
                     .column = std::string(column.feature.text("name")),
                     .dtype = std::string(column.feature.text("_dtype_str")),
                     .rows = rows(),
                     .found = is_there(column)};
    if (one.found) {
      one.missing = missing(column);
      one.distinct = distinct(column);
    }
    one.valid = std::ranges::none_of(
        problems_, [&](const auto& problem) { return problem.slot == part_.slot && column_of(problem) == &column; });
    if (!one.found && !column.optional && part_.flag("minimal_set")) one.valid = false;
    report_.columns.push_back(std::move(one));
  }

  void add_terms() {
    ReportColumn one{.slot = part_.slot,
                     .column = part_.of_rows ? frame_.index : "",
                     .dtype = std::string(part_.schema.text("itype")),
                     .rows = rows(),
                     .distinct = static_cast<std::int64_t>(term_labels(part_, frame_).size())};
    if (const auto* drawn = sketch(one.column); drawn != nullptr && drawn->partial) one.distinct = -1;
    one.valid = std::ranges::none_of(problems_, [&](const auto& problem) { return problem.slot == part_.slot; });
    report_.columns.push_back(std::move(one));
  }

  Instance& instance_;
  const Part& part_;
  const Frame& frame_;
  const std::vector<Problem>& problems_;
  FileReport& report_;
  std::vector<DatasetColumn> columns_;
};

}  // namespace

void report_part(Instance& instance, const Part& part, const Frame& frame, const std::vector<Problem>& problems,
                 FileReport& report) {
  PartReport(instance, part, frame, problems, report).add();
}

void report_table(const TableSketch& table, FileReport& report) {
  const std::string place = table.slot.empty() ? "" : " in slot '" + table.slot + "'";
  if (table.repeated_names > 0) {
    report.notes.push_back(fmt::format(
        "{} name{} of rows{} {} not unique: rows cannot be told apart by them; in Python, "
        "`obs_names_make_unique()` or a new index helps",
        table.repeated_names, table.repeated_names == 1 ? "" : "s", place, table.repeated_names == 1 ? "is" : "are"));
  }
  if (!table.names_compared)
    report.notes.push_back(fmt::format("{} names of rows{} were not compared with each other", table.rows, place));
  if (const auto* index = table.find(table.index); index != nullptr && index->nulls > 0) {
    report.notes.push_back(
        fmt::format("{} row{}{} no name", index->nulls, place, index->nulls == 1 ? " has" : "s have"));
  }
  for (const auto& column : table.columns) {
    if (!column.repeated.empty()) {
      report.problems.push_back(
          {.slot = table.slot,
           .column = column.name,
           .rule = "repeated_levels",
           .message = fmt::format("column '{}'{} has the level '{}' {}: merge its levels, since pandas "
                                  "refuses such a column",
                                  column.name, place, column.repeated.front(),
                                  column.repeated.size() == 1 ? "twice" : "and others twice")});
    }
    if (column.unused > 0) {
      report.notes.push_back(fmt::format("column '{}'{} has {} level{} that no row has; they are not checked",
                                         column.name, place, column.unused, column.unused == 1 ? "" : "s"));
    }
  }
}

std::vector<DatasetColumn> compared_columns(Instance& instance, const Part& part, const Frame& outline) {
  std::vector<DatasetColumn> columns;
  if (part.of_terms) {
    if (part.of_rows) columns.emplace_back().column = outline.index;
    return columns;
  }
  columns = dataset_columns(instance, part, outline);
  std::erase_if(columns, [](const auto& one) { return !one.dtype.is_category() || one.column.empty(); });
  return columns;
}

}  // namespace lamin::lake
