// catalog.cpp -- from modules to tables: mixins applied, columns numbered, relations followed both ways.
//
// A table is built in three steps, so that references may point forward: first all tables of a module are created with
// their columns, then refs find their targets, then relations are added: a registry's own first, then those that others
// declare towards it.
#include "lamin/catalog.hpp"
#include <algorithm>
#include <map>
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "lamin/error.hpp"
#include "schema/kind.hpp"
#include "schema/scope.hpp"
#include "schema/sound.hpp"

namespace lamin::schema {

void unsound(std::string_view registry, std::string_view field, std::string_view why) {
  std::string where(registry);
  if (!field.empty()) where += "." + std::string(field);
  throw Error(Code::invalid_argument, "the schema of '" + where + "' is not sound: " + std::string(why));
}

namespace {

constexpr std::string_view core_module = "lamindb";

Text lower(std::string_view name) { return Text::intern(base::lower(name)); }

/// Fields and traits of a registry and of its mixins. A field replaces a mixed-in one of the same name and takes its
/// own position.
struct Spread {
  struct Item {
    const Field* field = nullptr;
    const Module* home = nullptr;  ///< where its names are looked up
  };
  std::vector<Item> fields;
  unsigned traits = 0;

  void add(const Field& field, const Module& home) {
    std::erase_if(fields, [&](const Item& f) { return f.field->name == field.name; });
    fields.push_back({&field, &home});
  }
};

/// Whether `initial` is a value that the field can hold.
bool fits(const Field& field, const boost::json::value& value) {
  if (field.kind == Kind::json || value.is_null()) return true;
  switch (row(field.kind).type) {
    case Type::integer: return value.is_int64() || value.is_uint64();
    case Type::real: return value.is_number();
    case Type::boolean: return value.is_bool();
    default: return value.is_string();
  }
}

Value initial_of(const Table& table, const Field& field) {
  if (field.fill != Fill::constant) return {};
  boost::json::value value;
  try {
    value = base::parse_json(field.initial);
  } catch (const Error&) { unsound(table.name, field.name, "`initial` is no JSON; a text is \"in quotes\""); }
  if (!fits(field, value)) unsound(table.name, field.name, "`initial` is no value of this kind of field");
  switch (value.kind()) {
    case boost::json::kind::bool_: return value.get_bool();
    case boost::json::kind::int64: return value.get_int64();
    case boost::json::kind::uint64: return static_cast<std::int64_t>(value.get_uint64());
    case boost::json::kind::double_: return value.get_double();
    case boost::json::kind::string: return std::string(value.get_string());
    case boost::json::kind::null: return {};
    default: return Json{base::write_json(value)};
  }
}

Column make_column(const Table& table, Text name, Text sql, const Field* field) {
  Column column{.name = name, .column = sql, .position = static_cast<int>(table.columns.size()), .field = field};
  column.kind = field ? field->kind : Kind::integer;
  column.type = row(column.kind).type;
  if (field) column.initial = initial_of(table, *field);
  return column;
}

void note_uid(Table& table, const Field& uid) {
  table.uid_size = uid.uid_size ? uid.uid_size : uid.size;
  if (table.has(Trait::versioned)) table.stem_size = table.uid_size - 4;
}

/// The column of `through` that holds a row of `table`: the named one, or the only ref to it that is not mixed in.
const Column& find_half(const Table& through, const Table& table, const Field& link, std::size_t half) {
  if (!link.pair.empty()) return through.column(link.pair[half]);
  const Column* found = nullptr;
  for (const Field& f : through.registry->fields) {
    const Column* column = f.kind == Kind::ref ? through.find_column(f.name) : nullptr;
    if (!column || column->to != &table) continue;
    if (found) unsound(through.name, link.name, "several fields fit; `pair` says which");
    found = column;
  }
  if (!found) unsound(through.name, link.name, "no field of it refers to an end of the link");
  return *found;
}

/// Adds one module; the catalog is consistent again when finish() returns.
class Builder {
 public:
  Builder(const std::deque<Module>& modules, std::deque<Table>& tables,
          std::unordered_map<std::string_view, const Table*>& by_name)
      : tables_(tables), by_name_(by_name), first_(tables.size()) {
    for (const Module& m : modules) known_.push_back(&m);
    for (const Table& t : tables) table_of_.emplace(t.registry, &t);
  }

