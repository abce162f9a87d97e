// save.hpp -- saving records: one that already exists is found again, and many are saved together.
//
// Contains the rules that decide which row a record is, saving a file as what it is or against a schema, and saving
// many records of any registries with their links and files, all or none, in one commit. To create records or search by
// name, see label.hpp.
//
// Example: examples/cpp/save.cpp
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "lamin/artifact.hpp"
#include "lamin/curate.hpp"
#include "lamin/feature.hpp"
#include "lamin/instance.hpp"

namespace lamin {

/// Saves a record. If another row has its uid, root or public identifier, the record becomes that row; a row in the
/// trash is restored with the new values. Returns whether it existed. Throws validation (naming field and value),
/// conflict (naming the row it duplicates), not_found (the row was deleted).
bool save(Instance& instance, Record& record);

/// Saves only these fields of a saved record: others stay in the database as they are there, and in the record as they
/// are here. Throws unknown_field, naming the nearest, invalid_argument for a record that is not saved, and what save
/// throws.
void save_fields(Instance& instance, Record& record, std::span<const std::string> fields);

/// One of many to save.
struct SaveItem {
  Record* record = nullptr;  ///< new or existing; afterwards as saved. Null if `also` does all the work
  Draft* draft = nullptr;    ///< for an artifact; `record` is then &draft->record
  /// Fields that refer to other records of the call, which may be unsaved.
  std::map<std::string, Record*> refers = {};
  /// To-many relations: records to link once all are saved.
  std::map<std::string, std::vector<Record*>> links = {};
  /// For records with a special way of saving: runs inside the transaction, after the others. It may run again.
  std::function<void()> also = {};
  /// For an artifact: called with the saved row inside the transaction, to add a curator's results. It may run again.
  std::function<void(Record&)> annotate = {};
  /// For an artifact, run or record: feature values that replace all it has, inside the transaction.
  FeatureValues features = {};
  bool keeps_other_features = false;  ///< they replace only its values of these features
};

/// What a saved record has besides its fields.
struct Annotations {
  std::vector<Record> labels = {};  ///< from any registries that can label it
  FeatureValues features = {};      ///< replace its values of these features; others are kept
  std::string version_tag = {};     ///< what people call this version; empty = as it is
  std::string readme = {};          ///< Markdown; empty = as it is
  std::string comment = {};         ///< one more; empty = none
  bool empty() const {
    return labels.empty() && features.empty() && version_tag.empty() && readme.empty() && comment.empty();
  }
};
/// All or nothing. Throws what add_labels, update_feature_values, save, write_readme and add_comment throw.
void annotate(Instance& instance, Record& record, const Annotations& annotations);

/// The main verb: checks a file against a schema and saves it as an artifact, with the labels it contains and with
/// annotations, in one commit. Unset `options` are derived from the file: kind "dataset", otype, the number of
/// observations. Throws validation, listing everything that is wrong, and what prepare_artifact, read_slots and
/// annotate throw; nothing is saved then.
Record save_dataset(Instance& instance, const Record& schema, ArtifactOptions options,
                    const Annotations& annotations = {});
/// The same for a draft whose tables the caller has passed to a curator.
void save_dataset(Instance& instance, Curator& curator, Draft& draft, const Annotations& annotations = {});
/// The same for a saved artifact, whose file stays as it is: throws invalid_argument if the curator has changed
/// anything.
void annotate_dataset(Instance& instance, Curator& curator, Record& artifact, const Annotations& annotations = {});

/// What a file on disk is saved as by default: "Transform" for source code, "Record" for a note, otherwise "Artifact".
std::string registry_of(const Instance& instance, const std::filesystem::path& file);
struct FileOptions {
  std::string registry = {};          ///< "Artifact", "Transform" or "Record"; empty = as registry_of says,
                                      ///< and with a key never "Record"
  ArtifactOptions artifact = {};      ///< of these, a transform has source, key and description, a note the source
  std::optional<Record> schema = {};  ///< an artifact has to meet it: its content, or what is said of it
  std::string stem_uid = {};          ///< the family of versions it continues; empty = by key
  Annotations annotations = {};
};
struct SavedFile {
  Record record = {};
  bool renamed = false;                ///< a note whose record had another name or place
  std::vector<std::string> said = {};  ///< of source code: what was done, "created Transform('...', key='a.py')"
};
/// Saves a file or folder as what it is, with annotations, in one commit (a note is annotated in a second one). A
/// README.md becomes a page of the instance, too, and the plan of an agent (note.hpp) is saved as one. Of a notebook,
/// the latest run gets its page as report; one that never ran here gets a run for that. Throws
/// invalid_argument (the registry; a schema for what is no artifact), and what save_dataset, save_artifact,
/// make_transform and save_note throw.
SavedFile save_file(Instance& instance, FileOptions options);

/// Many files and folders, in this order. What becomes an artifact is saved in one commit, all or none; after it source
/// code, notes, and what has to meet a schema, one by one. The key of `common` is a folder that all keys are in;
/// without key and description, the key is the path as given, or the name where that leads out of the working
/// directory. `read` is called after each file was read. Throws invalid_argument (two files with one key) and what
/// save_file throws.
std::vector<SavedFile> save_files(Instance& instance, std::span<const std::filesystem::path> files,
                                  const FileOptions& common,
                                  const std::function<void(std::size_t files, std::int64_t bytes)>& read = {});

/// Sets fields of all rows that a query finds, in one transaction; returns their number. Throws what `save` throws.
std::int64_t update(Instance& instance, const Query& query, const std::map<std::string, Value>& values);
/// Links a saved record to rows, by id, along one of its to-many relations. Existing links are skipped; `with` sets
/// other fields of the link. Returns the number of new links. Throws unknown_field, naming the nearest relation.
std::int64_t link(Instance& instance, const Record& record, std::string_view relation,
                  std::span<const std::int64_t> ids, const std::map<std::string, Value>& with = {});
/// Returns the number of links removed.
std::int64_t unlink(Instance& instance, const Record& record, std::string_view relation,
                    std::span<const std::int64_t> ids);

/// All or none, durable on return. New records are inserted with bulk statements, each after those it refers to. With
/// `ignore_conflicts`, records that violate a unique rule are skipped and get no id; without it they become the
/// existing rows, as with `save`. Throws invalid_argument if records refer to each other in a cycle.
void save_all(Instance& instance, std::span<SaveItem> items, bool ignore_conflicts = false);

}  // namespace lamin
