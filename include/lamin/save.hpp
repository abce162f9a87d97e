// save.hpp -- saving as users know it: a record that is there already is found again, and many go together.
//
// Here are the rules that say which row a record is, the saving of a dataset against a schema, and the saving of many
// records of any registries with their links and files: all of them or none, in one commit. It makes no records and
// looks for no names; see label.hpp for that.
//
// Example: examples/cpp/save.cpp
#pragma once
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>
#include "lamin/artifact.hpp"
#include "lamin/curate.hpp"
#include "lamin/feature.hpp"
#include "lamin/instance.hpp"

namespace lamin {

/// Saves a record. Where another row has its uid, root or public identifier already, the record becomes that row; from
/// the trash it is brought back with the new values. Returns whether it was there. Throws
/// validation (which field and value), conflict (a duplicate of which row), not_found (the row was deleted).
bool save(Instance& instance, Record& record);

/// One of many to save.
struct SaveItem {
  Record* record = nullptr;  ///< new or known; afterwards as saved. Null where `also` does it all
  Draft* draft = nullptr;    ///< of an artifact; `record` is then &draft->record
  /// Fields that refer to records of the same call, which may be unsaved.
  std::map<std::string, Record*> refers = {};
  /// Relations to many: what is to be linked once all are saved.
  std::map<std::string, std::vector<Record*>> links = {};
  /// Saves what has a way of its own, inside the transaction, after the records. It may run again.
  std::function<void()> also = {};
  /// With the saved row of an artifact, inside the transaction: what a curator knows of it. It may run again.
  std::function<void(Record&)> annotate = {};
  /// Of an artifact, run or record: values of features, in place of all it has, inside the transaction.
  FeatureValues features = {};
};

/// The main verb: checks a file against a schema and saves it as an artifact, with the labels that are in it and values
/// of features, in one commit. What `options` leaves open follows from the file: kind "dataset", otype, the number of
/// observations. Throws validation with all that is wrong, and what prepare_artifact and read_slots throw; then nothing
/// is saved.
Record save_dataset(Instance& instance, const Record& schema, ArtifactOptions options,
                    const FeatureValues& features = {});
/// The same for a dataset of which the caller has a draft and has given the tables to a curator.
void save_dataset(Instance& instance, Curator& curator, Draft& draft, const FeatureValues& features = {});
/// The same for an artifact that is saved already.
void annotate_dataset(Instance& instance, Curator& curator, Record& artifact, const FeatureValues& features = {});

/// What is said of a saved record beside its fields.
struct Annotations {
  std::vector<Record> labels = {};  ///< of any registries that can label it
  FeatureValues features = {};      ///< in place of what it has of these features; others stay
};
/// All of it or nothing. Throws what add_labels and update_feature_values throw.
void annotate(Instance& instance, Record& record, const Annotations& annotations);

/// Sets fields of all rows that a query finds, in one transaction; returns how many. Throws what `save` throws.
std::int64_t update(Instance& instance, const Query& query, const std::map<std::string, Value>& values);
/// Links a saved record with rows, by ids, along one of its relations to many; those linked already are skipped, `with`
/// are further fields of the link. Returns how many are new. Throws unknown_field, naming the nearest relation.
std::int64_t link(Instance& instance, const Record& record, std::string_view relation,
                  std::span<const std::int64_t> ids, const std::map<std::string, Value>& with = {});
/// Returns how many there were.
std::int64_t unlink(Instance& instance, const Record& record, std::string_view relation,
                    std::span<const std::int64_t> ids);

/// All of them or none, durable on return. New records go in by bulk statements, each after those that it refers to;
/// with `ignore_conflicts` those that break a unique rule are skipped and keep no id, without it they become the rows
/// that are there, as with `save`. Throws invalid_argument if records refer to each other in a circle.
void save_all(Instance& instance, std::span<SaveItem> items, bool ignore_conflicts = false);

}  // namespace lamin
