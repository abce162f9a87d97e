#include "lamin/fsck.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <utility>
#include "base/path.hpp"
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lake/fsck/leftovers.hpp"
#include "lake/fsck/parts.hpp"
#include "lake/instance/owner.hpp"
#include "lamin/artifact.hpp"
#include "registry/carried.hpp"
#include "registry/lost.hpp"

namespace lamin {

std::string_view name_of(FindingKind kind) {
  static constexpr std::string_view names[] = {
      "missing", "wrong_size", "wrong_content", "unreadable", "no_row",     "interrupted", "leftover",
      "draft",   "lost_table", "unreachable",   "no_digest",  "superseded", "mended"};
  return names[static_cast<std::size_t>(kind)];
}

bool is_information(FindingKind kind) { return kind >= FindingKind::no_digest; }

namespace lake {
namespace {

std::vector<CheckedStorage> storages_to_check(FsckRun& run) {
  const auto& wanted = run.options.storage;
  const auto root = wanted.empty() || wanted.find("://") != wanted.npos ? wanted : base::resolve(wanted).string();
  std::vector<CheckedStorage> storages;
  std::string known;
  for (const auto& row : run.instance.database().all({.registry = "Storage", .order_by = {"id"}, .any_branch = true})) {
    known += (known.empty() ? "" : ", ") + std::string(row.text("root"));
    if (!wanted.empty() && row.text("root") != root) continue;
    const bool ours = row.text("instance_uid") == run.instance.settings().uid();
    storages.push_back({row.id(), std::string(row.text("root")), ours, nullptr});
  }
  if (storages.empty() && !wanted.empty()) {
    throw Error(Code::not_found, fmt::format("storage '{}' does not exist; the instance has {}", wanted, known));
  }
  return storages;
}

void open_storages(FsckRun& run) {
  for (auto& storage : storages_to_check(run)) {
    try {
      storage.store = &run.instance.store_of(storage.id);
      run.storages.push_back(std::move(storage));
    } catch (const Error& e) {
      const Query held{
          .registry = "Artifact", .where = Expr::compare("storage", Op::exact, Value(storage.id)), .any_branch = true};
      const auto n = run.instance.database().count(held);
      if (n == 0) continue;
      run.found({.kind = FindingKind::unreachable,
                 .place = storage.root,
                 .what = fmt::format("{}; its {} artifacts are not checked", e.what(), n)});
    }
  }
}

struct Abandoned {
  std::string operation, place, kind;
  std::int64_t storage = 0;
  bool operator==(const Abandoned&) const = default;
};

// Abandoned as in recovery: the process is dead, or its lease and a grace period have run out.
std::vector<Abandoned> abandoned_operations(Instance& instance) {
  constexpr std::int64_t grace_micros = 600'000'000;
  auto rows = instance.database().connection().query(
      "SELECT operation, place, kind, storage_id, owner, reaper, expires_at FROM lamin_intent");
  std::vector<Abandoned> found;
  while (rows->next()) {
    const std::string holder(rows->is_null(5) ? rows->text(4) : rows->text(5));
    const auto life = life_of(holder);
    const bool late = base::now().micros > rows->integer(6) + grace_micros;
    if (life == Life::alive || (life == Life::unknown && !late)) continue;
    found.push_back(
        {std::string(rows->text(0)), std::string(rows->text(1)), std::string(rows->text(2)), rows->integer(3)});
  }
  return found;
}

std::string root_of(const FsckRun& run, std::int64_t storage) {
  const auto at = std::ranges::find(run.storages, storage, &CheckedStorage::id);
  return at == run.storages.end() ? fmt::format("storage {}", storage) : at->root;
}

void report_mended(FsckRun& run) {
  auto mended = std::exchange(run.instance.mended(), {});
  for (const auto& table : mended.tables) {
    run.found({.kind = FindingKind::lost_table,
               .place = table,
               .what = "the database had lost this table",
               .done = "made again, empty, when the instance was opened"});
  }
  if (mended.operations == 0) return;
  run.found(
      {.kind = FindingKind::mended,
       .what = fmt::format("opening the instance has finished or taken back {} interrupted operations and removed "
                           "{} files",
                           mended.operations, mended.files)});
}

}  // namespace

void FsckRun::found(Finding finding) {
  if (is_information(finding.kind)) {
    ++report.information;
  } else {
    ++report.found;
    report.repaired += !finding.done.empty();
  }
  if (watch_.finding) watch_.finding(finding);
}

void FsckRun::step(std::int64_t artifacts_now, std::int64_t bytes_now) {
  if (!watch_.progress) return;
  const FsckProgress now{report.artifacts + artifacts_now, artifacts_in_all, report.bytes + bytes_now, report.found};
  if (watch_.progress(now)) return;
  throw Error(Code::interrupted, fmt::format("the check was interrupted after {} of {} artifacts; go on with `lamin "
                                             "fsck --resume`",
                                             now.artifacts, now.of));
}

void check_tables(FsckRun& run) {
  auto& database = run.instance.database();
  const auto lost = registry::lost_tables(database, database.catalog(), registry::carried(database.connection()).names);
  if (!lost.own.empty() && !database.read_only()) registry::make_own_tables(database);
  for (const auto& table : lost.own) {
    run.found({.kind = FindingKind::lost_table,
               .place = table,
               .what = "the database had lost this table",
               .done = "made again, empty, as every opening does"});
  }
  for (const auto& table : lost.others) {
    run.found({.kind = FindingKind::lost_table,
               .place = table,
               .what = "the database has lost this table; restore it from a backup"});
  }
}

void check_interrupted(FsckRun& run) {
  const auto before = abandoned_operations(run.instance);
  if (before.empty()) return;
  if (run.options.repair) recover(run.instance);
  const auto after = run.options.repair ? abandoned_operations(run.instance) : before;
  for (const auto& operation : before) {
    const bool remains = std::ranges::find(after, operation) != after.end();
    run.found(
        {.kind = FindingKind::interrupted,
         .place = fmt::format("{}/{}", root_of(run, operation.storage), operation.place),
         .what = fmt::format("a process that is gone has announced '{}' here and not finished it", operation.kind),
         .done = remains ? "" : "finished or taken back"});
  }
}

void check_leftovers(FsckRun& run) {
  for (const auto& storage : run.storages) {
    const auto swept = storage.store->sweep();
    const auto place = storage.root + "/.lamin-tmp";
    if (swept.folders > 0) {
      run.found({.kind = FindingKind::leftover,
                 .place = place,
                 .what = fmt::format("{} folders of unfinished copies, by processes that are gone", swept.folders),
                 .done = "removed, as every opening of a storage does",
                 .size = swept.bytes});
    }
    if (swept.kept > 0) {
      run.found(
          {.kind = FindingKind::leftover,
           .place = place,
           .what = fmt::format("{} folders of unfinished copies cannot be removed; look at their rights", swept.kept)});
    }
  }
  if (!run.options.storage.empty()) return;
  for (const auto& draft : abandoned_drafts(run.options.grace)) {
    if (draft.young) continue;
    const bool removed = run.options.repair && remove_draft(draft.path);
    run.found({.kind = FindingKind::draft,
               .place = draft.path.string(),
               .what = fmt::format("written {} ago to be saved, by a process that is gone", draft.age),
               .done = removed ? "removed" : "",
               .size = draft.bytes});
  }
}

}  // namespace lake

FsckReport fsck(Instance& instance, const FsckOptions& options, const FsckWatch& watch) {
  lake::FsckRun run(instance, options, watch);
  if (options.storage.empty()) {
    lake::report_mended(run);
    lake::check_tables(run);
  }
  lake::open_storages(run);
  lake::check_interrupted(run);
  lake::check_artifacts(run);
  for (const auto& storage : run.storages) {
    if (storage.ours) lake::check_objects(run, storage);
  }
  lake::check_leftovers(run);
  return run.report;
}

}  // namespace lamin
