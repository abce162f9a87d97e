// feature.hpp -- features (what a column means), schemas (sets of features), values of features on artifacts.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

/// A feature's dtype, taken apart: "cat[bionty.CellType.ontology_id]", "list[float]", "cat[ULabel[<uid>]]".
struct Dtype {
  std::string base;  ///< int float str bool num date datetime "datetime64[ns, UTC]" path url dict object cat
  bool list = false;
  struct Target {
    std::string registry, field, type_uid, filter;
  };
  std::vector<Target> targets;  ///< cat only; several for a union
};
/// Throws invalid_argument naming what is allowed.
Dtype parse_dtype(const schema::Catalog& catalog, std::string_view text);

struct SchemaOptions {
  std::string name, description, itype, otype, suffix, dtype;
  std::vector<Record> members;                        ///< features, or terms of `itype`
  std::vector<std::string> optional_members;          ///< uids of members that may be missing
  std::optional<Record> index;                        ///< the feature that names the rows
  std::vector<std::pair<std::string, Record>> slots;  ///< composite: ("obs", schema), ("var.T", schema)
  std::optional<bool> flexible, coerce;
  bool minimal_set = true, maximal_set = false, ordered_set = false;
  std::optional<std::int64_t> n_members;
  bool is_type = false;              ///< a type that groups schemas: it asks for nothing itself
  std::optional<std::int64_t> type;  ///< id of the type that it belongs to
};
/// LaminDB's hash; two schemas with the same hash are one. Returns the known one or a new unsaved record; save_schema
/// writes it with its members and slots.
struct SchemaDraft {
  Record record;
  bool existing = false;
  SchemaOptions options;
};
SchemaDraft prepare_schema(Instance& instance, const SchemaOptions& options);
void save_schema(Instance& instance, SchemaDraft& draft);
/// Members in order; for a composite none.
std::vector<Record> schema_members(Instance& instance, const Record& schema);
std::vector<std::pair<std::string, Record>> schema_slots(Instance& instance, const Record& schema);

/// Values of features on an artifact, run or record: features by name; values as JSON, or as labels, named by the
/// dtype's field or by uid. A list dtype takes several values (or one JSON array), a label any number, others one.
/// Throws validation naming features and values that are not registered and how to register them.
using FeatureValues = std::map<std::string, std::vector<Value>>;
void set_feature_values(Instance& instance, const Record& host, const FeatureValues& values, bool replace);
FeatureValues feature_values(Instance& instance, const Record& host, bool external_only = false);
void remove_feature_values(Instance& instance, const Record& host, std::span<const std::string> features);
/// Labels on an artifact, of any registry that can label it; `feature` is a feature's id or 0.
void add_labels(Instance& instance, const Record& host, std::span<const Record> labels, std::int64_t feature = 0);

}  // namespace lamin
