// Files and tables of terms, on PostgreSQL.
#include "lake/label/database_testing.hpp"

namespace lamin {
using TestDatabase = testing::OnPostgres;
}

#include "lake/ontology/import_cases_testing.hpp"
#include "lake/ontology/term_table_cases_testing.hpp"
