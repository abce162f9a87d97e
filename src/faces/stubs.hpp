// stubs.hpp -- the registries as Python type stubs, for editors and type checkers.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include "lamin/catalog.hpp"

namespace lamin::faces {

/// One module of stubs (.pyi): a class for each registry of the catalog, with its fields, its relations and the
/// keywords of its constructor. `written` names classes such as "SampleMethods" in python/lamindb/_typed.pyi: the
/// registry of that name inherits from it, including its constructor.
std::string stubs(const schema::Catalog& catalog, const std::set<std::string>& written);

/// The same for a plug-in's registries, which refer to the others.
std::string plugin_stubs(const schema::Catalog& catalog, std::string_view module);

/// The type of a field's values: "str | None", "Run".
std::string python_type(const schema::Column& column);

/// The names of those classes in the text of _typed.pyi.
std::set<std::string> written_methods(std::string_view stub);

}  // namespace lamin::faces
