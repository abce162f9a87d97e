// entity.hpp -- how people write a registry in a shell or a URL: "artifact", "cell_type", "bionty.CellType".
#pragma once
#include <string>
#include <string_view>
#include "lamin/catalog.hpp"

namespace lamin::faces {

/// "CellType" -> "cell_type": the name in commands and paths.
std::string entity_name(const schema::Table& table);
/// Found by that name, its plural, the class name or "module.Class". Throws not_found, naming the nearest.
const schema::Table& entity(const schema::Catalog& catalog, std::string_view name);

}  // namespace lamin::faces
