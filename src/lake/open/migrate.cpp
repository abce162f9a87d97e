// migrate.cpp -- installs plug-ins in a database, and migrates a database to its modules.
#include "registry/migrate.hpp"
#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include "base/time.hpp"
#include "db/connection.hpp"
#include "lake/instance/bucket_database.hpp"
#include "lake/instance/settings_file.hpp"
#include "lake/open/open.hpp"
#include "lamin/plugin.hpp"
#include "modules/modules.hpp"
#include "modules/plugin.hpp"
#include "schema/diff.hpp"
#include "schema/json.hpp"
#include "store/posix.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

/// An open database with the catalog after the migration.
struct Target {
  std::shared_ptr<lake::BucketDatabase> bucket;  ///< if it lies in one
  registry::StoredModules there;
  std::unique_ptr<Database> database;
};

Target open_target(const InstanceSettings& settings, std::span<const schema::Module> plugins) {
  Target out;
  out.bucket = lake::BucketDatabase::of(settings);
  if (out.bucket) out.bucket->refresh();
  auto connection = db::open_connection(settings.database_url(), {.gate = out.bucket});
  out.there = registry::carried(*connection);
  const bool sqlite = connection->dialect() == db::Dialect::sqlite;
  auto catalog = registry::catalog_for(out.there, modules::stored(settings.modules, sqlite), plugins);
  out.database = std::make_unique<Database>(std::move(connection), std::move(catalog));
  return out;
}

void sync(const fs::path& path) {
  const store::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) store::fail(errno, "cannot open the backup", path.string());
  store::sync_or_fail(file.get(), path.string());
}

/// Makes a durable copy of a SQLite database next to it. Readers are admitted while another connection is about to
/// write.
fs::path back_up(const InstanceSettings& settings) {
  const auto file = lake::database_file(settings);
  std::string now = base::sql_text(base::now()).substr(0, 19);
  std::ranges::replace(now, ' ', 'T');
  std::erase(now, ':');
  fs::path copy = file.string() + ".before-" + now;
  for (int n = 2; fs::exists(copy); ++n) copy = file.string() + ".before-" + now + "-" + std::to_string(n);
  const Value name(copy.string());
  db::open_connection(settings.database_url())->execute("VACUUM INTO ?", {&name, 1});
  sync(copy);
  sync(copy.parent_path());
  return copy;
}

/// The settings files name the modules too.
void write_names(InstanceSettings settings, std::span<const schema::Module> plugins) {
  const auto before = settings.modules.size();
  for (const auto& plugin : plugins) {
    if (std::ranges::find(settings.modules, plugin.name.view()) == settings.modules.end())
      settings.modules.push_back(plugin.name.str());
  }
  if (settings.modules.size() == before) return;
  lake::write_settings(settings);
  const auto global = lake::settings_path("current_instance.env");
  if (const auto text = lake::read_text_file(global); text && lake::from_env(*text, global).slug() == settings.slug())
    lake::write_text_file(global, lake::to_env(settings));
}

}  // namespace

schema::Module plugin_from_json(std::string_view json) {
  return modules::complete_plugin(schema::module_from_json(json));
}

bool is_plugin_file(std::string_view name) { return name.ends_with(".json") || name.find('/') != name.npos; }

schema::Module plugin_from_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(Code::not_found, "there is no file '" + file.string() + "' that declares a module");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  try {
    return plugin_from_json(text);
  } catch (Error& error) {
    error.add_context("while reading the module in '" + file.string() + "'");
    throw;
  }
}

void check_plugins(std::span<const schema::Module> plugins) {
  static_cast<void>(registry::catalog_for({}, modules::stored({}, true), plugins));
}

bool is_builtin(std::string_view module) {
  const auto builtin = modules::builtin_names();
  return std::ranges::find(builtin, module) != builtin.end();
}

std::vector<std::string> carried_plugins(const InstanceSettings& settings) {
  std::vector<std::string> names;
  if (const auto bucket = lake::BucketDatabase::of(settings)) bucket->refresh();
  const auto there = registry::carried(*db::open_connection(settings.database_url()));
  for (const auto& [name, json] : there.plugins) names.push_back(name);
  for (const auto& name : settings.modules) {
    if (!is_builtin(name) && !there.plugins.contains(name)) names.push_back(name);
  }
  return names;
}

MigrationPlan plan_migration(const InstanceSettings& settings, std::span<const schema::Module> plugins) {
  const auto target = open_target(settings, plugins);
  auto plan = registry::plan(*target.database, target.there);
  plan.refusals.insert(plan.refusals.end(), plan.lost.begin(), plan.lost.end());
  return {std::move(plan.notes), std::move(plan.statements), std::move(plan.refusals), {}};
}

MigrationPlan apply_migration(const InstanceSettings& settings, std::span<const schema::Module> plugins) {
  const auto target = open_target(settings, plugins);
  if (const auto lost = registry::plan(*target.database, target.there).lost; !lost.empty()) schema::refuse(lost);
  MigrationPlan out;
  try {
    out.notes = registry::migrate(*target.database, target.there, [&] {
      if (lake::is_sqlite(settings)) out.backup = back_up(settings);
    });
  } catch (...) {
    std::error_code ignored;
    if (!out.backup.empty()) fs::remove(out.backup, ignored);
    throw;
  }
  if (target.bucket) target.bucket->push();
  write_names(settings, plugins);
  return out;
}

}  // namespace lamin
