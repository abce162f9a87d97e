// sheet.hpp -- what a schema asks of the values of a host: of the rows of a sheet, which are records whose type has a
// schema; of an artifact whose schema is about its values rather than about a dataset; or of one call that names a
// schema.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "lake/feature/write_values.hpp"

namespace lamin::lake {

struct Sheet {
  Record type;  ///< empty unless it is a sheet of records
  Record schema;
  std::vector<Record> features;     ///< in order
  std::set<std::int64_t> required;  ///< ids of features that each row must have
  std::optional<Record> index;      ///< the feature whose values are the names of the rows

  /// By name or uid.
  const Record* find(std::string_view feature) const;
  std::string called() const;  ///< "sheet 'samples'", "schema 'donor'"
  bool is_index(const Record& feature) const { return index && index->id() == feature.id(); }
  bool is_index(std::string_view feature) const { return index && index->text("name") == feature; }
};

/// The sheets of many rows; each sheet is read once.
class Sheets {
 public:
  explicit Sheets(Instance& instance) : instance_(instance) {}
  /// The sheet of a record; null for a type, and for a record whose type has no schema. For an artifact, what its
  /// schema asks of its values, if it is about them.
  const Sheet* of(const Record& host);
  /// From now on this schema asks. Throws invalid_argument if the host has one that does.
  void ask(const Record& schema, const Record& host);
  bool asked() const { return asked_.has_value(); }
  /// Throws invalid_argument for a way of writing that leaves an artifact with other values than its schema asks for.
  void check_way(const Record& host, Way way);

 private:
  Instance& instance_;
  std::optional<Sheet> asked_;
  std::map<std::int64_t, std::optional<Sheet>> by_type_, by_schema_;
};

/// Throws validation if a value belongs to a feature that is not in the sheet, or, for a host that is to have no
/// others, if a required one has none.
void check_names(const Sheet& sheet, const FeatureValues& values, const Record* whole = nullptr);

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
