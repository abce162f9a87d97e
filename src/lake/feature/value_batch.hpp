// value_batch.hpp -- the rows that hold the feature values of many hosts, collected and written together.
//
// A host's values go to many tables, a link table per registry of labels; row by row that is a dozen statements per
// host. Here it is a few statements for thousands of hosts. States: what is pending is written by flush(), first what
// goes, then what comes; a host has at most one pending set of values. Used inside one transaction.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>
#include "lake/feature/resolve.hpp"
#include "lamin/feature.hpp"

namespace lamin::lake {

class ValueBatch {
 public:
  explicit ValueBatch(Instance& instance) : instance_(instance) {}

  // -- looking up, each thing once -------------------------------------------------------------------------------
  /// As find_feature.
  std::optional<Record> feature(std::string_view name);
  /// These values of a feature will be resolved: their labels are looked up together.
  void expect(const Record& feature, const std::vector<Value>& values);
  /// As lake::resolve.
  Resolved resolve(const Record& feature, const std::vector<Value>& values, Unresolved& unresolved);

  // -- writing ---------------------------------------------------------------------------------------------------
  /// The values that follow are of this host.
  void start(const Record& host);
  /// The host's values of these features go or, if `negated`, those of all others.
  void erase(const Record& host, const std::vector<std::int64_t>& features, bool negated);
  void add(const Record& host, const Resolved& resolved);
  void flush();

 private:
  struct Label {
    const schema::Table* table = nullptr;
    std::int64_t id = 0;
  };
  using Labels = std::unordered_map<std::string, Label>;
  using Host = std::pair<const schema::Table*, std::int64_t>;
  struct Erasure {
    const schema::Table* host = nullptr;
    std::vector<std::int64_t> features;
    bool negated = false;
    auto operator<=>(const Erasure&) const = default;
  };

  struct Expected {
    Record feature;
    bool has_labels = false;
    std::vector<Value> values = {};
  };

  void look_up();
  Record& pending(const schema::Table& table);

  Instance& instance_;
  std::map<std::string, std::optional<Record>, std::less<>> features_;
  std::map<std::int64_t, Expected> expected_;  ///< by feature
  bool expects_ = false;
  std::map<std::int64_t, Labels> labels_;  ///< by feature
  std::set<Host> hosts_;
  std::map<Erasure, std::vector<std::int64_t>> erasures_;
  std::map<const schema::Table*, std::vector<Record>> links_, documents_;
};

/// The row of JsonValue for a value, and whether it existed.
std::pair<Record, bool> json_row(Instance& instance, std::int64_t feature, const StoredValue& stored);

}  // namespace lamin::lake
