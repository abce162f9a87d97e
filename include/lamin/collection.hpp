// collection.hpp -- collections: artifacts that belong together, in order, under a key with versions.
//
// A collection is identified by the content of its artifacts: `hash` is LaminDB's, over the set of their hashes, so
// that order and repetition do not matter. As with artifacts, `prepare_collection` decides which row a set becomes: an
// existing one, a new version of a key, or a new collection; `save_collection` writes row, members and inputs in one
// transaction. A collection holds no bytes and copies none; its rows have versions and can be trashed (remove.hpp).
//
// Example: examples/cpp/collection.cpp
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin {

struct CollectionOptions {
  std::vector<Record> artifacts = {};  ///< saved, at least one; in order, duplicates are dropped
  std::string key = {};                ///< empty = that of `revises`
  std::string description = {}, reference = {}, reference_type = {}, version_tag = {};
  std::string revises = {};                             ///< uid of the version it replaces; empty = by key
  std::optional<std::int64_t> schema = {};              ///< id; every artifact must have been validated with it
  std::optional<std::int64_t> meta_artifact = {};       ///< id of an artifact that describes the whole
  std::optional<std::int64_t> run = {};                 ///< id; empty = the tracked run; 0 = none
  std::optional<std::int64_t> branch = {}, space = {};  ///< ids of where it goes; empty = the current ones
  bool skip_hash_lookup = false;                        ///< a new one even if another key has the same set
};

/// What `save_collection` will do.
struct CollectionDraft {
  Record record = {};                  ///< unsaved, or the existing row if `existing`
  bool existing = false;               ///< the set is already registered
  std::vector<Record> artifacts = {};  ///< its members
  std::optional<Record> revises = {};  ///< the version it follows
  std::int64_t run = 0;                ///< id of the run that creates it (again)
  bool tracks_inputs = true;           ///< its members, and the version it follows, are inputs of that run
};

/// For a known set returns its row, with a new key or description applied; a row in the trash only under its own key.
/// Throws invalid_argument (no artifacts, an unsaved artifact, no key, a version tag that is taken), validation (an
/// artifact with another schema), not_found (`revises`).
CollectionDraft prepare_collection(Instance& instance, const CollectionOptions& options);
/// Durable on return; `draft.record` is then the saved row. Throws conflict.
void save_collection(Instance& instance, CollectionDraft& draft);
/// The next version, with one more artifact; not saved yet. Key and description stay.
CollectionDraft append(Instance& instance, const Record& collection, const Record& artifact,
                       std::optional<std::int64_t> run = {});

/// In the order they were passed.
std::vector<Record> ordered_artifacts(Instance& instance, const Record& collection);
/// Throws validation, naming artifacts with another schema than the collection's; invalid_argument if it has none.
void verify_schema(Instance& instance, const Record& collection);
/// LaminDB's hash of a set of artifacts; empty if none of them has a hash.
std::string collection_hash(std::span<const Record> artifacts);

}  // namespace lamin
