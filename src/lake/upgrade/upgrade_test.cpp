// Upgrades on SQLite.
#include "lake/label/database_testing.hpp"

namespace lamin {
using TestDatabase = testing::OnSqlite;
}

#include "lake/upgrade/own_terms_cases_testing.hpp"
#include "lake/upgrade/upgrade_cases_testing.hpp"
