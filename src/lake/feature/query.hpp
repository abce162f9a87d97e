// query.hpp -- queries by feature values: `temperature > 21 and cell_type = "T cell"`.
#pragma once
#include "lamin/feature.hpp"

namespace lamin::lake {

/// After this, a name in a query for artifacts, runs or records that is not a field means a feature.
void install_feature_queries(Instance& instance);

}  // namespace lamin::lake
