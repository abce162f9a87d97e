// Files and tables of terms, on SQLite.
#include "lake/label/database_testing.hpp"

namespace lamin {
using TestDatabase = testing::OnSqlite;
}

#include "lake/ontology/import_cases_testing.hpp"
#include "lake/ontology/term_table_cases_testing.hpp"
