// block.hpp -- what makes a registry one of texts, and the rules of its rows.
#pragma once
#include "lamin/block.hpp"

namespace lamin::lake {

/// Whether rows of the table are texts.
bool is_block(const schema::Table& table);
/// The column that refers to the record a text is about; null if the table has none.
const schema::Column* host_of(const schema::Table& table);
/// After this, a text has a kind that exists, the hash of its content, and a uid that nobody has.
void install_block_hooks(Database& database);

}  // namespace lamin::lake
