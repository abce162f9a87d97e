// save.hpp -- saving as users know it: a record that is there already is found again, and many go together.
//
// Database::save keeps the rules of one row. Here are those that say which row it is, and the saving of many records
// of any registries with their links and files: all of them or none, in one commit. It makes no records and looks for
// no names; see label.hpp for that.
//
// Example: examples/cpp/save.cpp
#pragma once
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>
#include "lamin/artifact.hpp"
#include "lamin/feature.hpp"
#include "lamin/instance.hpp"

namespace lamin {

/// Saves a record. Where another row has its uid, root or public identifier already, the record becomes that row; from
/// the trash it is brought back with the new values. Returns whether it was there. Throws what Database::save throws.
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

/// All of them or none, durable on return. New records go in by bulk statements, each after those that it refers to;
/// with `ignore_conflicts` those that break a unique rule are skipped and keep no id, without it they become the rows
/// that are there, as with `save`. Throws invalid_argument if records refer to each other in a circle.
void save_all(Instance& instance, std::span<SaveItem> items, bool ignore_conflicts = false);

}  // namespace lamin
