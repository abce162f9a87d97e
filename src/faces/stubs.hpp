// stubs.hpp -- the registries as Python type stubs, for editors and type checkers.
#pragma once
#include <string>
#include <string_view>
#include "lamin/catalog.hpp"

namespace lamin::faces {

/// One module of stubs (.pyi): a class for each registry of the catalog, with its fields, its relations and the
/// keywords of its constructor. With `module` only those of a plug-in, which refer to the others.
std::string stubs(const schema::Catalog& catalog, std::string_view module = {});

}  // namespace lamin::faces
