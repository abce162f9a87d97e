// given_uids.hpp -- a uid is never assigned twice, even if nothing has it any more.
//
// Rows record the uids in use. The table lamin_uid records the others: per family, the greatest uid that was
// permanently deleted or announced for a save that failed. So a delayed writer or clean-up never meets another artifact
// under its uid.
#pragma once
#include <string>
#include <string_view>
#include "lamin/database.hpp"

namespace lamin::lake {

/// The greatest such uid of the family; empty if there is none. Joins the transaction.
std::string last_given(Database& database, const schema::Table& table, std::string_view stem);
/// Records a uid that loses its row or never had one. Joins the transaction.
void note_given(Database& database, const schema::Table& table, std::string_view uid);

}  // namespace lamin::lake
