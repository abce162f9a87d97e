// held.hpp -- the tables that hold feature values of hosts, and deleting from them.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lamin/feature.hpp"

namespace lamin::lake {

/// A table of feature values: paths from its rows to the host, the feature and the value.
struct ValueTable {
  std::string registry, host, feature, value;
};

std::vector<ValueTable> tables_of_labels(const schema::Table& host);
std::optional<ValueTable> table_of_documents(const schema::Table& host);

/// A path of a ValueTable leads to one of these ids or, if `negated`, to none of them.
struct IdCondition {
  std::string path;
  std::vector<std::int64_t> ids;
  bool negated = false;
};
/// Deletes values of these hosts (ids) for which all conditions hold. Returns the number of values.
std::int64_t erase_held(Instance& instance, std::span<const std::int64_t> hosts, const ValueTable& held,
                        const std::vector<IdCondition>& conditions);
/// Removes the values of these features or, if `negated`, of all others from hosts of one registry (ids). Returns the
/// number of values.
std::int64_t erase_values(Instance& instance, const schema::Table& host, std::span<const std::int64_t> hosts,
                          const std::vector<std::int64_t>& features, bool negated);

}  // namespace lamin::lake