  void add_tables(const Module& module) {
    for (const Registry& registry : module.registries) {
      if (!registry.mixin) add_table(module, registry);
    }
    own_ = tables_.size();
    for (std::size_t i = first_; i < own_; ++i) point_refs(tables_[i]);
  }

  void add_relations() {
    for (std::size_t i = first_; i < own_; ++i) own_relations(tables_[i]);
    for (std::size_t i = first_; i < own_; ++i) inverse_relations(tables_[i]);
  }

 private:
  /// What a name means in a module; sound() has checked that it means something.
  Found resolve(const Module& home, std::string_view name) {
    Found& found = resolved_[{&home, name}];
    if (!found) found = Scope{home, known_}.find(name);
    if (!found) throw Error(Code::internal, "no registry '" + std::string(name) + "' after sound() has passed");
    return found;
  }

  void spread(const Module& home, const Registry& r, Spread& out) {
    for (Text mixin : r.mixins) {
      const Found m = resolve(home, mixin);
      spread(*m.module, *m.registry, out);
    }
    for (Trait trait : r.traits) out.traits |= 1u << static_cast<unsigned>(trait);
    for (const Field& f : r.fields) out.add(f, home);
  }

  void spread_rules(const Module& home, const Registry& r, std::vector<Rule>& out) {
    for (Text mixin : r.mixins) {
      const Found m = resolve(home, mixin);
      spread_rules(*m.module, *m.registry, out);
    }
    out.insert(out.end(), r.rules.begin(), r.rules.end());
  }

  void enter(const Table& table) {
    by_name_.emplace(table.name, &table);  // the first module with this name keeps it
    by_name_.emplace(table.qualified, &table);
    const auto [at, is_new] = by_name_.emplace(table.table, &table);
    if (!is_new) {
      unsound(table.qualified, "",
              "its table '" + table.table.str() + "' is that of " + at->second->qualified.str() +
                  " already; say another `table`, or another `table_prefix` for the module");
    }
  }

  void add_table(const Module& module, const Registry& r) {
    Table& table = tables_.emplace_back();
    const std::string prefix = (module.table_prefix.empty() ? module.name : module.table_prefix).str();
    table.module = module.name;
    table.name = r.name;
    table.qualified = module.name == core_module ? r.name : Text::intern(module.name.str() + "." + r.name.str());
    table.table = r.table.empty() ? lower(prefix + "_" + r.name.str()) : r.table;
    table.registry = &r;
    table.name_field = r.name_field;
    table.id_field = r.id_field;
    Spread all;
    spread(module, r, all);
    spread_rules(module, r, table.rules);
    table.traits = all.traits;
    table.columns.push_back(make_column(table, "id", "id", nullptr));
    for (const auto& [f, home] : all.fields) {
      if (f->kind == Kind::link) continue;
      Text sql = f->column;
      if (sql.empty()) sql = f->kind == Kind::ref ? Text::intern(f->name.str() + "_id") : f->name;
      if (const Column* other = table.find_column(sql)) {
        unsound(r.name, f->name, "its column '" + sql.str() + "' is that of the field '" + other->name.str() + "'");
      }
      table.columns.push_back(make_column(table, f->name, sql, f));
      if (f->name == "uid") note_uid(table, *f);
    }
    fields_[&table] = std::move(all.fields);
    table_of_[&r] = &table;
    enter(table);
  }

  const Table& table_of(const Module& home, std::string_view name) {
    return *table_of_.at(resolve(home, name).registry);
  }

  const Table& target(const Table& from, const Spread::Item& item) {
    return item.field->to == "self" ? from : table_of(*item.home, item.field->to);
  }

