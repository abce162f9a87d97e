// sheet_lineage.cpp -- sheets and their rows as inputs of runs: of the export, and of whatever reads them.
#include <fmt/format.h>
#include <optional>
#include "base/time.hpp"
#include "lake/record/sheet_cells.hpp"
#include "lamin/error.hpp"
#include "lamin/lineage.hpp"
#include "lamin/sheet.hpp"
#include "registry/writes.hpp"

namespace lamin {

namespace {

constexpr std::string_view export_transform = "v6KpQx9mRt2B0000";  // the same in every instance of LaminDB

}  // namespace

ExportName export_name(const Record& sheet, std::string_view suffix) {
  const auto description = sheet.text("description");
  return {.key = fmt::format("lamindb_record_exports/{}{}", sheet.text("name"), suffix),
          .description =
              fmt::format("Export of record type {}{}{}", sheet.uid(), description.empty() ? "" : ": ", description)};
}

namespace {

/// Older programs gave it any uid; it gets that of today.
Record export_row(Instance& instance) {
  auto& database = instance.database();
  const std::string key = "__lamindb_record_export__", kind = "function";
  const auto& table = instance.catalog().table("Transform");
  if (auto known = database.find(table, export_transform); known && known->uid() == export_transform)
    return std::move(*known);
  auto older = database.first({.registry = "Transform",
                               .where = Expr::all_of({Expr::compare("key", Op::exact, Value(key)),
                                                      Expr::compare("kind", Op::exact, Value(kind))}),
                               .order_by = {"id"},
                               .any_branch = true});
  if (!older) return make_transform(instance, {.uid = std::string(export_transform), .key = key, .kind = kind});
  older->set("uid", Value(export_transform));
  registry::Writes(database).save(*older);
  return std::move(*older);
}

}  // namespace

Record export_run(Instance& instance, const Record& sheet, std::span<const Record> rows) {
  lake::check_is_sheet(sheet);
  auto& database = instance.database();
  Record run;
  database.transaction([&] {
    const auto transform = export_row(instance);
    run = Record(instance.catalog().table("Run"));
    run.set("transform", transform.id());
    run.set("_status_code", Value(static_cast<std::int64_t>(RunStatus::completed)));
    run.set("finished_at", base::now());
    if (const auto by = instance.session().run; by != 0) run.set("initiated_by_run", by);
    registry::Writes(database).save(run);
    std::vector<std::int64_t> inputs{sheet.id()};
    for (const Record& row : rows) inputs.push_back(row.id());
    registry::Writes(database).link(run, *run.table().find_relation("input_records"), inputs);
  });
  return run;
}

std::optional<Record> track_sheet_input(Instance& instance, const Record& sheet, std::span<const Record> rows,
                                        const SheetInput& options) {
  lake::check_is_sheet(sheet);
  auto& database = instance.database();
  const auto id = options.run != 0 ? options.run : instance.session().run;
  if (id == 0) return std::nullopt;
  auto run = database.find(instance.catalog().table("Run"), id);
  if (!run) throw Error(Code::not_found, fmt::format("there is no run with id {}", id));
  const auto made_by_it = [&](const Record& record) { return record.at("run").integer_or(0) == id; };
  std::vector<std::int64_t> inputs;
  if (!made_by_it(sheet)) inputs.push_back(sheet.id());
  std::size_t n = 0;
  for (const Record& row : rows) {
    if (made_by_it(row)) continue;
    if (++n <= options.most_rows) inputs.push_back(row.id());
  }
  registry::Writes(database).link(*run, *run->table().find_relation("input_records"), inputs);
  if (n > options.most_rows) {
    instance.say(Level::warning, fmt::format("linking only the first {} of {} rows of '{}' as inputs of the run",
                                             options.most_rows, n, sheet.text("name")));
  }
  return run;
}

}  // namespace lamin
