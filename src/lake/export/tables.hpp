// tables.hpp -- what an export and an import agree on: which tables, and how a folder says that it is an export.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/instance.hpp"

namespace lamin::lake {

/// The file that says what is in an export, and that this program wrote it.
constexpr std::string_view export_manifest = "lamin-export.json";

/// The tables of these modules, links included; of all if none is named. Throws not_found, listing the modules.
std::vector<const schema::Table*> tables_of(Instance& instance, std::span<const std::string> modules);

}  // namespace lamin::lake
