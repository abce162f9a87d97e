// trashed.hpp -- terms that lie in the trash: whoever asks for one of them again gets the same row back.
//
// A term that a user takes from a release, or needs as a parent, is restored with what the release says, as any record
// is that is saved again (record/save.cpp). Importing a whole release restores nothing, as in LaminDB: what somebody
// deleted stays deleted, and the import says so.
#pragma once
#include <cstdint>

#include "lamin/database.hpp"

namespace lamin::lake {

bool is_trashed(const Record& row);
/// If a row with its uid lies in the trash, that row is restored with the values of the record, which becomes it.
bool restored_as(Database& database, Record& record);
/// "3 terms of cl 2026-03-26 are in the trash and stay there".
void tell_trashed(Database& database, const std::string& release, std::int64_t count);

}  // namespace lamin::lake
