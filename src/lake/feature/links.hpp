// links.hpp -- how a host (artifact, run, record) holds feature values: link tables and JSON values.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lake/rows/pairs_of.hpp"
#include "lamin/feature.hpp"

namespace lamin::lake {

/// Relations from a host to the registries that can label it with a feature: Artifact -> ULabel, bionty.CellType, ...
std::vector<const schema::Relation*> label_relations(const schema::Table& host);
/// The one to that registry; null if it cannot label the host.
const schema::Relation* find_label_relation(const schema::Table& host, const schema::Table& label);
/// The same, or throws invalid_argument.
const schema::Relation& label_relation(const schema::Table& host, const schema::Table& label);

/// A feature by name, otherwise by uid; of several, the one nearest to the root of the types. Throws validation.
std::optional<Record> find_feature(Instance& instance, std::string_view name);

class Sheets;
/// lamin::set_feature_values without the check that a row of a sheet has everything the sheet requires.
void write_feature_values(Instance& instance, Record& host, const FeatureValues& values, bool replace, Sheets& sheets);

/// Ids of features measured in an artifact: members of the schemas inferred from it.
std::set<std::int64_t> internal_features(Instance& instance, const Record& host);

/// Ids of the labels that a host has for a feature (0 = no feature).
std::vector<std::int64_t> labels_of(Instance& instance, const Record& host, const schema::Relation& relation,
                                    std::int64_t feature);

/// Like lamin::feature_columns, for hosts whose pairs may already have been read.
FeatureColumns feature_columns(Instance& instance, const schema::Table& registry, PairsOf& pairs);

}  // namespace lamin::lake
