// held.hpp -- the tables in which hosts hold values of features, and deleting from them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lamin/feature.hpp"

namespace lamin::lake {

/// A table with what hosts hold of features: the condition says of which feature, and with `value` which one.
struct Held {
  std::string table, host, feature, value;
};

std::vector<Held> tables_of_labels(const schema::Table& host);
std::optional<Held> table_of_documents(const schema::Table& host);

/// A condition of `Held` whose `@` is among these ids, or not among them.
struct Among {
  std::string condition;
  std::vector<std::int64_t> ids;
  bool negated = false;
};
/// Deletes what a host holds where all conditions hold. Returns how many values.
std::int64_t erase_held(Instance& instance, const Record& host, const Held& held, const std::vector<Among>& conditions);
/// Removes what a host holds for these features, or with `negated` for all others. Returns how many values.
std::int64_t erase_values(Instance& instance, const Record& host, const std::vector<std::int64_t>& features,
                          bool negated);

}  // namespace lamin::lake
