// remove.hpp -- deleting as users know it: to the trash, back from it, or for good.
//
// The trash is a branch (branch.hpp): what is in it is hidden from queries and keeps its bytes. A registry without
// branches has none. Members of a type go to the trash with it; of a versioned registry the newest version left becomes
// the latest. For good means row and bytes. Several records go together or not at all.
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
  std::optional<bool> permanent = {};  ///< for good; empty: to the trash, where the registry has one
  std::optional<bool> storage = {};    ///< bytes of an artifact, too; empty: yes, unless a person chose their name
};

struct Removed {
  std::int64_t trashed = 0;
  std::map<std::string, std::int64_t> deleted = {};  ///< rows by registry ("bionty.CellType"), with what went along
};

/// Throws invalid_argument: there is no trash; a record is in the trash already and `permanent` does not say what is
/// meant; nobody says what becomes of bytes whose name a person chose. Throws protected_row, naming who still refers
/// to a record; conflict for bytes outside of the instance's storages.
Removed remove(Instance& instance, Record& record, const RemoveOptions& options = {});
Removed remove(Instance& instance, std::span<Record> records, const RemoveOptions& options = {});
/// All rows that a query finds. What is in the trash already stays there.
Removed remove(Instance& instance, const Query& query, const RemoveOptions& options = {});
/// Back to branch main, as the latest if it is the newest version. Throws invalid_argument if there is no trash.
void restore(Instance& instance, Record& record);

}  // namespace lamin
