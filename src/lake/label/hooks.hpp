// hooks.hpp -- what happens automatically when rows of label registries are written.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

/// Called once when a database is opened. After this, in the same transaction as the write:
///   - a row of a registry with organisms gets its uid by LaminDB's rule, which includes the organism's name;
///   - a source that is put into use takes its other versions out of use.
void install_label_hooks(Database& database);

/// LaminDB's uid of a term: base62(md5(key)) cut to the registry's length. The key is the public identifier, otherwise
/// the stable id, otherwise the name followed by the organism's name. "" if the row has none of them.
std::string term_uid(Database& database, const Record& record);
/// The columns of a registry of terms that tell two rows of one name apart: public identifiers and organism.
std::vector<const schema::Column*> identity_columns(const schema::Table& table);

}  // namespace lamin::lake
