// hooks.hpp -- what the database does by itself when rows of label registries are written.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

/// Called once by whoever opens a database. From then on, in the same transaction as the write:
///   - a row of a registry with organisms gets the uid of LaminDB's recipe, which includes the organism's name;
///   - a source that comes into use takes its other versions out of use.
void install_label_hooks(Database& database);

/// LaminDB's uid of a term: base62(md5(key)) cut to the registry's length. The key is the public identifier, else the
/// stable id, else the name followed by the organism's name. "" if the row has none of them.
std::string term_uid(Database& database, const Record& record);

}  // namespace lamin::lake
