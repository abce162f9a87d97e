// sheet.hpp -- rows of a sheet: records whose type has a schema, which says what features a row has.
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
  std::set<std::int64_t> required;  ///< ids of those that each row must have
  std::optional<Record> index;      ///< the feature whose values are the names of the rows

  const Record* find(std::string_view feature) const;
  bool is_index(const Record& feature) const { return index && index->id() == feature.id(); }
  bool is_index(std::string_view feature) const { return index && index->text("name") == feature; }
};

/// The sheets of many rows, each read once.
class Sheets {
 public:
  explicit Sheets(Instance& instance) : instance_(instance) {}
  /// That of a record; null for a type, and for a record whose type has no schema.
  const Sheet* of(const Record& record);

 private:
  Instance& instance_;
  std::map<std::int64_t, std::optional<Sheet>> by_type_;
};

/// Throws validation if a value is of a feature that is none of the sheet's.
void check_names(const Sheet& sheet, const FeatureValues& values);

/// A saved record, and the features that it was given: one that was given without a value counts as there.
struct Row {
  const Record* record = nullptr;
  const FeatureValues* given = nullptr;
};
/// Throws validation unless each row has what its sheet requires. Others than rows of sheets are passed over.
void check_rows(Instance& instance, Sheets& sheets, std::span<const Row> rows);

/// Whether a value is none: null, or the NaN that a data frame has in its place.
bool is_missing(const Value& value);

/// A record that becomes the row of a sheet has what the sheet requires; the index of a sheet is a text.
void install_sheet_hooks(Instance& instance);

}  // namespace lamin::lake
