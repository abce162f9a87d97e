// new_record.hpp -- what a record has before it is saved.
#pragma once
#include "lamin/record.hpp"
#include "lamin/session.hpp"

namespace lamin::registry {

/// An unsaved record with what saving would fill in anyway and users read before: a random uid, the session's user,
/// run, branch and space.
Record new_record(const schema::Table& table, const Session& session);

}  // namespace lamin::registry
