// schema.hpp -- what a registry is, as plain values.
//
// A Module lists registries, a Registry lists fields. Nothing here knows about SQL, Python, HTTP or HTML: those are
// faces, each a pure function of a Catalog. The same three structs hold a module compiled into the library, one read
// from JSON, and one just declared in Python; there is no other form. A Module is checked when it is added to a
// Catalog, not before. (The registry Schema, which says what a dataset must look like, is something else: see
// feature.hpp.)
//
// Example: examples/cpp/schema.cpp
#pragma once
#include <vector>
#include "lamin/text.hpp"

namespace lamin::schema {

/// What a field holds. A ref points at one row, a link at any number of rows.
enum class Kind { text, integer, real, boolean, time, date, json, duration, ref, link };

/// What supplies a value that the caller leaves out.
enum class Fill {
  nobody,
  constant,      ///< `initial`, as JSON
  random_uid,    ///< `size` random base62 characters (versioned registry: stem + version suffix)
  ontology_uid,  ///< base62(md5(ontology id or, without one, name)), cut to `size`
  now,           ///< the database's clock
  user,          ///< the connected user
  run,           ///< the tracked run
};

/// What happens to a row when the row it refers to is deleted. Enforced by the library, not by SQL.
enum class On { protect, cascade };

/// One property of a row: a column (for a ref, the id of another row) or, for a link, a table of pairs.
struct Field {
  Text name = {};
  Kind kind = Kind::text;
  int size = 0;           ///< text: maximum characters, 0 = unlimited; integer: bits, 0 = 32
  bool optional = false;  ///< may be null
  bool unique = false;
  bool identifies = false;  ///< unique; a new record with an existing value becomes that row
  bool index = false;
  bool hidden = false;  ///< left out of tables and constructors
  Fill fill = Fill::nobody;
  int uid_size = 0;                ///< Fill::random_uid, ontology_uid: characters generated, 0 = size
  Text initial = {};               ///< Fill::constant: the value, as JSON
  bool in_database = false;        ///< the database itself fills in `initial` or the time (column DEFAULT)
  Text to = {};                    ///< ref, link: the target registry; may be "self"
  Text inverse = {};               ///< ref, link: the name of the reverse relation; empty = none
  On on_delete = On::protect;      ///< ref
  Text through = {};               ///< link: the registry that holds the pairs; empty = a plain table of pairs
  std::vector<Text> pair = {};     ///< link: fields of `through` for this row and the other; empty = found by type
  Text column = {};                ///< the SQL column if not the default (name; for a ref, name_id)
  std::vector<Text> options = {};  ///< text: the only values allowed
  std::vector<Text> codes = {};    ///< integer: words for its values, starting at `first_code`
  int first_code = 0;
  std::vector<Text> was = {};  ///< former names, so that a migration renames instead of adding
  Text doc = {};               ///< one sentence, required
};

/// A rule over several columns. `where` and `expression` are SQL over this registry's own columns.
struct Rule {
  Text name = {};                 ///< its name in the database; empty = derived
  std::vector<Text> unique = {};  ///< fields that are unique together
  Text where = {};                ///< only rows that satisfy this
  Text expression = {};           ///< unique over an expression instead of fields, such as lower(name)
  Text check = {};                ///< a condition that every row satisfies
  std::vector<Text> index = {};   ///< fields that are indexed together
  bool postgres = false;          ///< PostgreSQL only, such as a check that calls a function
};

/// What the library does with a registry besides storing its rows.
enum class Trait { versioned, typed, hierarchical, curatable, synonyms, abbreviated, branched, link, ontology };

/// Where a registry's public terms come from; releases are data, not code.
struct Ontology {
  Text prefix = {};                ///< of its identifiers: "CL"
  std::vector<Text> parents = {};  ///< relations that lead to a parent besides is_a: "part_of"
};

/// One kind of row. Its table gets the columns `id`, those of its mixins, then its own.
struct Registry {
  Text name = {};      ///< "CellType": table bionty_celltype
  Text doc = {};       ///< one sentence, required of all but mixins
  bool mixin = false;  ///< only lends its fields and traits; has no table
  std::vector<Text> mixins = {};
  std::vector<Trait> traits = {};
  int id_bits = 32;  ///< width of the primary key on Postgres
  std::vector<Field> fields = {};
  std::vector<Rule> rules = {};
  Text name_field = {};  ///< the name of a row: used by name search, shown first
  Text id_field = {};    ///< the public identifier, such as ontology_id
  Text table = {};       ///< if not module_registry in lower case
  Ontology ontology = {};
  /// What its rows describe ("Artifact", "Record", ...). A plug-in lists them instead of declaring the links: when it
  /// is read, the links are generated and this list is cleared.
  std::vector<Text> labels = {};
  std::vector<Text> was = {};  ///< former names, so that a migration renames the table
};

/// PL/pgSQL that a PostgreSQL database has besides its tables. On SQLite, the library enforces what these do.
struct Function {
  Text signature = {};  ///< "is_valid_x(x_id integer) RETURNS boolean"
  Text body = {};
};
struct Trigger {
  Text name = {};     ///< also the name of the function it calls
  Text on = {};       ///< the registry
  Text event = {};    ///< "BEFORE INSERT OR UPDATE"
  Text when = {};     ///< only rows that satisfy this
  Text comment = {};  ///< LaminDB uses it to tell whether the trigger is up to date
};

/// Registries that are installed together: "bionty", or a lab's own.
struct Module {
  Text name = {};
  Text table_prefix = {};        ///< if not the name (pertdb's tables are wetlab_...)
  std::vector<Text> needs = {};  ///< modules whose registries its fields refer to
  std::vector<Registry> registries = {};
  std::vector<Function> functions = {};  ///< PostgreSQL only
  std::vector<Trigger> triggers = {};    ///< PostgreSQL only
};

}  // namespace lamin::schema
