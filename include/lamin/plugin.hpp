// plugin.hpp -- registries of your own, and changes of the tables.
//
// A plug-in is a schema::Module that is not built in: from a JSON file, from classes declared in Python, from an
// installed package. A database carries the plug-ins that were installed into it, so every program serves their
// registries, with or without the code that declared them. Installing a plug-in and bringing it to a later version are
// the same thing: what is different between the database and the declaration is applied, whole or not at all. What
// would lose data is refused, with what to do by hand. docs/plugins.md says how a module is written.
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

/// Whether a module of that name ("bionty") is part of this program.
bool is_builtin(std::string_view module);
/// A plug-in from the JSON that declares it, links made of its `labels`. Throws invalid_argument that names the place.
schema::Module plugin_from_json(std::string_view json);
/// Whether what a person named is a JSON file ("./lab.json", "schemas/lab"), rather than a module or a package.
bool is_plugin_file(std::string_view name);
/// The same from a file; throws not_found if there is none.
schema::Module plugin_from_file(const std::filesystem::path& file);
/// Throws invalid_argument, naming registry, field and reason, if the plug-ins do not fit together or are not sound.
void check_plugins(std::span<const schema::Module> plugins);

/// Names of the plug-ins that the instance's database carries or its settings name.
std::vector<std::string> carried_plugins(const InstanceSettings& settings);

/// init() with plug-ins, which become part of the new instance.
std::unique_ptr<Instance> init(const InitOptions& options, std::span<const schema::Module> plugins);

/// The way from a database to this program's modules and the given plug-ins.
struct MigrationPlan {
  std::vector<std::string> notes = {};       ///< what changes, a line each; empty: nothing to do
  std::vector<std::string> statements = {};  ///< the SQL
  std::vector<std::string> refusals = {};    ///< what stands in the way; empty: it can be applied
  std::filesystem::path backup = {};         ///< applied to SQLite: a copy of the file as it was
};

/// Only reads. Throws conflict if the database was made by a newer program.
MigrationPlan plan_migration(const InstanceSettings& settings, std::span<const schema::Module> plugins);
/// In one transaction; on SQLite the file is copied first. Throws conflict listing what stands in the way. Instances
/// that are open see the change when they are opened again.
MigrationPlan apply_migration(const InstanceSettings& settings, std::span<const schema::Module> plugins);

}  // namespace lamin
