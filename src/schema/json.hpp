// json.hpp -- a module to JSON and back: how plug-ins declare one, how a database keeps it, what /api/schema returns.
//
// An attribute that has its default is left out, so that an older program can read what a newer one with more
// attributes writes. An unknown key is an error: a misspelt attribute would otherwise be lost silently.
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "lamin/schema.hpp"

namespace lamin::schema {

std::string to_json(const Module& module);
/// The same with one line for each registry, field and rule: for files that people compare.
std::string to_json_lines(const Module& module);
/// Throws invalid_argument, naming the place, for anything that is not a module. Does not check that it is sound.
Module module_from_json(std::string_view json);
/// A list of them, such as tests/golden/schema.json.
std::vector<Module> modules_from_json(std::string_view json);

}  // namespace lamin::schema
