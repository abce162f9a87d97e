// uses.hpp -- which rows of other registries use rows of one: what they label, and what refers to them.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "lamin/term.hpp"

namespace lamin::lake {

/// A column of another table that holds ids of the registry, except for its own hierarchy.
struct Referring {
  const schema::Table* table = nullptr;
  const schema::Column* column = nullptr;
};
std::vector<Referring> referring(const schema::Catalog& catalog, const schema::Table& table);

/// Reads each table of pairs once; answers for any rows, or for the one that it was made for, which an index finds.
class Uses {
 public:
  Uses(Instance& instance, const schema::Table& table, std::optional<std::int64_t> only = std::nullopt);
  /// By registry, in the order of their names; features are those that the labels were given for.
  std::vector<TermUse> of(std::span<const std::int64_t> rows);
  /// Features that take values from the registry, and the schemas with these features.
  std::vector<TermUse> of_registry();

 private:
  struct Users {
    const schema::Table* registry;
    std::map<std::int64_t, std::set<std::int64_t>> by_row;
  };
  void read(const schema::Relation& relation);
  TermUse use(const schema::Table& registry, const std::set<std::int64_t>& ids);

  Instance& instance_;
  const schema::Table& table_;
  std::optional<std::int64_t> only_;
  std::vector<Users> users_;
  std::map<std::int64_t, std::set<std::int64_t>> features_;
};

}  // namespace lamin::lake