  void point_refs(Table& table) {
    for (const Spread::Item& item : fields_.at(&table)) {
      if (item.field->kind != Kind::ref) continue;
      for (Column& column : table.columns) {
        if (column.field == item.field) column.to = &target(table, item);
      }
    }
  }

  /// bionty_celltype_parents(id, from_celltype_id, to_celltype_id), lamindb_artifact_input_of_runs(artifact_id, run_id)
  const Table& add_pairs(const Table& from, const Table& to, const Field& link) {
    Table& table = tables_.emplace_back();
    table.module = from.module;
    table.name = Text::intern(from.name.str() + "_" + link.name.str());
    table.qualified = Text::intern(from.qualified.str() + "_" + link.name.str());
    table.table = Text::intern(from.table.str() + "_" + link.name.str());
    table.plain_pairs = true;
    table.traits = 1u << static_cast<unsigned>(Trait::link);
    table.columns.push_back(make_column(table, "id", "id", nullptr));
    const bool self = &from == &to;
    for (const Table* end : {&from, &to}) {
      const std::string prefix = !self ? "" : end == &from && table.columns.size() == 1 ? "from_" : "to_";
      const std::string name = prefix + base::lower(end->name);
      Column column = make_column(table, Text::intern(name), Text::intern(name + "_id"), nullptr);
      column.kind = Kind::ref;
      column.to = end;
      table.columns.push_back(std::move(column));
      table.relations.push_back({.name = table.columns.back().name,
                                 .shape = Relation::Shape::to_one,
                                 .from = &table,
                                 .to = end,
                                 .from_column = &table.columns.back()});
    }
    table.rules.push_back({.unique = {table.columns[1].name, table.columns[2].name}});
    enter(table);
    return table;
  }

  void own_relations(Table& table) {
    for (const Spread::Item& item : fields_.at(&table)) {
      const Field* f = item.field;
      if (f->kind == Kind::ref) {
        const Column& column = table.column(f->name);
        table.relations.push_back({.name = f->name,
                                   .shape = Relation::Shape::to_one,
                                   .from = &table,
                                   .to = column.to,
                                   .from_column = &column});
      } else if (f->kind == Kind::link) {
        const Table& to = target(table, item);
        const Table& through = f->through.empty() ? add_pairs(table, to, *f) : table_of(*item.home, f->through);
        table.relations.push_back(
            {.name = f->name,
             .shape = Relation::Shape::many_to_many,
             .from = &table,
             .to = &to,
             .through = &through,
             .from_column = f->through.empty() ? &through.columns[1] : &find_half(through, table, *f, 0),
             .to_column = f->through.empty() ? &through.columns[2] : &find_half(through, to, *f, 1)});
      }
    }
  }

  void inverse_relations(Table& table) {
    // Relations that others declare towards this table may be appended meanwhile: take only its own.
    const std::size_t own = table.relations.size();
    for (const Spread::Item& item : fields_.at(&table)) {
      const Field* f = item.field;
      if (f->inverse.empty()) continue;
      const Relation* there = nullptr;
      for (std::size_t i = 0; i < own && !there; ++i) {
        if (table.relations[i].name == f->name) there = &table.relations[i];
      }
      Table& other = const_cast<Table&>(*there->to);  // one of tables_, which this object may change
      if (other.find_relation(f->inverse) || other.find_column(f->inverse)) {
        unsound(table.name, f->name,
                "its inverse '" + f->inverse.str() + "' is taken: " + other.qualified.str() + " has it already");
      }
      const bool to_one = there->shape == Relation::Shape::to_one;
      other.relations.push_back({.name = f->inverse,
                                 .shape = to_one ? Relation::Shape::to_many : Relation::Shape::many_to_many,
                                 .from = &other,
                                 .to = &table,
                                 .through = there->through,
                                 .from_column = to_one ? nullptr : there->to_column,
                                 .to_column = there->from_column});
    }
  }

