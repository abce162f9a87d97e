// term_table_import.hpp -- a table as its publisher writes it (format/term_table.hpp) into a registry.
#pragma once
#include <filesystem>
#include <optional>
#include <string_view>
#include "lamin/ontology.hpp"

namespace lamin::lake {

/// nullopt if the file is not one of these.
std::optional<ImportReport> import_term_table(Instance& instance, std::string_view registry,
                                              const std::filesystem::path& file, const ImportOptions& options);

}  // namespace lamin::lake
