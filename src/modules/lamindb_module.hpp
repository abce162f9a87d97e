// lamindb_module.hpp -- the core module, assembled from the files lamindb_*.hpp.
#pragma once
#include "modules/lamindb_access.hpp"
#include "modules/lamindb_blocks.hpp"
#include "modules/lamindb_data.hpp"
#include "modules/lamindb_features.hpp"
#include "modules/lamindb_labels.hpp"
#include "modules/lamindb_lineage.hpp"
#include "modules/lamindb_postgres.hpp"
#include "modules/lamindb_projects.hpp"
#include "modules/lamindb_records.hpp"
#include "modules/mixins.hpp"

namespace lamin::modules {

constexpr Module make_lamindb() {
  Module m{.name = "lamindb", .functions = core_functions(), .triggers = core_triggers()};
  for (const auto& part :
       {core_mixins(), access_registries(), data_registries(), lineage_registries(), feature_registries(),
        label_registries(), record_registries(), project_registries(), block_registries()}) {
    m.registries.insert(m.registries.end(), part.begin(), part.end());
  }
  return m;
}

}  // namespace lamin::modules