  std::deque<Table>& tables_;
  std::unordered_map<std::string_view, const Table*>& by_name_;
  std::size_t first_;
  std::size_t own_ = 0;
  std::unordered_map<const Table*, std::vector<Spread::Item>> fields_;
  std::unordered_map<const Registry*, const Table*> table_of_;
  std::vector<const Module*> known_;
  std::map<std::pair<const Module*, std::string_view>, Found> resolved_;
};

}  // namespace

Catalog::Catalog() = default;
Catalog::~Catalog() = default;
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;

void Catalog::add(const Module& module) {
  std::vector<const Module*> known;
  for (const Module& m : modules_) {
    if (m.name == module.name) {
      throw Error(Code::conflict, "the module '" + module.name.str() + "' is in the catalog already");
    }
    known.push_back(&m);
  }
  sound(module, known);
  modules_.push_back(module);
  Builder builder(modules_, tables_, by_name_);
  builder.add_tables(modules_.back());
  builder.add_relations();
}

const Table* Catalog::find(std::string_view name) const {
  const auto at = by_name_.find(name);
  return at == by_name_.end() ? nullptr : at->second;
}

const Table& Catalog::table(std::string_view name) const {
  if (const Table* found = find(name)) return *found;
  std::vector<std::string_view> names;
  for (const Table& t : tables_) {
    if (!t.plain_pairs) names.push_back(t.name);
  }
  std::string message = "there is no registry '" + std::string(name) + "'";
  const auto close = base::nearest(name, names);
  message += close.empty() ? "; is its module (bionty, pertdb, ...) part of this instance?"
                           : "; did you mean " + base::join(close, ", ") + "?";
  throw Error(Code::not_found, message);
}

bool Table::has(Trait trait) const { return traits >> static_cast<unsigned>(trait) & 1u; }

const Column* Table::find_column(std::string_view name) const {
  for (const Column& c : columns) {
    if (c.name == name || c.column == name) return &c;
  }
  return nullptr;
}

const Relation* Table::find_relation(std::string_view name) const {
  for (const Relation& r : relations) {
    if (r.name == name) return &r;
  }
  return nullptr;
}

const Column& Table::column(std::string_view name) const {
  if (const Column* found = find_column(name)) return *found;
  const std::string close = nearest(name);
  throw Error(Code::unknown_field, this->name.str() + " has no field '" + std::string(name) + "'" +
                                       (close.empty() ? "" : "; did you mean " + close + "?"));
}

std::string Table::nearest(std::string_view unknown) const {
  std::vector<std::string_view> names;
  for (const Column& c : columns) names.push_back(c.name);
  for (const Relation& r : relations) {
    if (r.shape != Relation::Shape::to_one) names.push_back(r.name);
  }
  return base::join(base::nearest(unknown, names), ", ");
}

std::string_view word_of(const Column& column, std::int64_t code) {
  if (column.field == nullptr) return {};
  const auto at = code - column.field->first_code;
  const auto& words = column.field->codes;
  return at >= 0 && at < static_cast<std::int64_t>(words.size()) ? words[static_cast<std::size_t>(at)].view()
                                                                 : std::string_view();
}

std::int64_t code_of(const Column& column, std::string_view word) {
  std::string known;
  if (column.field != nullptr) {
    const auto& words = column.field->codes;
    const auto found = std::ranges::find(words, word, &Text::view);
    if (found != words.end()) return column.field->first_code + (found - words.begin());
    for (const auto& one : words) known += (known.empty() ? "'" : ", '") + one.str() + "'";
  }
  std::string_view what = column.name;  // "_status_code" holds a status
  if (what.starts_with('_')) what.remove_prefix(1);
  if (what.ends_with("_code")) what.remove_suffix(5);
  throw Error(Code::invalid_argument, "Invalid " + std::string(what) + " '" + std::string(word) + "'. " +
                                          (known.empty() ? "It has no words." : "Expected one of: " + known + "."));
}

}  // namespace lamin::schema
