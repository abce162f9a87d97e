// part.hpp -- one schema of a curator against one table of the dataset.
#pragma once
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "lake/feature/schema_set.hpp"
#include "lamin/curate.hpp"
#include "lamin/feature.hpp"

namespace lamin::format {
struct TableSketch;
}

namespace lamin::lake {

/// A feature and the column of the table that it describes.
struct DatasetColumn {
  Record feature;
  Dtype dtype;
  std::string column;  ///< for an index feature, the frame's index
  bool is_index = false;
  bool optional = false;
  bool listed = true;  ///< false: not a member, found by name in a flexible schema
};

struct Part {
  std::string slot;         ///< as the schema names it: "obs", "var.T"; "" for a plain table
  std::string called = {};  ///< in messages, of a plain table that is a slot of a larger dataset
  std::size_t table = 0;    ///< position in Curator::slots()
  Record schema;
  SchemaRoles aux;
  std::vector<Record> members;
  bool of_terms = false;       ///< its members are terms (genes), found among the labels of rows or columns
  bool of_rows = false;        ///< of_terms: the labels of the rows, not of the columns
  bool is_dictionary = false;  ///< each name has one value, so that members must not share one
  /// Where its frame stands for a longer table (sketched.hpp): how often and where its values occur. Borrowed.
  const format::TableSketch* sketch = nullptr;

  bool flag(std::string_view field) const { return schema.at(field).boolean_or(false); }
  bool coerce(const Record& feature) const { return flag("coerce") || feature.at("coerce").boolean_or(false); }
};

/// Pairs the schema's slots with the dataset's. Throws invalid_argument if one is missing.
std::vector<Part> make_parts(Instance& instance, const Record& schema, const std::vector<Slot>& slots,
                             const CurateOptions& options = {});

/// Members with a column, members without, and in a flexible schema registered features among the other columns.
std::vector<DatasetColumn> dataset_columns(Instance& instance, const Part& part, const Frame& frame);
/// Labels of rows or columns that a part of terms checks.
std::vector<std::string> term_labels(const Part& part, const Frame& frame);

/// Columns that a check converted: slot, column, base.
using Coerced = std::vector<std::tuple<std::string, std::string, Dtype::Base>>;
struct Findings {
  std::vector<Problem> problems = {};
  Coerced coerced = {};
  std::vector<Words> notes = {};  ///< allowed, but seldom meant
};
/// Compares a part with its table. Columns in `frame` are converted if the schema says so.
Findings check_part(Instance& instance, const Part& part, Frame& frame);

/// Which of a column's values are known, across all registries of the dtype.
/// Terms of public sources are registered first: a dataset may contain them, as any registered one.
/// Returns whether there were any.
bool take_public(Instance& instance, const Dtype& dtype, const std::vector<std::string>& values);
Inspection inspect_values(Instance& instance, const Dtype& dtype, const std::vector<std::string>& values);

}  // namespace lamin::lake
