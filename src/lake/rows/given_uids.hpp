// given_uids.hpp -- a uid that was given once is never given again, also when nothing has it any more.
//
// Rows remember uids that are in use. What remembers the others is the table lamin_uid: per family the greatest uid
// that was deleted for good, or was announced for a save that did not succeed. So a writer that comes back late, or a
// clean-up that waited, never meets another artifact under its uid.
#pragma once
#include <string>
#include <string_view>
#include "lamin/database.hpp"

namespace lamin::lake {

/// The greatest such uid of the family; empty if there is none. Joins the transaction.
std::string last_given(Database& database, const schema::Table& table, std::string_view stem);
/// Notes a uid that loses its row or never had one. Joins the transaction.
void note_given(Database& database, const schema::Table& table, std::string_view uid);

}  // namespace lamin::lake
