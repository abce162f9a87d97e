// resolve.hpp -- values of features as they are given, turned into rows to link and documents to store.
#pragma once
#include <map>
#include <string>
#include <vector>
#include "lake/feature/json.hpp"
#include "lamin/feature.hpp"
#include "lamin/message.hpp"

namespace lamin::lake {

/// One feature with its values, resolved: rows to link, or documents to store.
struct Resolved {
  Record feature;
  Dtype dtype;
  std::map<const schema::Table*, std::vector<std::int64_t>> labels;  ///< in the order of the values
  std::vector<StoredValue> documents;
  /// Of each text that names a label, its registry and id.
  std::map<std::string, std::pair<const schema::Table*, std::int64_t>> named = {};
};

/// What could not be resolved, to be told together.
class Unresolved {
 public:
  /// `dtype`: what a feature of the values would have; "" = as the values suggest.
  void feature(const std::string& name, const std::vector<Value>& values, std::string dtype = {});
  void labels(Instance& instance, const Resolved& of, const std::vector<Value>& values);
  /// Throws validation with all of it, and how to register each.
  void refuse() const;

 private:
  std::vector<std::pair<std::string, std::string>> features_;  ///< name and likely dtype
  Words labels_;
  bool any_labels_ = false;
};

/// Throws validation for a record given as a value that is of another type than the feature asks for, or not saved.
void check_given(Instance& instance, const Record& feature, const std::vector<Record>& records);
/// Throws validation for a value that does not fit the dtype, or that names several labels; those that name none go to
/// `unresolved`.
Resolved resolve(Instance& instance, Record feature, const std::vector<Value>& values, Unresolved& unresolved);

}  // namespace lamin::lake
