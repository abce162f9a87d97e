// sheet.hpp -- rows of a sheet: records whose type has a schema, which determines the features of a row.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "lamin/feature.hpp"

namespace lamin::lake {

struct Sheet {
  Record type, schema;
  std::vector<Record> features;     ///< in order
  std::set<std::int64_t> required;  ///< ids of features that each row must have
  std::optional<Record> index;      ///< the feature whose values are the names of the rows

  const Record* find(std::string_view feature) const;
  bool is_index(const Record& feature) const { return index && index->id() == feature.id(); }
  bool is_index(std::string_view feature) const { return index && index->text("name") == feature; }
};

/// The sheets of many rows; each sheet is read once.
class Sheets {
 public:
  explicit Sheets(Instance& instance) : instance_(instance) {}
  /// The sheet of a record; null for a type, and for a record whose type has no schema.
  const Sheet* of(const Record& record);

 private:
  Instance& instance_;
  std::map<std::int64_t, std::optional<Sheet>> by_type_;
};

/// Throws validation if a value belongs to a feature that is not in the sheet.
void check_names(const Sheet& sheet, const FeatureValues& values);

/// A saved record and the features it was given; one given without a value counts as present.
struct Row {
  const Record* record = nullptr;
  const FeatureValues* given = nullptr;
};
/// Throws validation unless each row has what its sheet requires. Records that are not rows of sheets are skipped.
void check_rows(Instance& instance, Sheets& sheets, std::span<const Row> rows);

/// Whether a value is missing: null, or the NaN that a data frame uses instead.
bool is_missing(const Value& value);

/// After this, a record that becomes a row of a sheet must have what the sheet requires; a sheet's index must be a
/// text.
void install_sheet_hooks(Instance& instance);

}  // namespace lamin::lake
