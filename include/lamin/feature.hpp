// feature.hpp -- features (what a column means), schemas (sets of features), feature values of artifacts.
//
// A feature is a row of registry Feature: a name and a dtype. A schema is a row of registry Schema: the features or
// terms that a dataset must have, or, for an object with slots, a schema per slot. To check a dataset against its
// schema, see curate.hpp. Feature values annotate an artifact, run or record as a whole ("temperature: 21.5"); values
// measured for each cell stay in the dataset and are only summarised.
//
// Example: examples/cpp/feature.cpp
#pragma once
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "lamin/dtype.hpp"
#include "lamin/instance.hpp"

namespace lamin {

struct SchemaOptions {
  std::string name = {}, description = {};
  std::string itype = {};  ///< type of the members: "Feature", "bionty.Gene.ensembl_gene_id"; empty = derived from them
  std::string otype = {};  ///< the object with slots: "AnnData", "DataFrame"
  std::string suffix = {};                         ///< ".h5ad"
  std::string dtype = {};                          ///< of all members; empty: each feature's own; "num" for terms
  std::vector<Record> members = {};                ///< features, or terms of `itype`
  std::vector<std::string> optional_members = {};  ///< uids of members that may be missing
  std::optional<Record> index = {};                ///< the feature that names the rows
  std::vector<std::pair<std::string, Record>> slots = {};  ///< composite: ("obs", schema), ("var.T", schema)
  std::optional<bool> flexible = {};  ///< other columns are checked if a feature has their name; empty = no members
  std::optional<bool> coerce = {};    ///< values may be converted to the dtype; empty = false
  bool minimal_set = true;            ///< all members must be present
  bool maximal_set = false;           ///< nothing else may be present
  bool ordered_set = false;           ///< in this order
  std::optional<std::int64_t> n_members = {};
  bool is_type = false;                   ///< a type that groups schemas; it has no requirements itself
  std::optional<std::int64_t> type = {};  ///< id of the type it belongs to
};
/// Schemas with the same requirements have the same hash (LaminDB's) and are one row.
struct SchemaDraft {
  Record record = {};  ///< unsaved, or the existing row if `existing`
  bool existing = false;
  bool remade = false;  ///< the existing row has this name and gets these requirements
  SchemaOptions options = {};
};
/// The existing schema with these requirements, updated with name, description and type; otherwise the one with this
/// name, which gets these requirements; otherwise a new one. Nothing is saved yet. Throws invalid_argument (no
/// requirements, an unsaved member or slot, members of several registries, slots without otype).
SchemaDraft prepare_schema(Instance& instance, const SchemaOptions& options);

/// How to handle the effects of changing a saved schema.
struct SchemaChange {
  /// If a feature becomes the index of sheets whose rows have names that differ from its values: "keep_name" or
  /// "keep_feature"; empty = an error.
  std::string index_names = {};
  bool warns = true;  ///< about datasets that were valid before
};
/// Writes it with its members and slots, in one transaction. For an existing one, hash and number of members are
/// computed from its fields and current links, and if its index changes, the rows of its sheets are named by the values
/// of the new one. Throws validation (another schema has the same requirements, names that differ).
void save_schema(Instance& instance, SchemaDraft& draft, const SchemaChange& change = {});
/// Roles of a schema's members, by uid.
struct SchemaRoles {
  std::vector<std::string> optional = {};  ///< may be missing
  std::string index = {};                  ///< the feature that names the rows; "" = none
};
/// As in the record now, saved or not.
SchemaRoles schema_roles(const Record& schema);
/// Sets them in the record; save_schema writes them, with all effects.
void set_schema_roles(Record& schema, const SchemaRoles& roles);
/// Makes these members optional as well, once the schema is saved; without `minimal_set` all are, and nothing changes.
/// Throws invalid_argument, listing those that are not members.
void make_optional(Instance& instance, Record& schema, std::span<const Record> members);
/// Adds members to a saved schema and saves it, with hash and number of members, in one transaction.
void add_members(Instance& instance, Record& schema, std::span<const Record> members, bool optional = true);
/// Removes them. Throws unsupported for a schema with `maximal_set`: datasets that have them would become invalid.
void remove_members(Instance& instance, Record& schema, std::span<const Record> members);
/// Members in order; none for a composite.
std::vector<Record> schema_members(Instance& instance, const Record& schema);
/// Slots of a composite with their schemas, in order; none for other schemas.
std::vector<std::pair<std::string, Record>> schema_slots(Instance& instance, const Record& schema);

/// Values by feature name: as JSON, or labels given by the dtype's field or by uid. A list dtype takes several values
/// (or one JSON array); on an artifact or run every feature does. Null and NaN do not count as values: such a feature
/// is left out.
///
/// Like a map, but in the order in which the names were added, which is that of messages. Equal whatever the order.
class FeatureValues {
 public:
  using value_type = std::pair<std::string, std::vector<Value>>;
  using const_iterator = std::vector<value_type>::const_iterator;

