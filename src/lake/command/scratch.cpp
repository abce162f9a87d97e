#include "lake/command/scratch.hpp"
#include <fmt/format.h>
#include <set>
#include "base/file.hpp"
#include "base/uid.hpp"
#include "lake/instance/marker.hpp"
#include "lake/instance/settings_file.hpp"
#include "lake/rows/version.hpp"
#include "lamin/artifact.hpp"
#include "registry/copy.hpp"
#include "registry/scan.hpp"
#include "registry/writes.hpp"

namespace lamin::lake {
namespace fs = std::filesystem;
namespace {

std::vector<Record> artifacts(Database& database, std::string_view field, const Record& run) {
  return database.all({.registry = "Artifact",
                       .where = Expr::compare(std::string(field), Op::exact, Value(run.id())),
                       .order_by = {"id"},
                       .any_branch = true});
}

/// Rows that something else refers to stay.
void remove_row(Database& copy, const Record& row) {
  try {
    registry::Writes(copy).remove(row);
  } catch (const Error& error) {
    if (error.code() != Code::protected_row) throw;
  }
}

/// The run sees what was there before: not what it made, and of what it read no later versions.
void forget_what_came_after(Database& copy, const Record& run) {
  const auto inputs = artifacts(copy, "input_of_runs", run);
  std::set<std::int64_t> kept;
  for (const auto& input : inputs) kept.insert(input.id());
  for (const auto& output : artifacts(copy, "run", run))
    if (output.text("kind") != "__lamindb_run__") remove_row(copy, output);
  for (const auto& input : inputs)
    for (const auto& version : family_newest_first(copy, input.table(), stem_of(input))) {
      if (version.id() == input.id()) break;
      if (!kept.contains(version.id())) remove_row(copy, version);
    }
}

void leave_to_nobody(Database& copy) {
  registry::Writes(copy).update({.registry = "Storage", .any_branch = true}, {{"instance_uid", Value()}},
                                {.run_hooks = false});
}

void add_storage(Database& copy, const InstanceSettings& settings) {
  Record row(copy.catalog().table("Storage"));
  row.set("uid", Value(base::random_uid(12))).set("root", Value(settings.storage_root)).set("type", Value("local"));
  row.set("instance_uid", Value(settings.uid()));
  registry::Writes(copy).save(row);
  fs::create_directories(fs::path(settings.storage_root) / ".lamindb");
  write_marker(settings.storage_root, {.uid = std::string(row.uid()),
                                       .slug = settings.slug(),
                                       .instance_id = settings.id,
                                       .instance_uid = settings.uid()});
}

}  // namespace

std::vector<Record> outputs_of(Instance& instance, const Record& run) {
  auto all = artifacts(instance.database(), "run", run);
  for (auto& again : artifacts(instance.database(), "recreating_runs", run)) all.push_back(std::move(again));
  std::erase_if(all, [](const Record& row) {
    return row.text("kind") == "__lamindb_run__" || row.at("branch").integer_or(1) == -1;
  });
  return all;
}

Scratch::Scratch(Instance& instance, const Record& run, fs::path folder)
    : instance_(instance), folder_(std::move(folder)), settings_(instance.settings()) {
  settings_.db.clear();
  settings_.storage_root = (folder_ / "storage").string();
  settings_.storage_region.clear();
  const auto file = database_file(settings_);
  fs::create_directories(file.parent_path());
  branch_ = instance.database().related_one(run, *run.table().find_relation("branch"));
  auto copy = registry::copy_database(instance.database(), file, settings_.modules);
  copy->session() = quiet_session();
  prepare(*copy, run);
  const auto settings = folder_ / "settings" / ".lamin";
  const auto write = [&](const fs::path& like, const std::string& text) {
    base::write_file(settings / like.filename(), text, base::Readers::owner);
  };
  fs::create_directories(settings);
  write(instance_file(settings_.owner, settings_.name), to_env(settings_));
  write(settings_path("current_instance.env"), to_env(settings_));
  if (const auto user = read_text_file(settings_path("current_user.env")))
    write(settings_path("current_user.env"), *user);
}

/// What changes in the copy is no news to anybody.
Session Scratch::quiet_session() const {
  auto session = instance_.session();
  session.messages.write = [](Level, std::string_view) {};
  session.run = 0;
  return session;
}

void Scratch::prepare(Database& copy, const Record& run) {
  install_version_hooks(copy);
  copy.transaction([&] {
    forget_what_came_after(copy, run);
    leave_to_nobody(copy);
    add_storage(copy, settings_);
  });
  last_run_ = registry::last_id(copy, copy.catalog().table("Run"));
}

std::vector<std::pair<std::string, std::string>> Scratch::variables() const {
  const auto caches = folder_ / "caches";
  return {{"LAMIN_SETTINGS_DIR", (folder_ / "settings").string()},
          {"LAMIN_CACHE_DIR", (folder_ / "cache").string()},
          {"LAMIN_CURRENT_INSTANCE", settings_.slug()},
          {"XDG_CACHE_HOME", caches.string()},
          {"JUPYTER_RUNTIME_DIR", (caches / "jupyter").string()},
          {"IPYTHONDIR", (caches / "ipython").string()},
          {"MPLCONFIGDIR", (caches / "matplotlib").string()},
          {"PYTHONDONTWRITEBYTECODE", "1"}};
}

void Scratch::bind(const fs::path& work) const {
  fs::create_directories(work / ".lamin");
  base::write_file(work / ".lamin" / "current_instance", settings_.slug(), base::Readers::all);
  if (branch_)
    base::write_file(work / ".lamin" / "current_branch", fmt::format("{}\n{}", branch_->uid(), branch_->text("name")),
                     base::Readers::all);
}

Instance& Scratch::opened() {
  if (opened_) return *opened_;
  auto database = registry::open_copy(database_file(settings_), settings_.modules);
  database->session() = quiet_session();
  opened_ = std::make_unique<Instance>(settings_, instance_.user(), std::move(database));
  return *opened_;
}

}  // namespace lamin::lake
