// own_tables.hpp -- tables that LaminDB does not have: a constexpr list; missing ones are created whenever a database
// is opened.
//
// They are named lamin_... and have no foreign keys to LaminDB's tables. LaminDB never sees them: it may delete rows
// that they refer to, and a database may lose them without harm. Code that keeps rows here checks them against the
// tables they were made from. A layer that needs a table of this kind adds a line here.
#pragma once
#include <array>
#include <string_view>

namespace lamin::schema {

struct OwnTable {
  std::string_view name;
  std::string_view columns;       ///< between the parentheses; {id} is an automatically numbered primary key
  std::string_view index = {};    ///< columns of an index
  bool keyed_by_columns = false;  ///< its primary key has several columns: SQLite keeps it without a row id
};

inline constexpr std::array own_tables = {
    // The modules that the database was made for, as JSON: faces serve a plug-in's registries without its code.
    OwnTable{"lamin_module", "name text NOT NULL PRIMARY KEY, json text NOT NULL, applied_at text NOT NULL"},
    // Every pair of a term and one below it, and the state of the links that they were computed from.
    OwnTable{"lamin_closure_state",
             "{id}, registry text NOT NULL UNIQUE, edges bigint NOT NULL, last_edge bigint NOT NULL"},
    OwnTable{"lamin_closure",
             "registry integer NOT NULL, ancestor integer NOT NULL, descendant integer NOT NULL, "
             "distance integer NOT NULL, PRIMARY KEY (registry, ancestor, descendant)",
             "", true},
    // Synonyms with what LaminDB's column cannot hold: their scope, and a "|" inside.
    OwnTable{"lamin_synonym",
             "{id}, registry text NOT NULL, record integer NOT NULL, scope text NOT NULL, text text NOT NULL",
             "registry, record"},
    // What a release (a row of registry Source) states of each of its terms, obsolete ones too:
    // src/lake/ontology/stated.hpp.
    OwnTable{"lamin_term",
             "{id}, source integer NOT NULL, term text NOT NULL, name text NOT NULL, obsolete integer NOT NULL, "
             "parents text NOT NULL, digest bigint NOT NULL, UNIQUE (source, term)"},
    OwnTable{"lamin_term_fact",
             "term bigint NOT NULL, kind text NOT NULL, position integer NOT NULL, value text NOT NULL, detail text, "
             "PRIMARY KEY (term, kind, position)",
             "", true},
    // Registries that were moved to another release, and every row that this changed: src/lake/upgrade/log.hpp.
    OwnTable{"lamin_upgrade",
             "{id}, registry text NOT NULL, source integer NOT NULL, plan text NOT NULL, applied_at text NOT NULL, "
             "undone_at text",
             "registry"},
    OwnTable{"lamin_upgrade_change",
             "upgrade bigint NOT NULL, position integer NOT NULL, registry text NOT NULL, record bigint NOT NULL, "
             "before text, after text, PRIMARY KEY (upgrade, position)",
             "", true},
    // Bytes being written or removed, one row per place: src/lake/artifact/intent.hpp.
    OwnTable{"lamin_intent",
             "operation text NOT NULL, place text NOT NULL, storage_id integer NOT NULL, kind text NOT NULL, "
             "target text, artifact_uid text, artifact_key text, owner text NOT NULL, expires_at bigint NOT NULL, "
             "reaper text, PRIMARY KEY (operation, place)",
             "", true},
    // Where versions share a place: which version's bytes it holds, or will hold once they are exchanged:
    // src/lake/artifact/holder.hpp.
    OwnTable{"lamin_place",
             "storage_id integer NOT NULL, place text NOT NULL, artifact_uid text NOT NULL, stamp text, "
             "PRIMARY KEY (storage_id, place)",
             "", true},
    // The last uid assigned in a family, whose row may no longer exist: src/lake/rows/given_uids.hpp.
    OwnTable{"lamin_uid",
             "registry text NOT NULL, stem text NOT NULL, last text NOT NULL, PRIMARY KEY (registry, stem)", "", true},
    // BLAKE3 of an artifact's content; valid while the artifact still has the hash that it was computed with.
    OwnTable{"lamin_content",
             "artifact_id integer NOT NULL PRIMARY KEY, hash text, digest text NOT NULL, size bigint NOT NULL",
             "digest"},
    // The files of a folder.
    OwnTable{"lamin_file",
             "artifact_id integer NOT NULL, path text NOT NULL, size bigint NOT NULL, digest text NOT NULL, "
             "PRIMARY KEY (artifact_id, path)",
             "", true},
    // The links of a folder, which is stored with what they lead to: a different link is different content.
    OwnTable{"lamin_link",
             "artifact_id integer NOT NULL, path text NOT NULL, target text NOT NULL, PRIMARY KEY (artifact_id, path)",
             "", true},
    // What a bucket cannot keep of a folder and its digest covers: executable files ("x") and empty folders ("d").
    OwnTable{"lamin_mode",
             "artifact_id integer NOT NULL, path text NOT NULL, kind text NOT NULL, PRIMARY KEY (artifact_id, path)",
             "", true},
    // The files that a command opened, by uid of its run; the artifacts that they were, and became:
    // include/lamin/command.hpp.
    OwnTable{
        "lamin_run_file",
        "run text NOT NULL, path text NOT NULL, access text NOT NULL, size bigint NOT NULL, hash text, artifact text, "
        "output text, PRIMARY KEY (run, path)",
        "path", true},
};

}  // namespace lamin::schema
