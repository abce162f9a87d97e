// plan.hpp -- before bytes move: which uid an artifact gets, and which place its bytes.
//
// Each function joins the caller's transaction, in which the intent is declared too: two writers of one key see each
// other's announcement and take uids one after the other, of one family.
#pragma once
#include <optional>
#include <string>
#include "lake/intent.hpp"
#include "lamin/artifact.hpp"

namespace lamin::lake {

std::int64_t storage_of(const Draft& draft);
/// The stem of the family that the draft's key belongs to, by rows that are there.
std::optional<std::string> stored_family_of_key(Instance& instance, const Draft& draft);
/// Gives the draft its uid: after every version that is there or announced. `fresh`: a new family gets a new stem.
void assign_uid(Instance& instance, Draft& draft, bool fresh);
/// Kind, place and target of what is to be announced; no place where no bytes move. Throws conflict if a file that is
/// no artifact is in the way.
Intent intent_for(Instance& instance, const Draft& draft, const std::string& operation);

}  // namespace lamin::lake
