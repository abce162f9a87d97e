// migrations.cpp -- LaminDB's names for the migrations that led to the tables. Without them it would apply them again.
#include <algorithm>
#include "modules/initial_rows.hpp"

namespace lamin::modules {

namespace {

constexpr MigrationRow on_sqlite[] = {
    {"lamindb", "0177_squashed"},
    {"lamindb", "0177_alter_artifactblock_artifact_and_more"},
    {"lamindb", "0178_v2_2"},
    {"lamindb", "0179_v2_2_part_2"},
    {"lamindb", "0180_v2_2_part_3"},
    {"lamindb", "0181_v2_2_part_4"},
    {"lamindb", "0182_v2_2_part_5"},
    {"lamindb", "0183_v2_2_part_6"},
    {"bionty", "0064_squashed"},
    {"bionty", "0065_lamindb_v2_2"},
    {"lamindb", "0183_squashed"},
    {"bionty", "0065_squashed"},
    {"lamindb", "0184_alter_transformrecord_feature"},
    {"lamindb", "0185_alter_runrecord_feature"},
    {"lamindb", "0186_v2_4"},
    {"lamindb", "0187_v2_4_part_2"},
    {"lamindb", "0187_squashed"},
    {"lamindb", "0188_remove_record_prevent_record_type_cycle_and_more"},
    {"lamindb", "0189_v2_6"},
    {"lamindb", "0190_v2_6_1"},
    {"lamindb", "0191_artifactschema_unique_slot_schema"},
    {"lamindb", "0192_v2_9"},
    {"lamindb", "0193_v2_9_part_2"},
    {"lamindb", "0193_squashed"},
    {"pertdb", "0001_initial"},
    {"pertdb", "0002_biologic_created_on_and_more"},
};

constexpr MigrationRow on_postgres[] = {
    {"lamindb", "0177_squashed"},
    {"lamindb", "0177_alter_artifactblock_artifact_and_more"},
    {"lamindb", "0178_v2_2"},
    {"lamindb", "0179_v2_2_part_2"},
    {"lamindb", "0180_v2_2_part_3"},
    {"lamindb", "0181_v2_2_part_4"},
    {"lamindb", "0182_v2_2_part_5"},
    {"lamindb", "0183_v2_2_part_6"},
    {"lamindb", "0184_alter_transformrecord_feature"},
    {"lamindb", "0185_alter_runrecord_feature"},
    {"lamindb", "0186_v2_4"},
    {"lamindb", "0187_v2_4_part_2"},
    {"lamindb", "0188_remove_record_prevent_record_type_cycle_and_more"},
    {"lamindb", "0189_v2_6"},
    {"lamindb", "0190_v2_6_1"},
    {"lamindb", "0191_artifactschema_unique_slot_schema"},
    {"lamindb", "0192_v2_9"},
    {"lamindb", "0193_v2_9_part_2"},
    {"bionty", "0064_squashed"},
    {"bionty", "0065_lamindb_v2_2"},
    {"pertdb", "0001_initial"},
    {"pertdb", "0002_biologic_created_on_and_more"},
    {"lamindb", "0193_squashed"},
    {"bionty", "0065_squashed"},
};

}  // namespace

std::vector<MigrationRow> migration_rows(std::span<const std::string> modules, bool sqlite) {
  std::vector<MigrationRow> rows;
  const auto add = [&](const MigrationRow& row) {
    const bool always = row.app == "lamindb" || (sqlite && row.app == "bionty");
    if (always || std::ranges::find(modules, row.app) != modules.end()) rows.push_back(row);
  };
  if (sqlite) {
    std::ranges::for_each(on_sqlite, add);
  } else {
    std::ranges::for_each(on_postgres, add);
  }
  return rows;
}

}  // namespace lamin::modules
