// The rules of a schema, one by one.
#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "format/sketch.hpp"
#include "lake/curate/complaint.hpp"
#include "lake/curate/fits.hpp"
#include "lake/curate/frame_edit.hpp"
#include "lake/curate/meant.hpp"
#include "lake/curate/part.hpp"
#include "lake/feature/dtype_target.hpp"
#include "lake/label/suggest.hpp"
#include "lamin/public_terms.hpp"

namespace lamin::lake {
namespace {

using Kind = lamin::Column::Kind;

constexpr std::string_view index_name = "index";  // what complaints call the feature that names the rows

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
    std::vector<DatasetColumn> columns;
    try {
      columns = dataset_columns(instance_, part_, frame_);
    } catch (const Error& error) {
      if (error.code() != Code::validation) throw;
      return report("", "ambiguous", error.words());
    }
    if (part_.is_dictionary) check_names(columns);
    for (const DatasetColumn& one : columns) {
      if (!one.column.empty() && frame_.find(one.column)) {
        check_column(one);
      } else if (one.is_index) {
        report("", "missing_column",
               fmt::format("the table has no row names, but the schema's index is '{}'{}", one.feature.text("name"),
                           place(part_)));
      } else if (!one.optional && part_.flag("minimal_set")) {
        report(one.column, "missing_column",
               fmt::format("column '{}' not in dataframe{}: {}add it, or make the feature optional in the schema",
                           one.column, place(part_), rename_of(one.column, columns)));
      }
    }
    if (part_.flag("maximal_set")) check_extra(columns);
    if (part_.flag("ordered_set")) check_order(columns);
  }

  /// "rename 'N_genes' if that is meant, " where a column that no feature has is called nearly like this.
  std::string rename_of(const std::string& wanted, const std::vector<DatasetColumn>& columns) const {
    const std::string folded = base::fold(squeezed(wanted));
    const int most = folded.size() < 4 ? 0 : 1;
    for (const std::string& name : frame_.names()) {
      if (name == frame_.index || std::ranges::find(columns, name, &DatasetColumn::column) != columns.end()) continue;
      if (base::edit_distance(folded, base::fold(squeezed(name))) <= most)
        return "rename '" + name + "' if that is meant, ";
    }
    return "";
  }

  /// A name in a dictionary must say which feature is meant.
  void check_names(const std::vector<DatasetColumn>& columns) {
    std::set<std::string> met, shared;
    for (const DatasetColumn& one : columns) {
      const std::string name(one.feature.text("name"));
      if (!met.insert(name).second) shared.insert(name);
    }
    if (shared.empty()) return;
    report("", "ambiguous",
           "features " + listed({shared.begin(), shared.end()}) +
               " share a name, so that a dictionary cannot tell them apart: make a schema with one of each name");
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
    const std::string name(one.is_index ? index_name : one.feature.text("name"));
    const lamin::Column* column = frame_.find(one.column);
    const bool coerces = part_.coerce(one.feature);
    const std::string held = misfit(one.dtype, *column, rows_of(one.column));
    const bool untyped = one.dtype.is_category() && !one.dtype.list && column->kind() != Kind::category;
    if (!held.empty()) {
      const auto other = coerces ? coerced_to(one.dtype, *column) : std::nullopt;
      if (!other) {
        const auto stuck = coerces ? unconvertible(one.dtype, *column, rows_of(one.column)) : std::string();
        return report(name, "wrong_type", wrong_type_text(part_, one, held, stuck));
      }
      frame_ = with_column(frame_, one.column, *other);
      column = frame_.find(one.column);
      found_.coerced.emplace_back(part_.slot, one.column, one.dtype.base);
    } else if (untyped && coerces && !one.is_index) {
      found_.coerced.emplace_back(part_.slot, one.column, one.dtype.base);
    }
    if (!one.feature.at("nullable").boolean_or(true)) check_nulls(one, name, *column);
    if (one.dtype.is_category() && !one.dtype.targets.empty()) check_labels(one, name, *column);
  }

  static std::int64_t nulls(const lamin::Column& column) {
    std::int64_t n = 0;
    for (std::int64_t row = 0; row < column.size(); ++row) n += column.is_null(row) ? 1 : 0;
    return n;
  }

