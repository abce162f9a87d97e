// plugin.hpp -- your own registries, and migrations.
//
// A plug-in is a schema::Module that is not built in: it comes from a JSON file, from classes declared in Python, or
// from an installed package. A database carries the plug-ins installed into it, so every program serves their
// registries, with or without the code that declared them. Installing and upgrading a plug-in are the same operation:
// the differences between the database and the declaration are applied, all or nothing. Changes that would lose data
// are refused, with instructions for doing them by hand. docs/plugins.md says how to write a module.
//
// Example: examples/cpp/plugin.cpp
#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"
#include "lamin/schema.hpp"

namespace lamin {

/// Whether a module with that name ("bionty") is part of this program.
bool is_builtin(std::string_view module);
/// A plug-in from its JSON declaration, with links generated from `labels`. Throws invalid_argument, naming the place.
schema::Module plugin_from_json(std::string_view json);
/// Whether a name given by the user is a JSON file ("./lab.json", "schemas/lab") rather than a module or package.
bool is_plugin_file(std::string_view name);
/// The same from a file; throws not_found if there is none.
schema::Module plugin_from_file(const std::filesystem::path& file);
/// Throws invalid_argument, naming registry, field and reason, if the plug-ins are not valid, alone or together.
void check_plugins(std::span<const schema::Module> plugins);

/// Names of the plug-ins in the instance's database or its settings.
std::vector<std::string> carried_plugins(const InstanceSettings& settings);

/// init() with plug-ins, which are installed into the new instance.
std::unique_ptr<Instance> init(const InitOptions& options, std::span<const schema::Module> plugins);

/// The steps from a database to this program's modules and the given plug-ins.
struct MigrationPlan {
  std::vector<std::string> notes = {};       ///< what changes, one line each; empty: nothing to do
  std::vector<std::string> statements = {};  ///< the SQL
  std::vector<std::string> refusals = {};    ///< what prevents the migration; empty: it can be applied
  std::filesystem::path backup = {};         ///< after applying to SQLite: a copy of the original file
};

/// Only reads. Throws conflict if the database was made by a newer program.
MigrationPlan plan_migration(const InstanceSettings& settings, std::span<const schema::Module> plugins);
/// In one transaction; on SQLite the file is copied first. Throws conflict, listing what prevents it. Open instances
/// see the change when they are reopened.
MigrationPlan apply_migration(const InstanceSettings& settings, std::span<const schema::Module> plugins);

}  // namespace lamin
