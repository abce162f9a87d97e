// stubs.cpp -- Python stubs, class by class. schema/kind.hpp says what a kind is in Python; this file says which class
// stands for which trait.
#include "faces/stubs.hpp"
#include <fmt/format.h>
#include <array>
#include "schema/constructor.hpp"
#include "schema/kind.hpp"

namespace lamin::faces {

namespace {

using schema::Column;
using schema::Kind;
using schema::Relation;
using schema::Table;
using schema::Trait;

constexpr std::array<std::pair<Trait, std::string_view>, 7> bases = {{{Trait::versioned, "IsVersioned"},
                                                                      {Trait::typed, "HasType"},
                                                                      {Trait::hierarchical, "HasParents"},
                                                                      {Trait::curatable, "CanCurate"},
                                                                      {Trait::synonyms, "HasSynonyms"},
                                                                      {Trait::abbreviated, "HasAbbr"},
                                                                      {Trait::link, "IsLink"}}};

/// The handwritten class with what goes beyond fields, if there is one.
std::string methods_of(const Table& table, const std::set<std::string>& written) {
  std::string name = table.name.str() + "Methods";
  return written.contains(name) ? name : std::string();
}

std::string class_head(const Table& table, const std::set<std::string>& written) {
  const bool biological = table.find_column("source") && table.has(Trait::curatable);
  const std::string_view base = biological ? "BioRecord" : table.has(Trait::branched) ? "SQLRecord" : "BaseSQLRecord";
  std::string text = fmt::format("\nclass {}(", table.name.view());
  if (const std::string methods = methods_of(table, written); !methods.empty()) text += methods + ", ";
  text += base;
  for (const auto& [trait, name] : bases) {
    if (table.has(trait)) text += fmt::format(", {}", name);
  }
  return text + fmt::format("):\n    \"\"\"{}\"\"\"\n\n    id: int\n", table.registry->doc.view());
}

std::string column_lines(const Column& column) {
  std::string text = fmt::format("    {}: {}\n", column.name.view(), python_type(column));
  text += fmt::format("    \"\"\"{}\"\"\"\n", column.field->doc.view());
  if (column.kind == Kind::ref) {
    text += fmt::format("    {}: int{}\n", column.column.view(), column.field->optional ? " | None" : "");
  }
  return text;
}

std::string constructor(const Table& table) {
  std::string keywords;
  for (const Column& column : table.columns) {
    if (column.position > 0 && schema::is_keyword(column)) {
      keywords += fmt::format("        {}: {} = ...,\n", column.name.view(), python_type(column));
    }
  }
  if (keywords.empty()) return {};
  return fmt::format("    def __init__(\n        self,\n        *,\n{}    ) -> None: ...\n", keywords);
}

std::string head(std::string_view writer, const std::set<std::string>& written) {
  std::string imported = "BaseSQLRecord, BioRecord, RelatedManager, SQLRecord";
  for (const auto& [trait, base] : bases) imported += fmt::format(", {}", base);
  for (const std::string& name : written) imported += ", " + name;
  return fmt::format(
      "# Written by {}: do not edit.\nimport datetime\nfrom typing import Any\n\nfrom lamindb._typed import {}\n",
      writer, imported);
}

std::string class_stub(const Table& table, const std::set<std::string>& written) {
  std::string text = class_head(table, written);
  for (const Column& column : table.columns) {
    if (column.position > 0) text += column_lines(column);
  }
  for (const Relation& relation : table.relations) {
    if (relation.shape == Relation::Shape::to_one) continue;
    text += fmt::format("    {}: RelatedManager[{}]\n", relation.name.view(), relation.to->name.view());
  }
  if (methods_of(table, written).empty()) text += constructor(table);
  return text;
}

}  // namespace

std::string python_type(const Column& column) {
  std::string type(schema::row(column.kind).python);
  if (const auto at = type.find("{to}"); at != type.npos) type.replace(at, 4, column.to->name.view());
  const bool optional = column.field && column.field->optional && type != "Any";
  return optional ? type + " | None" : type;
}

std::string stubs(const schema::Catalog& catalog, const std::set<std::string>& written) {
  std::string text = head("`./dev schema` from src/modules", written);
  for (const Table& table : catalog.tables()) {
    if (!table.plain_pairs) text += class_stub(table, written);
  }
  return text;
}

std::string plugin_stubs(const schema::Catalog& catalog, std::string_view module) {
  std::string text = head("`lamin stubs`", {}) + "from lamindb._registries import *\n";
  for (const Table& table : catalog.tables()) {
    if (!table.plain_pairs && table.module == module) text += class_stub(table, {});
  }
  return text;
}

std::set<std::string> written_methods(std::string_view stub) {
  constexpr std::string_view before = "\nclass ", after = "Methods";
  std::set<std::string> names;
  for (auto at = stub.find(before); at != stub.npos; at = stub.find(before, at)) {
    at += before.size();
    const std::string_view name = stub.substr(at, stub.find_first_of(":(", at) - at);
    if (name.ends_with(after)) names.emplace(name);
  }
  return names;
}

}  // namespace lamin::faces
