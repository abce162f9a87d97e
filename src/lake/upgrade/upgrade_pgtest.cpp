// Upgrades on PostgreSQL.
#include "lake/label/database_testing.hpp"

namespace lamin {
using TestDatabase = testing::OnPostgres;
}

#include "lake/upgrade/own_terms_cases_testing.hpp"
#include "lake/upgrade/upgrade_cases_testing.hpp"
