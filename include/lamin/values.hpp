// values.hpp -- more about feature values: what a schema asks of them, where they are stored, what they may be.
//
// Values are set, added and updated as feature.hpp says; here, in addition, against a schema. The values of a feature
// of records can be elsewhere than with the feature: in a field of the record, or in the records that name it.
//
// Example: examples/cpp/values.cpp
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "lamin/feature.hpp"

namespace lamin {

struct ValueOptions {
  /// What the values must be: their names are those of its features, and the values, or for an update all that the host
  /// then has, include those that it requires. Not for rows of sheets, whose schema holds anyway.
  std::optional<Record> schema = {};
  /// Values that were given as records rather than by name, by feature, saved or not: so that a message can say what a
  /// feature of them would be, and that one must be saved first or is of another type.
  std::map<std::string, std::vector<Record>> records = {};
};
/// As the functions of feature.hpp with these names. Throws what they throw, and validation if the schema asks for
/// other values.
void add_feature_values(Instance& instance, Record& host, const FeatureValues& values, const ValueOptions& options);
void set_feature_values(Instance& instance, Record& host, const FeatureValues& values, const ValueOptions& options);
void update_feature_values(Instance& instance, Record& host, const FeatureValues& values, const ValueOptions& options);
/// Throws validation unless a record, saved or not, can be a row of this type: it has what the sheet requires, or
/// `given` has. Passes for a type without a schema.
void check_row_of(Instance& instance, const Record& record, const Record& type, const FeatureValues& given = {});
/// The labels of a host for a categorical feature, in the order they were added.
std::vector<Record> feature_labels(Instance& instance, const Record& host, const Record& feature);

/// Rows of one instance, to be made in another: each after those it refers to, and what schemas among them consist of,
/// by ids there.
struct CarriedRows {
  struct Parts {
    std::int64_t schema = 0;
    std::string registry = {};  ///< of the members
    std::vector<std::int64_t> members = {};
    std::vector<std::pair<std::string, std::int64_t>> slots = {};
  };
  std::vector<Record> rows = {};
  std::vector<Parts> parts = {};
  std::vector<std::pair<std::string, std::int64_t>> asked = {};  ///< registry and id of the rows that are wanted
};
CarriedRows read_rows(Instance& there, std::span<const Record> rows);
/// Takes the rows that this instance has under the same uid or public identifier (a schema also under its hash), and
/// makes the others with the uid that they have there, in one transaction. Rows of registries that it does not have are
/// left out with a warning. Returns the rows that were asked for, as they are here, in order. Throws what saving
/// throws.
std::vector<Record> take_rows(Instance& here, const CarriedRows& carried);
/// The labels of a host in one instance, to be added to one in another: which labels for which features, by their ids
/// there, and these rows with what they refer to.
struct CarriedLabels {
  struct Link {
    std::string registry = {};
    std::int64_t feature = 0;
    std::vector<std::int64_t> labels = {};
  };
  std::vector<Link> links = {};
  CarriedRows rows = {};
};
CarriedLabels read_labels(Instance& there, const Record& host);
/// Takes the rows as take_rows does, and adds the labels, in one transaction.
void add_labels(Instance& instance, const Record& host, const CarriedLabels& carried);

/// Where the values of a feature are, if not with it: in a field of the records ("description"), or, for a feature of
/// lists of records, in the feature with this uid, whose value the record is.
struct ValuesThrough {
  std::string field = {}, source = {};
};
ValuesThrough values_through(const Record& feature);
/// The other feature of such a pair: the source of a feature, or the feature that a source is read by.
std::optional<Record> related_feature(Instance& instance, const Record& feature);
/// Sets it in the record, which is saved as usual; the source is told on saving. Nothing: values are with the feature.
/// Throws invalid_argument (field, dtype, a source that is not saved or taken, a feature that has values).
void set_values_through(Instance& instance, Record& feature, const ValuesThrough& through);

/// Throws unknown_field unless rows can be ordered by the values of a feature: one number, text or time each.
void check_order(Instance& instance, const Record& feature);
/// A value of a feature as a row of JsonValue, and whether it existed.
std::pair<Record, bool> json_value(Instance& instance, const Record& feature, const Value& value);
/// The dtype that a value suggests: "int", "date" for a text that is one, "cat ? str" for other texts, which may name
/// labels or not. Throws validation for null.
std::string likely_dtype(const Value& value);
/// The same of values that are a list: "list[float]" of integers and reals, "list[cat ? str]" of any texts or of none.
/// Throws validation for null and for other mixtures.
std::string likely_dtype(std::span<const Value> list);
/// The dtype of a list whose items have these dtypes. Throws validation unless they are one, or integers and reals.
std::string list_dtype(std::span<const std::string> items);
/// The dtype of labels, restricted to rows that meet conditions such as {"source__uid", "4a3ejKuf"}; a condition on the
/// type of records becomes part of the target. Throws validation (no dtype of labels of one registry, an empty value,
/// two types).
std::string restricted_dtype(const schema::Catalog& catalog, std::string_view dtype,
                             std::span<const std::pair<std::string, Value>> conditions);

/// How people see the members of a schema: in this order, without the hidden ones (uids); given by whoever looks after
/// the schema, not by those who made it.
struct SchemaView {
  std::vector<std::string> order = {}, hidden = {};
};
SchemaView schema_view(const Record& schema);
/// What files of a format must be beside the tables: JSON, not part of the hash; empty = nothing. Formats are "zarr"
/// and "anndata" (src/lake/curate/conventions.hpp, layout.hpp).
std::string format_rules(const Record& schema, std::string_view format);
/// Sets them in the record. Throws invalid_argument for another format, or what is no object.
void set_format_rules(Record& schema, std::string_view format, const std::string& json);

}  // namespace lamin
