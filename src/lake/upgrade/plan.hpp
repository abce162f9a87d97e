// plan.hpp -- an upgrade as people are told of it.
#pragma once
#include <string>

#include "lake/upgrade/moves.hpp"

namespace lamin::lake {

UpgradePlan plan_of(Instance& instance, const schema::Table& table, const ReleaseMoves& moves,
                    const UpgradeOptions& options);
/// What the plan does to the registry; two plans with the same key do the same. Who uses the rows is not part of it.
std::string plan_key(const UpgradePlan& plan);
/// A registry whose rows may be terms of a release. Throws invalid_argument.
const schema::Table& upgradable(Instance& instance, std::string_view registry);

}  // namespace lamin::lake
