// query.hpp -- queries by values of features: `temperature > 21 and cell_type = "T cell"`.
#pragma once
#include "lamin/feature.hpp"

namespace lamin::lake {

/// From then on a name in a query for artifacts, runs or records that is no field means a feature.
void install_feature_queries(Instance& instance);

}  // namespace lamin::lake
