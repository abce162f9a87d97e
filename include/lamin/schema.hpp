// schema.hpp -- what a registry is, as plain values.
//
// A Module lists registries, a Registry lists fields. Nothing here knows SQL, Python, HTTP or HTML: those are
// faces, each a pure function of a Catalog. The same three structs hold a module compiled into the library, one
// read from JSON, and one that a user declared a moment ago in Python. There is no second form. A Module is checked
// when it is added to a Catalog, not before. (The registry Schema, which says what a dataset has to look like, is
// another thing: feature.hpp.)
//
// Example: examples/cpp/schema.cpp
#pragma once
#include <vector>
#include "lamin/text.hpp"

namespace lamin::schema {

/// What a field holds. A ref points at one row, a link at any number of rows.
enum class Kind { text, integer, real, boolean, time, date, json, duration, ref, link };

/// Who supplies a value that the caller leaves out.
enum class Fill {
  nobody,
  constant,      ///< `initial`, as JSON
  random_uid,    ///< `size` random base62 characters (of a versioned registry: stem + version suffix)
  ontology_uid,  ///< base62(md5(ontology id, else name)), cut to `size`
  now,           ///< the database's clock
  user,          ///< who is connected
  run,           ///< the run that is tracked
};

/// What happens to a row when the row it refers to is deleted. Kept by the library, not by SQL.
enum class On { protect, cascade };

/// One property of a row: a column (a ref: the id of another row), or for a link a table of pairs.
struct Field {
  Text name = {};
  Kind kind = Kind::text;
  int size = 0;           ///< text: most characters, 0 = unlimited; integer: bits, 0 = 32
  bool optional = false;  ///< may be null
  bool unique = false;
  bool identifies = false;  ///< unique: a new record that has a known value of it is that row, not a duplicate
  bool index = false;
  bool hidden = false;  ///< kept out of tables and constructors
  Fill fill = Fill::nobody;
  int uid_size = 0;                ///< Fill::random_uid, ontology_uid: characters made, 0 = size
  Text initial = {};               ///< Fill::constant: the value, as JSON
  bool in_database = false;        ///< the database itself fills `initial` or the time (column DEFAULT)
  Text to = {};                    ///< ref, link: the registry pointed at; "self" is allowed
  Text inverse = {};               ///< ref, link: its name seen from there; empty = none
  On on_delete = On::protect;      ///< ref
  Text through = {};               ///< link: the registry that holds the pairs; empty = a plain table of pairs
  std::vector<Text> pair = {};     ///< link: fields of `through` for this row and the other; empty = found by type
  Text column = {};                ///< its column where that is not the name (a ref's is name_id)
  std::vector<Text> options = {};  ///< text: the only values allowed
  std::vector<Text> codes = {};    ///< integer: words that it stands for, from `first_code` on
  int first_code = 0;
  std::vector<Text> was = {};  ///< former names: a migration renames instead of adding
  Text doc = {};               ///< one sentence, required
};

/// A rule over several columns. `where` and `expression` are SQL over this registry's own columns.
struct Rule {
  Text name = {};                 ///< its name in the database; empty = derived
  std::vector<Text> unique = {};  ///< fields that are unique together
  Text where = {};                ///< only rows for which this holds
  Text expression = {};           ///< unique over an expression instead of fields, such as lower(name)
  Text check = {};                ///< a condition each row meets
  std::vector<Text> index = {};   ///< fields that are indexed together
  bool postgres = false;          ///< kept by PostgreSQL alone, such as a check that calls a function
};

/// What the library does with a registry beyond keeping its rows.
enum class Trait { versioned, typed, hierarchical, curatable, synonyms, abbreviated, branched, link, ontology };

/// Where a registry's public terms come from; releases are data, not code.
struct Ontology {
  Text prefix = {};
};

/// One kind of row. Its table gets the columns `id`, those of its mixins, then its own.
struct Registry {
  Text name = {};      ///< "CellType": table bionty_celltype
  Text doc = {};       ///< one sentence, required of all but mixins
  bool mixin = false;  ///< lends its fields and traits, has no table
  std::vector<Text> mixins = {};
  std::vector<Trait> traits = {};
  int id_bits = 32;  ///< width of the primary key on Postgres
  std::vector<Field> fields = {};
  std::vector<Rule> rules = {};
  Text name_field = {};  ///< what a row is called: found by name search, shown first
  Text id_field = {};    ///< the public identifier, such as ontology_id
  Text table = {};       ///< where it is not module_registry in lower case
  Ontology ontology = {};
  /// What its rows describe ("Artifact", "Record", ...). A plug-in says this instead of declaring the links itself:
  /// they are made of it when the plug-in is read, and it is empty from then on.
  std::vector<Text> labels = {};
  std::vector<Text> was = {};  ///< former names: a migration renames the table instead of adding one
};

/// PL/pgSQL that a PostgreSQL database keeps beside the tables. SQLite has nothing of the kind: what these enforce,
/// the library enforces there.
struct Function {
  Text signature = {};  ///< "is_valid_x(x_id integer) RETURNS boolean"
  Text body = {};
};
struct Trigger {
  Text name = {};     ///< also the name of the function it calls
  Text on = {};       ///< the registry
  Text event = {};    ///< "BEFORE INSERT OR UPDATE"
  Text when = {};     ///< only rows for which this holds
  Text comment = {};  ///< by which LaminDB recognises that it is up to date
};

/// Registries that are installed together: "bionty", or a laboratory's own.
struct Module {
  Text name = {};
  Text table_prefix = {};        ///< where it is not the name (pertdb's tables are wetlab_...)
  std::vector<Text> needs = {};  ///< modules whose registries its fields point at
  std::vector<Registry> registries = {};
  std::vector<Function> functions = {};  ///< PostgreSQL only
  std::vector<Trigger> triggers = {};    ///< PostgreSQL only
};

}  // namespace lamin::schema