  void check_nulls(const DatasetColumn& one, const std::string& name, const lamin::Column& column) {
    const std::int64_t n = missing(one.column, column);
    if (n == 0) return;
    report(name, "null",
           fmt::format("non-nullable series '{}' contains null values{}: {} of {} are missing, and the feature is not "
                       "nullable",
                       name, place(part_), n, part_.sketch == nullptr ? column.size() : part_.sketch->rows));
  }

  void check_labels(const DatasetColumn& one, const std::string& name, const lamin::Column& column) {
    const auto labels = unique_labels(column);
    if (std::ranges::find(labels, "") != labels.end())
      found_.notes.push_back(fmt::format("empty texts in column '{}'{} count as missing labels", name, place(part_)));
    Inspection inspection = inspect_values(instance_, one.dtype, labels);
    if (!inspection.non_validated.empty() && take_public(instance_, one.dtype, inspection.non_validated))
      inspection = inspect_values(instance_, one.dtype, labels);
    check_ambiguous(one, name, inspection.validated);
    if (inspection.non_validated.empty()) return;
    const Dtype::Target& target = one.dtype.targets.front();
    Words text = not_validated_text({.what = "feature '" + name + "'",
                                     .place = place(part_),
                                     .standardize = standardizer(),
                                     .key = name,
                                     .registry = &instance_.catalog().table(target.registry),
                                     .field = target.field,
                                     .type = type_labels(instance_, target)},
                                    inspection);
    report(name, "not_registered", std::move(text), std::move(inspection));
  }

  std::string standardizer() const {
    return "curator" + (part_.slot.empty() ? std::string() : ".slots['" + part_.slot + "']") + ".cat";
  }

  /// Labels that several rows have, none of which is nearer to the root of the types.
  void check_ambiguous(const DatasetColumn& one, const std::string& name, const std::vector<std::string>& labels) {
    for (const Dtype::Target& target : one.dtype.targets) {
      if (!instance_.catalog().table(target.registry).has(schema::Trait::typed)) continue;
      try {
        (void)meant(instance_, part_, frame_, one, target, labels);
      } catch (const Error& error) {
        if (error.code() != Code::validation) throw;
        report(name, "ambiguous",
               error.words() + Words(". For feature '" + name +
                                     "', name a type in its dtype that only one of them has, "
                                     "or pass the record itself instead of a text."));
      }
    }
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
    auto unknown = unregistered(labels, registry, field);
    if (!register_from_release(instance_, registry, unknown, {.field = field}).empty())
      unknown = unregistered(labels, registry, field);
    if (!part_.flag("maximal_set")) return note_unknown(unknown);
    Inspection inspection = inspect(instance_, registry, labels, {.field = field});
    if (inspection.non_validated.empty()) return;
    Words text = not_validated_text({.what = names_of_part(),
                                     .place = place(part_),
                                     .standardize = standardizer(),
                                     .key = "columns",
                                     .registry = &instance_.catalog().table(registry),
                                     .field = field},
                                    inspection);
    report("", "not_registered", std::move(text), std::move(inspection));
  }

  /// As LaminDB calls them: the names of the rows of a table that is meant to be transposed are its columns.
  const char* names_of_part() const {
    return part_.of_rows && !part_.slot.ends_with(".T") ? "feature 'var_index'" : "columns";
  }

  std::vector<std::string> unregistered(const std::vector<std::string>& labels, const std::string& registry,
                                        const std::string& field) {
    const std::vector<bool> valid = validate(instance_, registry, labels, {.field = field});
    std::vector<std::string> unknown;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!valid[i]) unknown.push_back(labels[i]);
    }
    return unknown;
  }

  /// Labels that are not terms are allowed here, but seldom meant.
  void note_unknown(const std::vector<std::string>& unknown) {
    if (unknown.empty()) return;
    found_.notes.push_back(terms(unknown.size()) + " not validated in " + names_of_part() + place(part_) + ": " +
                           listed(unknown) + "; the schema allows them, since it is not a maximal set");
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
