// migrate.cpp -- what differs between a database and its modules, shown and applied.
#include <fmt/format.h>
#include <algorithm>
#include <cstdio>
#include "base/visible.hpp"
#include "commands.hpp"
#include "lamin/plugin.hpp"

namespace lamin::cli {

namespace {

InstanceSettings current() {
  auto settings = current_settings();
  if (settings) return std::move(*settings);
  throw Error(
      Code::not_configured,
      "no instance is connected: run `lamin connect <owner/name>`, or `lamin init --storage <folder>` for a new "
      "one");
}

/// The given plug-ins, and those of the instance that are installed here.
std::vector<schema::Module> plugins_for(const InstanceSettings& settings, const Given& given) {
  auto wanted = modules_called(given.text("modules"));
  for (const auto& name : carried_plugins(settings)) {
    if (std::ranges::find(wanted.names, name) != wanted.names.end()) continue;
    if (auto plugin = find_plugin(name)) {
      wanted.plugins.push_back(std::move(*plugin));
    } else {
      std::fprintf(stderr, "! the module %s is not installed here: it stays as it is\n", name.c_str());
    }
  }
  return std::move(wanted.plugins);
}

void show(const MigrationPlan& plan, bool with_sql) {
  for (const auto& note : plan.notes) print(base::visible(note) + "\n");
  if (with_sql) {
    for (const auto& sql : plan.statements) print(sql + ";\n");
  }
  for (const auto& refusal : plan.refusals) print(fmt::format("refused: {}\n", base::visible(refusal)));
}

}  // namespace

int migrate_plan(const Given& given) {
  const auto settings = current();
  const auto plan = plan_migration(settings, plugins_for(settings, given));
  show(plan, given.has("sql"));
  if (plan.notes.empty() && plan.refusals.empty()) print(fmt::format("{} is up to date\n", settings.slug()));
  return plan.refusals.empty() ? 0 : row(Code::conflict).exit_status;
}

int migrate_check(const Given& given) {
  const auto settings = current();
  const auto plan = plan_migration(settings, plugins_for(settings, given));
  show(plan, false);
  return plan.notes.empty() && plan.refusals.empty() ? 0 : 1;
}

int migrate_apply(const Given& given) {
  const auto settings = current();
  const auto done = apply_migration(settings, plugins_for(settings, given));
  show(done, false);
  if (!done.backup.empty()) std::fprintf(stderr, "→ the database as it was: %s\n", done.backup.c_str());
  if (done.notes.empty()) print(fmt::format("{} is up to date\n", settings.slug()));
  return 0;
}

int migrate_create(const Given&) {
  std::fprintf(stderr,
               "→ nothing to create: migrations follow from what the modules declare. `lamin migrate plan` shows what "
               "would change, `lamin migrate apply` changes it.\n");
  return 0;
}

}  // namespace lamin::cli
