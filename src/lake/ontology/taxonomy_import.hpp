// taxonomy_import.hpp -- NCBI's taxonomy (format/taxonomy.hpp) into a registry of organisms, in little memory.
#pragma once
#include <filesystem>
#include <string_view>
#include "lamin/ontology.hpp"

namespace lamin::lake {

/// In one transaction. Registered taxa stay as they are, unless `update` is set. Throws corrupt, and invalid_argument
/// for a registry without ontology ids or without a version.
ImportReport import_taxonomy(Instance& instance, std::string_view registry, const std::filesystem::path& file,
                             const ImportOptions& options);

}  // namespace lamin::lake
