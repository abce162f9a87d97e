// tables.hpp -- the lake's own tables in the database: intents and content digests.
//
// LaminDB never sees them and can lose or outdate them without harm: a digest counts only while the artifact still has
// the hash it was computed with, and is computed again where it is missing.
//
//   lamin_intent    bytes that are being written or removed, one row a place (see intent.hpp)
//   lamin_content   artifact -> BLAKE3 digest of its content
//   lamin_file      folder artifact, path below it -> size and digest
#pragma once

namespace lamin::db {
class Connection;
}

namespace lamin::lake {

/// Creates those that are missing; joins an open transaction.
void make_tables(db::Connection& connection);

}  // namespace lamin::lake
