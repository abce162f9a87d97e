// The rules of a schema, one by one.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "format/sketch.hpp"
#include "lake/curate/fits.hpp"
#include "lake/curate/frame_edit.hpp"
#include "lake/curate/part.hpp"
#include "lake/feature/dtype_target.hpp"

namespace lamin::lake {
namespace {

using Kind = lamin::Column::Kind;

constexpr std::size_t most_listed = 10;  // values listed in a message

std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), most_listed); ++i) text += (i ? ", '" : "'") + values[i] + "'";
  return values.size() > most_listed ? text + ", ..." : text;
}

std::string terms(std::size_t n) { return std::to_string(n) + (n == 1 ? " term" : " terms"); }

std::string place(const Part& part) { return part.slot.empty() ? "" : " in slot '" + part.slot + "'"; }

std::int64_t nulls(const lamin::Column& column) {
  std::int64_t n = 0;
  for (std::int64_t row = 0; row < column.size(); ++row) n += column.is_null(row) ? 1 : 0;
  return n;
}

Words synonym_lines(const Inspection& inspection, const std::string& key) {
  if (inspection.synonyms.empty()) return "";
  const std::size_t n = inspection.synonyms.size();
  std::string text = "\n    " + std::to_string(n) + (n == 1 ? " synonym" : " synonyms") + " found: ";
  std::size_t shown = 0;
  for (const auto& [from, to] : inspection.synonyms) {
    if (shown == most_listed) break;
    text += (shown++ ? ", \"" : "\"") + from + "\" → \"" + to + "\"";
  }
  return text + (n > most_listed ? ", ..." : "") +
         "\n    → curate synonyms via: " + Words(Remedy{.verb = Remedy::Verb::standardize, .name = key});
}

std::string suggestion_lines(const Inspection& inspection) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [value, suggestions] : inspection.suggestions) {
    if (shown++ == most_listed) break;
    text += "\n    '" + value + "': did you mean ";
    for (std::size_t i = 0; i < suggestions.size(); ++i) {
      text += (i ? " or '" : "'") + suggestions[i].value + "'";
      if (!suggestions[i].via.empty()) text += " (by its synonym '" + suggestions[i].via + "')";
    }
    text += "?";
  }
  return text;
}

/// "1 term not validated in feature 'cell_type' in slot 'obs': 'X'", then synonyms, guesses, and what to do.
Words not_registered_text(const Part& part, const std::string& what, const std::string& key,
                          const Inspection& inspection, const std::string& registry, const std::string& field) {
  Words text = terms(inspection.non_validated.size()) + " not validated in " + what + place(part) + ": " +
               listed(inspection.non_validated) + synonym_lines(inspection, key) + suggestion_lines(inspection);
  std::vector<std::string> rest;
  for (const std::string& value : inspection.non_validated) {
    if (!inspection.synonyms.contains(value)) rest.push_back(value);
  }
  if (rest.empty()) return text;
  text += inspection.synonyms.empty() ? "\n    → " : "\n    for remaining terms:\n    → ";
  text += "fix typos, remove values that do not exist, or create objects via:\n\n";
  text += Remedy{.verb = Remedy::Verb::register_values, .name = registry, .field = field, .values = rest};
  return text;
}

class PartCheck {
 public:
  PartCheck(Instance& instance, const Part& part, Frame& frame) : instance_(instance), part_(part), frame_(frame) {}

  Findings run() {
    if (part_.of_terms) check_terms();
    else check_features();
    return std::move(found_);
  }

 private:
  void report(std::string column, std::string rule, Words message, Inspection inspection = {}) {
    found_.problems.push_back(
        {part_.slot, std::move(column), std::move(rule), std::move(message), std::move(inspection)});
  }

  void check_features() {
    const auto columns = dataset_columns(instance_, part_, frame_);
    std::vector<std::string> missing;
    for (const DatasetColumn& one : columns) {
      if (!one.column.empty() && frame_.find(one.column)) check_column(one);
      else if (one.is_index)
        report("", "missing_column",
               "the table has no row names, but the schema's index is '" + std::string(one.feature.text("name")) + "'" +
                   place(part_));
      else if (!one.optional && part_.flag("minimal_set")) missing.push_back(one.column);
    }
    if (!missing.empty()) {
      report("", "missing_column",
             (missing.size() == 1 ? "column " : "columns ") + listed(missing) + " missing" + place(part_) +
                 ": add it to the data, or make the feature optional in the schema");
    }
    if (part_.flag("maximal_set")) check_extra(columns);
    if (part_.flag("ordered_set")) check_order(columns);
  }

  const format::ColumnSketch* sketch_of(const std::string& column) const {
    return part_.sketch == nullptr ? nullptr : part_.sketch->find(column);
  }
  std::span<const std::int64_t> rows_of(const std::string& column) const {
    const auto* sketch = sketch_of(column);
    return sketch == nullptr ? std::span<const std::int64_t>() : sketch->rows;
  }
  std::int64_t missing(const std::string& name, const lamin::Column& column) const {
    const auto* sketch = sketch_of(name);
    return sketch == nullptr ? nulls(column) : sketch->nulls;
  }

