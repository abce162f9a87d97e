// feature.hpp -- features (what a column means), schemas (sets of features), values of features on artifacts.
//
// A feature is a row of registry Feature: a name and a dtype. A schema is a row of registry Schema: the features or
// terms that a dataset must have, or for an object with slots a schema each. Whether a dataset meets its schema is
// curate.hpp's. Values of features annotate an artifact, run or record as a whole ("temperature: 21.5"); what was
// measured for each cell stays in the dataset and is only summarised.
//
// Example: examples/cpp/feature.cpp
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/dtype.hpp"
#include "lamin/instance.hpp"

namespace lamin {

struct SchemaOptions {
  std::string name = {}, description = {};
  std::string itype = {};   ///< what members are: "Feature", "bionty.Gene.ensembl_gene_id"; empty = as the members
  std::string otype = {};   ///< what has the slots: "AnnData", "DataFrame"
  std::string suffix = {};  ///< ".h5ad"
  std::string dtype = {};   ///< of all members; empty: of features each its own, of terms "num"
  std::vector<Record> members = {};                        ///< features, or terms of `itype`
  std::vector<std::string> optional_members = {};          ///< uids of members that may be missing
  std::optional<Record> index = {};                        ///< the feature that names the rows
  std::vector<std::pair<std::string, Record>> slots = {};  ///< composite: ("obs", schema), ("var.T", schema)
  std::optional<bool> flexible = {};  ///< further columns are checked if a feature has their name; empty = no members
  std::optional<bool> coerce = {};    ///< values may be converted to the dtype; empty = no
  bool minimal_set = true;            ///< all members must be there
  bool maximal_set = false;           ///< nothing else may be there
  bool ordered_set = false;           ///< in this order
  std::optional<std::int64_t> n_members = {};
  bool is_type = false;                   ///< a type that groups schemas: it asks for nothing itself
  std::optional<std::int64_t> type = {};  ///< id of the type that it belongs to
};
/// Two schemas that ask for the same have the same hash (LaminDB's) and are one.
struct SchemaDraft {
  Record record = {};  ///< unsaved, or the known row if `existing`
  bool existing = false;
  bool remade = false;  ///< the known row has the name and asks for something else: from now on for this
  SchemaOptions options = {};
};
/// The known schema that asks for the same, which takes name, description and type; else the one of that name, which
/// is to ask for this; else a new one. Nothing is saved yet. Throws invalid_argument: nothing asked for, a member or
/// slot that is not saved, members of several registries, slots without otype.
SchemaDraft prepare_schema(Instance& instance, const SchemaOptions& options);

/// What follows from a change of a saved schema.
struct SchemaChange {
  /// Rows of sheets whose index it becomes have names and other values of that feature: "keep_name" or "keep_feature";
  /// empty = an error.
  std::string index_names = {};
  bool warns = true;  ///< of datasets that were valid before
};
/// Writes it with its members and slots, in one transaction. Of a known one hash and number of members follow from its
/// fields and from what is linked to it now, and where its index changes, the rows of its sheets get their names from
/// the values of the new one. Throws validation (another schema asks for the same, names that differ).
void save_schema(Instance& instance, SchemaDraft& draft, const SchemaChange& change = {});
/// What members are to a schema beside being asked for, by uid.
struct SchemaRoles {
  std::vector<std::string> optional = {};  ///< may be missing
  std::string index = {};                  ///< the feature that names the rows; "" = none
};
/// As the record says now, saved or not.
SchemaRoles schema_roles(const Record& schema);
/// Says it; save_schema writes it, with what follows.
void set_schema_roles(Record& schema, const SchemaRoles& roles);
/// These members may be missing, too, once the schema is saved; where all may (no `minimal_set`) nothing changes.
/// Throws invalid_argument, naming those that are no members.
void make_optional(Instance& instance, Record& schema, std::span<const Record> members);
/// Adds members to a saved schema and saves it, in one transaction; hash and number follow.
void add_members(Instance& instance, Record& schema, std::span<const Record> members, bool optional = true);
/// Takes them out. Throws unsupported of a schema with `maximal_set`: datasets that have them become invalid.
void remove_members(Instance& instance, Record& schema, std::span<const Record> members);
/// Members in order; for a composite none.
std::vector<Record> schema_members(Instance& instance, const Record& schema);
/// Slots of a composite with their schemas, in order; for another none.
std::vector<std::pair<std::string, Record>> schema_slots(Instance& instance, const Record& schema);

/// Values by the names of their features, as JSON, or as labels, named by the dtype's field or by uid. A list dtype
/// takes several values (or one JSON array), of an artifact or run any feature does. Null and NaN are no values: such a
/// feature is left out.
using FeatureValues = std::map<std::string, std::vector<Value>>;
/// Adds values to a saved artifact, run or record; with `replace` in place of all it has. All or nothing. A record
/// whose type has a schema is the row of a sheet: it takes features of the sheet only and must then have those that the
/// sheet requires; the value of the sheet's index becomes its name, in `host` too. Throws validation, naming features
/// and values that are not registered and how to register them; invalid_argument (host).
void set_feature_values(Instance& instance, Record& host, const FeatureValues& values, bool replace = false);
/// The same in place of what it has of these features; the others stay.
void update_feature_values(Instance& instance, Record& host, const FeatureValues& values);
/// A value as a person types it, by the dtype of the feature: 21.5 where that is a number, else the text. Only texts
/// that fit are converted; what does not is refused when it is set.
Value typed_value(Instance& instance, std::string_view feature, std::string_view text);
/// With `external_only` without those that were measured inside of the dataset.
FeatureValues feature_values(Instance& instance, const Record& host, bool external_only = false);
/// A feature of many hosts: its values, each once, which host (a position) has which of them, those of one host in
/// order, and which hosts have a list of none.
struct FeatureColumn {
  std::vector<Value> values;
  std::vector<std::pair<std::size_t, std::size_t>> cells;
  std::vector<std::size_t> empty;
};
using FeatureColumns = std::map<std::string, FeatureColumn>;
/// Of many hosts of one registry, by a number of statements that does not grow with them.
FeatureColumns feature_columns(Instance& instance, const schema::Table& registry, std::span<const std::int64_t> hosts);
/// What a name in a query for `host` means that is no field of it: `temperature > 21`, `"cell type".ontology_id = "x"`,
/// `params.epochs = 3`. A comparison with a categorical feature is one with its labels, by the dtype's field; throws
/// not_found where no label has that name. By name or uid of the feature; none for rows without values of features.
std::optional<Record> feature_meant(Instance& instance, const schema::Table& host, std::string_view name);
/// Removes values of features, all of a feature for which none is named; warns where a feature has none (or not this
/// one). Throws not_found, invalid_argument for what was measured inside of the dataset.
void remove_feature_values(Instance& instance, const Record& host, const FeatureValues& values);
/// Throws validation unless rows of registry `label` can be values of the feature, by its dtype.
void check_label(const schema::Catalog& catalog, const Record& feature, const schema::Table& label);
/// Whether rows of a registry label others: they can be curated, and are no features, schemas or users.
bool is_label(const schema::Table& registry);
/// Labels that a host has of one registry for one feature (0 = without one), in the order in which they were added.
struct HostLabels {
  const schema::Table* registry = nullptr;
  std::int64_t feature = 0;
  std::vector<std::int64_t> ids = {};
};
/// All labels of a saved artifact or collection, and the users that it is linked with.
std::vector<HostLabels> labels_of(Instance& instance, const Record& host);
/// Gives a host the labels of another one of the same instance, with the features whose values they are. All or none.
void copy_labels(Instance& instance, const Record& from, const Record& to);
/// Saved labels, of any registry that can label the host; those it has are skipped. `feature` is the id of the feature
/// that they are values of, or 0. Throws validation (label not saved, or not of the feature's dtype), invalid_argument.
void add_labels(Instance& instance, const Record& host, std::span<const Record> labels, std::int64_t feature = 0);

}  // namespace lamin
