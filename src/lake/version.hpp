// version.hpp -- families of versions: uids that share a stem, one latest member a branch.
//
// Invariants (Artifact, Collection, Transform)
//   1. A uid is stem + 4 characters; a new version has 1 + the greatest of the family, over all branches and trash.
//   2. Of a family at most one row a branch is the latest; a family with live rows has a latest.
//   3. A version that commits after one with a greater number does not become the latest.
// Each function joins the caller's transaction, which is what makes 1 and 2 hold between processes.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin::lake {

std::string_view stem_of(const Record& record);
/// uids of the family, any branch.
std::vector<std::string> family_uids(Instance& instance, const schema::Table& table, std::string_view stem);
/// The uid after all of `taken`, which share a stem; stem + "0000" if there is none.
std::string uid_after(std::string_view stem, const std::vector<std::string>& taken);
std::string next_uid(Instance& instance, const schema::Table& table, std::string_view stem);

/// The latest rows with this value in `field`, not in the trash: the one on `branch` if there is one, else the newest.
std::optional<Record> head(Instance& instance, const schema::Table& table, std::string_view field, const Value& value,
                           std::int64_t branch, const Expr& and_also = {});
std::optional<Record> head_of_family(Instance& instance, const schema::Table& table, std::string_view stem,
                                     std::int64_t branch);

/// Makes an unsaved record the latest of its family on its branch and takes the mark from the one that has it; if a
/// greater number is there already, the record is marked as not the latest.
void take_over(Instance& instance, Record& record);
/// After `record` has left its branch: the newest that remains there becomes the latest. Returns it.
std::optional<Record> promote_newest(Instance& instance, const Record& record, std::int64_t branch);

std::int64_t branch_of(Instance& instance, const Record& record);

}  // namespace lamin::lake