  void check_extra(const std::vector<DatasetColumn>& columns) {
    std::vector<std::string> extra;
    for (const std::string& name : frame_.names()) {
      const bool known = name == frame_.index || name.starts_with("__lamindb_") ||
                         std::any_of(columns.begin(), columns.end(),
                                     [&](const DatasetColumn& one) { return one.listed && one.column == name; });
      if (!known) extra.push_back(name);
    }
    if (extra.empty()) return;
    report("", "extra_column",
           (extra.size() == 1 ? "column " : "columns ") + listed(extra) + " not allowed by the schema" + place(part_) +
               ": remove it, or add the feature to the schema");
  }

  void check_order(const std::vector<DatasetColumn>& columns) {
    std::vector<std::string> wanted, found;
    for (const DatasetColumn& one : columns) {
      if (one.listed && !one.is_index && frame_.find(one.column)) wanted.push_back(one.column);
    }
    for (const std::string& name : frame_.names()) {
      if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) found.push_back(name);
    }
    if (wanted != found) {
      report("", "order",
             "columns" + place(part_) + " must come in the order " + listed(wanted) + ", not " + listed(found));
    }
  }

  void check_column(const DatasetColumn& one) {
    const std::string name(one.feature.text("name"));
    const lamin::Column* column = frame_.find(one.column);
    if (const std::string held = misfit(one.dtype, *column, rows_of(one.column)); !held.empty()) {
      const auto other = part_.coerce(one.feature) ? coerced_to(one.dtype, *column) : std::nullopt;
      if (!other) {
        report(name, "wrong_type",
               "column '" + name + "'" + place(part_) + " holds " + held + ", but feature '" + name + "' is " +
                   std::string(one.feature.text("_dtype_str")) + ": convert it, or " +
                   Words(Remedy{Remedy::Verb::coerce}) + " where all values can be converted");
        return;
      }
      frame_ = with_column(frame_, one.column, *other);
      column = frame_.find(one.column);
      found_.coerced.emplace_back(part_.slot, one.column, one.dtype.base);
    } else if (one.dtype.is_category() && !one.dtype.list && column->kind() != Kind::category &&
               part_.coerce(one.feature)) {
      found_.coerced.emplace_back(part_.slot, one.column, one.dtype.base);
    }
    if (!one.feature.at("nullable").boolean_or(true)) {
      if (const std::int64_t n = missing(one.column, *column)) {
        report(name, "null",
               std::to_string(n) + (n == 1 ? " value" : " values") + " missing in column '" + name + "'" +
                   place(part_) + ", and the feature is not nullable");
      }
    }
    if (one.dtype.is_category() && !one.dtype.targets.empty()) check_labels(one, *column);
  }

  void check_labels(const DatasetColumn& one, const lamin::Column& column) {
    Inspection inspection = inspect_values(instance_, one.dtype, unique_labels(column));
    if (inspection.non_validated.empty()) return;
    const std::string name(one.feature.text("name"));
    const Dtype::Target& target = one.dtype.targets.front();
    Words text = not_registered_text(part_, "feature '" + name + "'", name, inspection, target.registry, target.field);
    report(name, "not_registered", std::move(text), std::move(inspection));
  }

  void check_terms() {
    const std::string_view itype = part_.schema.text("itype");
    const std::string registry = itype_table(instance_.catalog(), itype).qualified.str();
    const std::string field = itype_field(instance_.catalog(), itype);
    const std::vector<std::string> labels = term_labels(part_, frame_);
    if (part_.flag("minimal_set") && !part_.members.empty()) {
      const std::set<std::string> present(labels.begin(), labels.end());
      std::vector<std::string> missing;
      for (const Record& member : part_.members) {
        const std::string label(member.text(field));
        const bool optional =
            std::find(part_.aux.optional.begin(), part_.aux.optional.end(), member.uid()) != part_.aux.optional.end();
        if (!optional && !present.contains(label)) missing.push_back(label);
      }
      if (!missing.empty()) {
        report("", "missing_member",
               terms(missing.size()) + " of the schema missing" + place(part_) + ": " + listed(missing));
      }
    }
    if (!part_.flag("maximal_set")) return note_unknown(labels, registry, field);
    Inspection inspection = inspect(instance_, registry, labels, {.field = field});
    if (inspection.non_validated.empty()) return;
    Words text = not_registered_text(part_, names_of_part(), "columns", inspection, registry, field);
    report("", "not_registered", std::move(text), std::move(inspection));
  }

  const char* names_of_part() const { return part_.of_rows ? "the names of the rows" : "the names of the columns"; }

  /// Labels that are not terms are allowed here, but seldom meant.
  void note_unknown(const std::vector<std::string>& labels, const std::string& registry, const std::string& field) {
    const std::vector<bool> valid = validate(instance_, registry, labels, {.field = field});
    std::vector<std::string> unknown;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!valid[i]) unknown.push_back(labels[i]);
    }
    if (unknown.empty()) return;
    found_.notes.push_back(terms(unknown.size()) + " not validated in " + names_of_part() + place(part_) + ": " +
                           listed(unknown) + "; the schema allows them, since it is no maximal set");
  }

  Instance& instance_;
  const Part& part_;
  Frame& frame_;
  Findings found_;
};

}  // namespace

Findings check_part(Instance& instance, const Part& part, Frame& frame) {
  return PartCheck(instance, part, frame).run();
}

}  // namespace lamin::lake
