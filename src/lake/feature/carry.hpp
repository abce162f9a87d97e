// carry.hpp -- rows of one instance for another one.
//
// A row is the same in both if its uid or its public identifier is. What is missing is made with the same uid, after
// what it refers to: its type, its organism, the types that a feature's dtype names; a schema after its members and
// its slots.
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>
#include "lamin/values.hpp"

namespace lamin::lake {

/// Reads rows, each after those it refers to.
class CarriedReader {
 public:
  explicit CarriedReader(Instance& from) : from_(from) {}

  void need(const schema::Table& table, std::int64_t id);
  CarriedRows rows() { return std::move(carried_); }

 private:
  void need_types(std::string_view dtype);
  void need_parts(const Record& schema);

  Instance& from_;
  std::set<std::pair<const schema::Table*, std::int64_t>> met_;
  CarriedRows carried_;
};

/// Finds or makes rows here, within the transaction of the caller.
class CarriedWriter {
 public:
  explicit CarriedWriter(Instance& here) : here_(here) {}

  void take(const CarriedRows& carried);
  /// The row here of one with this id there; null if this instance has no such registry, or keeps none of others.
  const Record* find(const std::string& registry, std::int64_t id) const;
  void tell() const;  ///< what was made, and what was left out

 private:
  void take_row(const Record& row);
  void link(const CarriedRows::Parts& parts);
  std::optional<Record> same(const schema::Table& table, const Record& row) const;
  void refuse_namesake(const Record& feature) const;
  Record copy(const schema::Table& table, const Record& row);

  Instance& here_;
  std::map<std::pair<std::string, std::int64_t>, Record> here_of_;
  std::set<std::string> missing_;
  std::set<std::int64_t> new_schemas_;  ///< by their ids there
  std::vector<std::string> made_;
};

}  // namespace lamin::lake
