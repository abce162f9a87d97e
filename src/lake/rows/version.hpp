// version.hpp -- families of versions: uids that share a stem, one latest version per branch.
//
// Invariants (every versioned registry), kept by hooks however a row is written
//   1. A uid is stem + 4 characters; a new version has 1 + the greatest that the family ever assigned (given_uids.hpp).
//      This number alone orders a family: clocks jump and differ between machines, so times do not tell which version
//      came first. Times only order families among each other, where nothing else does.
//   2. At most one row per family and branch is the latest; a family with live rows on a branch has a latest there.
//   3. A version that commits after one with a greater number does not become the latest.
//   4. A row that leaves a branch (to the trash, to another branch, permanently) passes the mark to the greatest
//      remaining number. A row that comes back gets the mark only if no other row has it.
// Each function joins the caller's transaction, which is what makes these hold between processes.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin::lake {

std::string_view stem_of(const Record& record);
/// Sorts rows of a versioned registry: families by their most recently created row, newest first; within a family, by
/// version, greatest first.
void newest_first(std::vector<Record>& rows);
/// Among the rows that a query finds, in the family of the most recently created one: the latest with the greatest
/// version or, if none is the latest, the greatest. In an unversioned registry, the most recently created row.
std::optional<Record> newest(Database& database, const Query& query);
/// All rows of the family, on any branch. There are few, and they are found through the uid's index.
std::vector<Record> family_newest_first(Database& database, const schema::Table& table, std::string_view stem);
/// uids that the family has assigned: those of its rows, on any branch, and the last one without a row.
std::vector<std::string> family_uids(Instance& instance, const schema::Table& table, std::string_view stem);
/// The uid after all of `taken`, which share a stem; stem + "0000" if it is empty.
std::string uid_after(std::string_view stem, const std::vector<std::string>& taken);
std::string next_uid(Instance& instance, const schema::Table& table, std::string_view stem);

/// The latest rows with this value in `field`, not in the trash: the one on `branch`, otherwise the newest.
std::optional<Record> head(Instance& instance, const schema::Table& table, std::string_view field, const Value& value,
                           std::int64_t branch, const Expr& and_also = {});
std::optional<Record> head_of_family(Instance& instance, const schema::Table& table, std::string_view stem,
                                     std::int64_t branch);

/// Throws invalid_argument if the tag of a new version is that of the one it revises.
void check_tag(const Record& revised, std::string_view tag);

/// Installs the hooks that keep 2 to 4.
void install_version_hooks(Database& database);

std::int64_t branch_of(Instance& instance, const Record& record);

}  // namespace lamin::lake
