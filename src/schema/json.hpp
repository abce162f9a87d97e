// json.hpp -- a module as JSON and back: how plug-ins declare one, how a database keeps it, what /api/schema answers.
//
// An attribute that has its default is left out, so that a newer program with more attributes writes what an older one
// reads. A key that is not known is an error: a misspelt attribute would be lost in silence.
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "lamin/schema.hpp"

namespace lamin::schema {

std::string to_json(const Module& module);
/// The same with a line for each registry, field and rule: for files that people compare.
std::string to_json_lines(const Module& module);
/// Throws invalid_argument, naming the place, for anything that is no module. Does not check that it is sound.
Module module_from_json(std::string_view json);
/// A list of them, such as tests/golden/schema.json.
std::vector<Module> modules_from_json(std::string_view json);

}  // namespace lamin::schema
