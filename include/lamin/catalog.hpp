// catalog.hpp -- the modules in use: mixins expanded, names resolved, links followed both ways.
//
// It says what an instance can hold and how its rows are connected; it holds no rows and does not know the database. It
// is built once, when an instance is opened, and read-only after that (from any thread). Tables, columns and relations
// have stable addresses for the life of the catalog, which is that of its Instance. Identifiers in SQL come from here
// and nowhere else.
//
// Example: examples/cpp/catalog.cpp
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include "lamin/schema.hpp"
#include "lamin/value.hpp"

namespace lamin::schema {

struct Table;

/// A column of a table. `position` is its place in Table::columns and in Record::values.
struct Column {
  Text name;    ///< the field: "created_by"
  Text column;  ///< in SQL: "created_by_id"
  Kind kind = Kind::text;
  Type type = Type::text;  ///< how it is stored; a ref is an integer
  int position = 0;
  const Field* field = nullptr;  ///< null for the primary key and the columns of plain pairs
  const Table* to = nullptr;     ///< ref: the target
  Value initial;                 ///< the value in a new record (null if filled in elsewhere)
};

/// The word for a code of the column; "" if there is none.
std::string_view word_of(const Column& column, std::int64_t code);
/// The code of a word. Throws invalid_argument, listing the known words.
std::int64_t code_of(const Column& column, std::string_view word);

/// A way from one table to another, in either direction.
struct Relation {
  enum class Shape {
    to_one,        ///< a column of `from` holds the id of `to`
    to_many,       ///< a column of `to` holds the id of `from`
    many_to_many,  ///< rows of `through` hold both
  };
  Text name;  ///< as a field of `from`: "created_by", "cell_types", "children"
  Shape shape = Shape::to_one;
  const Table* from = nullptr;
  const Table* to = nullptr;
  const Table* through = nullptr;       ///< many_to_many
  const Column* from_column = nullptr;  ///< to_one: in `from`; many_to_many: in `through`, to `from`
  const Column* to_column = nullptr;    ///< to_many: in `to`; many_to_many: in `through`, to `to`
};

/// A registry as stored, or the plain table of pairs of a link.
struct Table {
  Text module;                         ///< "bionty"
  Text name;                           ///< "CellType"
  Text qualified;                      ///< "bionty.CellType", for the core module just "Artifact"
  Text table;                          ///< "bionty_celltype"
  const Registry* registry = nullptr;  ///< null for a plain table of pairs
  bool plain_pairs = false;            ///< made for a link without `through`
  std::deque<Column> columns;          ///< columns[0] is the primary key "id"
  std::deque<Relation> relations;      ///< own refs and links first, then those other registries declare to it
  std::vector<Rule> rules;             ///< its own and those of mixins
  Text name_field, id_field;           ///< "name", "ontology_id"; empty = none
  int stem_size = 0;                   ///< versioned: characters of the uid that all versions share
  int uid_size = 0;                    ///< 0 = it has no uid

  bool has(Trait trait) const;
  const Column* find_column(std::string_view name_or_column) const;  ///< "created_by" and "created_by_id" both find it
  const Relation* find_relation(std::string_view name) const;        ///< null if there is none
  const Column& column(std::string_view name) const;                 ///< throws unknown_field, naming the nearest
  std::string nearest(std::string_view unknown) const;  ///< likely intended names: "name, uid, key"; "" if none
  unsigned traits = 0;                                  ///< bit set over Trait
};

class Catalog {
 public:
  Catalog();  ///< empty; an Instance's holds the core module and its other modules
  ~Catalog();
  Catalog(Catalog&&) noexcept;
  Catalog& operator=(Catalog&&) noexcept;

  /// Adds a module, which may refer to registries of modules added before. Throws invalid_argument, naming registry,
  /// field and reason, if it is not valid; conflict if there is a module with this name.
  void add(const Module& module);

  /// In the order they were added: registries and, among them, plain tables of pairs.
  const std::deque<Table>& tables() const { return tables_; }
  const std::deque<Module>& modules() const { return modules_; }

  /// By "CellType", "bionty.CellType" or the SQL name "bionty_celltype"; null if there is none.
  const Table* find(std::string_view name) const;
  /// The same, but throws not_found with the nearest names.
  const Table& table(std::string_view name) const;

 private:
  std::deque<Module> modules_;
  std::deque<Table> tables_;
  std::unordered_map<std::string_view, const Table*> by_name_;
};

}  // namespace lamin::schema