  FeatureValues() = default;
  FeatureValues(std::initializer_list<value_type> all);  ///< of equal names the first
  std::vector<Value>& operator[](std::string_view name);
  const std::vector<Value>& at(std::string_view name) const;  ///< throws invalid_argument
  const_iterator find(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name) != end(); }
  /// False if the name is there: then nothing changes.
  bool emplace(std::string name, std::vector<Value> values);
  const_iterator begin() const { return all_.begin(); }
  const_iterator end() const { return all_.end(); }
  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }
  friend bool operator==(const FeatureValues& a, const FeatureValues& b);

 private:
  std::vector<value_type> all_;
  std::map<std::string, std::size_t, std::less<>> positions_;  ///< once there are many
};
/// Adds values to those of a saved artifact, run or record. All or nothing. A record
/// whose type has a schema is the row of a sheet: it takes only features of the sheet and must end up with those that
/// the sheet requires; the value of the sheet's index becomes its name, also in `host`. Throws validation, listing
/// unregistered features and values and how to register them; invalid_argument (host).
void add_feature_values(Instance& instance, Record& host, const FeatureValues& values);
/// The same, but they replace all values that it has.
void set_feature_values(Instance& instance, Record& host, const FeatureValues& values);
/// The same, but they replace its values of these features; others are kept.
void update_feature_values(Instance& instance, Record& host, const FeatureValues& values);
/// Converts typed text to the feature's dtype: 21.5 if that is numeric, otherwise the text. Text that does not fit is
/// returned unchanged, and refused when it is set.
Value typed_value(Instance& instance, std::string_view feature, std::string_view text);
/// `external_only` leaves out those measured in the dataset.
FeatureValues feature_values(Instance& instance, const Record& host, bool external_only = false);
/// One feature across many hosts, dictionary-encoded: `values` are distinct; `cells` are (host position, value
/// position), each host's in order; `empty` lists hosts whose value is an empty list.
struct FeatureColumn {
  std::vector<Value> values;
  std::vector<std::pair<std::size_t, std::size_t>> cells;
  std::vector<std::size_t> empty;
};
using FeatureColumns = std::map<std::string, FeatureColumn>;
/// For many hosts of one registry, with a constant number of statements.
FeatureColumns feature_columns(Instance& instance, const schema::Table& registry, std::span<const std::int64_t> hosts);
/// Resolves a name in a query for `host` that is not a field of it to a feature, by name or uid: `temperature > 21`,
/// `"cell type".ontology_id = "x"`, `params.epochs = 3`. Comparing a categorical feature compares its labels, by the
/// dtype's field, and throws not_found if no label has that name. nullopt for rows that cannot have feature values.
std::optional<Record> feature_meant(Instance& instance, const schema::Table& host, std::string_view name);
/// Removes feature values; all values of a feature if none are given. Warns if a feature has no value (or not this
/// one). Throws not_found, invalid_argument for values measured in the dataset.
void remove_feature_values(Instance& instance, const Record& host, const FeatureValues& values);
/// Throws validation unless the feature's dtype accepts rows of registry `label` as values.
void check_label(const schema::Catalog& catalog, const Record& feature, const schema::Table& label);
/// Whether rows of a registry are labels: they can be curated and are not features, schemas or users.
bool is_label(const schema::Table& registry);
/// Labels of a host from one registry for one feature (0 = no feature), in the order they were added.
struct HostLabels {
  const schema::Table* registry = nullptr;
  std::int64_t feature = 0;
  std::vector<std::int64_t> ids = {};
};
/// All labels of a saved artifact or collection, and the users it is linked to.
std::vector<HostLabels> labels_of(Instance& instance, const Record& host);
/// Copies the labels of one host to another in the same instance, along with their features. All or none.
void copy_labels(Instance& instance, const Record& from, const Record& to);
/// Adds saved labels, from any registry that can label the host; existing ones are skipped. `feature` is the id of the
/// feature they are values of, or 0. Throws validation (label not saved, or not of the feature's dtype),
/// invalid_argument.
void add_labels(Instance& instance, const Record& host, std::span<const Record> labels, std::int64_t feature = 0);

}  // namespace lamin
