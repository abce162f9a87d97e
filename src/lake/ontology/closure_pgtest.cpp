// Closures on PostgreSQL.
#include "lake/label/database_testing.hpp"

namespace lamin {
using TestDatabase = testing::OnPostgres;
}

#include "lake/ontology/closure_cases_testing.hpp"
