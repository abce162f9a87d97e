// trash.hpp -- moves a record to the trash, and deletes an artifact permanently.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include "lamin/instance.hpp"

namespace lamin::lake {

/// Throws invalid_argument if the record is not saved, or its registry has no trash.
void require_branched(const Record& record, std::string_view what);
/// Joins the transaction. Members of a type go with it.
void move_to_trash(Instance& instance, Record& record);

/// What to do with the bytes after the commit that deletes their artifact's row.
struct LeftBytes {
  std::int64_t storage = 0;
  std::string place = {};
  std::string shown = {};  ///< the place with its storage; computed before the commit, after which nothing may fail
  bool removes = false;    ///< remove them
  bool held = false;       ///< they belonged to this artifact
};
struct DeletedArtifact {
  LeftBytes bytes = {};
  std::map<std::string, std::int64_t> rows = {};  ///< by SQL table
};
/// Joins the transaction. `storage` as in RemoveOptions.
DeletedArtifact delete_artifact(Instance& instance, const Record& artifact, std::optional<bool> storage);
/// After the commit.
void carry_out(Instance& instance, const LeftBytes& bytes) noexcept;

}  // namespace lamin::lake
