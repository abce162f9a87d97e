#include "lake/ontology/trashed.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "lake/instance/branches.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {

bool is_trashed(const Record& row) {
  const auto* branch = row.table().find_column("branch");
  return branch != nullptr && row[branch->position].integer_or(main_branch) == trash_branch;
}

bool restored_as(Database& database, Record& record) {
  static constexpr std::array<std::string_view, 9> kept{"id",         "uid",        "branch",     "space",     "run",
                                                        "created_on", "created_at", "created_by", "updated_at"};
  auto row = database.find(record.table(), record.uid());
  if (!row || row->uid() != record.uid() || !is_trashed(*row)) return false;
  for (const auto& column : record.table().columns) {
    const auto& value = record[column.position];
    if (value.is_null() || std::ranges::find(kept, column.name.view()) != kept.end()) continue;
    row->set(column.position, value);
  }
  row->set("branch", Value(main_branch));
  registry::Writes(database).save(*row);
  database.say(Level::warning, "restored from the trash: " + named(*row));
  record = std::move(*row);
  return true;
}

void tell_trashed(Database& database, const std::string& release, std::int64_t count) {
  if (count == 0) return;
  database.say(Level::warning,
               fmt::format("{} term{} of {} {} in the trash and {} there: restore {} to have {} again", count,
                           count == 1 ? "" : "s", release, count == 1 ? "lies" : "lie", count == 1 ? "stays" : "stay",
                           count == 1 ? "it" : "them", count == 1 ? "it" : "them"));
}

}  // namespace lamin::lake
