// modules.hpp -- the built-in modules. To add a registry, a field or an ontology, add it in src/modules; every face
// follows.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/catalog.hpp"

namespace lamin::modules {

const schema::Module& lamindb();  ///< the core: artifacts, runs, features, labels, records, projects
const schema::Module& bionty();   ///< public ontologies
const schema::Module& pertdb();   ///< perturbations and compounds; its tables are named wetlab_...

/// "lamindb", "bionty", "pertdb"
std::span<const std::string_view> builtin_names();

/// The core, then those of `names` ("bionty", "pertdb") and what they need, each once, dependencies first. Throws
/// not_found for any other name, listing the existing ones.
std::vector<const schema::Module*> builtin(std::span<const std::string> names);

/// The modules whose tables a database has: those of `names` and, on SQLite, bionty, as LaminDB makes it.
std::vector<std::string> stored(std::span<const std::string> names, bool sqlite);

/// A catalog of builtin(names), or of all built-in modules: what Python's classes are made from before an instance is
/// connected.
schema::Catalog catalog_of(std::span<const std::string> names);
schema::Catalog builtin_catalog();

}  // namespace lamin::modules
