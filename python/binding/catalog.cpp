// catalog.cpp -- registries as plain Python values, from which the classes are made.
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <algorithm>
#include "base/text.hpp"
#include "bind.hpp"
#include "faces/stubs.hpp"
#include "lamin/error.hpp"
#include "lamin/query.hpp"
#include "modules/modules.hpp"
#include "open_instance.hpp"
#include "schema/constructor.hpp"
#include "schema/kind.hpp"

namespace lamin::python {
namespace {

nb::str str(std::string_view text) { return nb::str(text.data(), text.size()); }

/// Fields of mixins first, then the registry's own as declared: the order shown to users.
std::vector<const schema::Column*> in_order(const schema::Table& table) {
  std::vector<const schema::Column*> mixed, own;
  for (const auto& c : table.columns) mixed.push_back(&c);
  if (!table.registry) return mixed;
  for (const auto& field : table.registry->fields) {
    const auto found = std::ranges::find_if(mixed, [&](const auto* c) { return c->field == &field; });
    if (found == mixed.end()) continue;
    own.push_back(*found);
    mixed.erase(found);
  }
  mixed.insert(mixed.end(), own.begin(), own.end());
  return mixed;
}

nb::list columns_of(const schema::Table& table) {
  nb::list columns;
  for (const schema::Column* column : in_order(table)) {
    const schema::Column& c = *column;
    nb::dict d;
    d["name"] = str(c.name);
    d["column"] = str(c.column);
    d["kind"] = str(schema::row(c.kind).name);
    d["to"] = c.to ? nb::object(str(c.to->qualified)) : nb::none();
    d["hidden"] = c.field && c.field->hidden;
    d["keyword"] = schema::is_keyword(c);
    d["required"] = schema::is_required(c);
    d["size"] = c.field ? c.field->size : 0;
    d["position"] = c.position;
    d["unique"] = c.field && c.field->unique;
    columns.append(d);
  }
  return columns;
}

/// (name, type, what it is, whether the constructor takes it, whether it needs it) of each field, for help.
nb::list fields_of(const schema::Table& table) {
  nb::list fields;
  for (const schema::Column* c : in_order(table)) {
    const std::string doc = c->field ? c->field->doc.str() : std::string();
    fields.append(
        nb::make_tuple(str(c->name), faces::python_type(*c), doc, schema::is_keyword(*c), schema::is_required(*c)));
  }
  return fields;
}

const char* shape_name(schema::Relation::Shape shape) {
  using Shape = schema::Relation::Shape;
  return shape == Shape::to_one ? "to_one" : shape == Shape::to_many ? "to_many" : "many_to_many";
}

nb::list relations_of(const schema::Table& table) {
  nb::list relations;
  for (const auto& r : table.relations) {
    relations.append(nb::make_tuple(str(r.name), shape_name(r.shape), str(r.to->qualified),
                                    r.through ? nb::object(str(r.through->qualified)) : nb::none(),
                                    r.from_column ? nb::object(str(r.from_column->name)) : nb::none(),
                                    r.to_column ? nb::object(str(r.to_column->name)) : nb::none(),
                                    r.through && r.through->plain_pairs));
  }
  return relations;
}

/// The description from which a class is made.
nb::dict describe(const schema::Table& table) {
  nb::dict d;
  d["module"] = str(table.module);
  d["name"] = str(table.name);
  d["qualified"] = str(table.qualified);
  d["table"] = str(table.table);
  d["doc"] = table.registry ? str(table.registry->doc) : str("");
  d["plain_pairs"] = table.plain_pairs;
  d["name_field"] = str(table.name_field);
  d["id_field"] = str(table.id_field);
  d["uid_size"] = table.uid_size;
  d["stem_size"] = table.stem_size;
  nb::list traits;
  for (std::size_t t = 0; t < schema::trait_names.size(); ++t) {
    if (table.has(static_cast<schema::Trait>(t))) traits.append(str(schema::trait_names[t]));
  }
  d["traits"] = traits;
  d["columns"] = columns_of(table);
  d["relations"] = relations_of(table);
  nb::list links;
  if (table.registry != nullptr)
    for (const auto& field : table.registry->fields)
      if (field.kind == schema::Kind::link) links.append(str(field.name));
  d["links"] = links;
  return d;
}

/// The classes that exist without an instance. Built on first use, never changed.
const schema::Catalog& builtin() {
  static const schema::Catalog catalog = modules::builtin_catalog();
  return catalog;
}

}  // namespace

void bind_catalog(nb::module_& m) {
  m.def("nearest", [](const std::string& word, const std::vector<std::string>& known) {
    return base::nearest(word, std::vector<std::string_view>(known.begin(), known.end()));
  });
  m.def("describe_table", [](const InstanceRef& session, const std::string& name) {
    const schema::Table* table = session->tables().find(name);
    if (!table) table = builtin().find(name);
    return table ? nb::object(describe(*table)) : nb::none();
  });
  m.def("fields_of", [](const InstanceRef& session, const std::string& name) {
    const schema::Table* table = session->tables().find(name);
    if (!table) table = builtin().find(name);
    return table ? fields_of(*table) : nb::list();
  });
  m.def("codes", [](const std::string& registry, const std::string& field) {
    nb::dict words;
    const auto& column = builtin().table(registry).column(field);
    int code = column.field->first_code;
    for (const auto& word : column.field->codes) words[str(word)] = code++;
    return words;
  });
  m.def("check_keyword", [](const InstanceRef& session, const std::string& name, const std::string& keyword) {
    const schema::Table* table = session->tables().find(name);
    if (table == nullptr) return;
    if (!session->instance) return check_paths(*table, Expr::lookup(keyword, {}));
    locked(*session, [&] { session->database().meant(*table, Expr::lookup(keyword, {})); });
  });
  m.def("has_table",
        [](const InstanceRef& session, const std::string& name) { return session->tables().find(name) != nullptr; });
  m.def("tables_of", [](const InstanceRef& session, const std::string& module) {
    nb::list names;
    const bool there =
        std::ranges::any_of(session->tables().modules(), [&](const auto& x) { return x.name == module; });
    for (const auto& table : (there ? session->tables() : builtin()).tables()) {
      if (table.module == module && !table.plain_pairs) names.append(str(table.name));
    }
    return names;
  });
  m.def("snake", [](const std::string& camel) { return base::snake(camel); });
}

}  // namespace lamin::python
