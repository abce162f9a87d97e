// remove.hpp -- deleting records: to the trash, back from it, or permanently.
//
// The trash is a branch (branch.hpp): rows in it are hidden from queries and keep their bytes. A registry without
// branches has no trash. Members of a type go to the trash with it; in a versioned registry the newest remaining
// version becomes the latest. Permanently means row and bytes. Several records are removed together or not at all.
//
// Example: examples/cpp/remove.cpp
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include "lamin/instance.hpp"

namespace lamin {

struct RemoveOptions {
  std::optional<bool> permanent = {};  ///< permanently; empty: to the trash, if the registry has one
  std::optional<bool> storage = {};    ///< also the bytes of an artifact; empty: yes, unless a user chose their name
};

struct Removed {
  std::int64_t trashed = 0;
  std::map<std::string, std::int64_t> deleted = {};  ///< rows by registry ("bionty.CellType"), including dependent ones
};

/// Throws invalid_argument if `permanent` is false and there is no trash, if a record is already in the trash and
/// `permanent` is not set, or if bytes have a name that a user chose and `storage` is not set. Throws protected_row,
/// naming what still refers to a record, and conflict for bytes outside the instance's storages.
Removed remove(Instance& instance, Record& record, const RemoveOptions& options = {});
Removed remove(Instance& instance, std::span<Record> records, const RemoveOptions& options = {});
/// All rows that a query finds. Rows already in the trash stay there.
Removed remove(Instance& instance, const Query& query, const RemoveOptions& options = {});
/// Moves a record back to branch main, as the latest if it is the newest version. Throws invalid_argument if there is
/// no trash.
void restore(Instance& instance, Record& record);

}  // namespace lamin
