// stubs.cpp -- Python stubs, class by class. What a kind is in Python is said in schema/kind.hpp; which class stands
// for which trait is said here.
#include "faces/stubs.hpp"
#include <fmt/format.h>
#include <array>
#include "schema/kind.hpp"

namespace lamin::faces {

namespace {

using schema::Column;
using schema::Fill;
using schema::Kind;
using schema::Relation;
using schema::Table;
using schema::Trait;

constexpr std::string_view head = R"(# Written by `./dev schema` from src/modules: do not edit.
import datetime
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from lamindb._queries.queryset import QuerySet
from lamindb._records.can_curate import CanCurate
from lamindb._records.record import BaseSQLRecord, SQLRecord
from lamindb._records.relations import RelatedManager as _RelatedManager
from lamindb._records.traits import HasAbbr, HasParents, HasSynonyms, HasType, IsLink, IsVersioned

_R = TypeVar("_R")

class RelatedManager(_RelatedManager, Generic[_R]):
    def all(self) -> QuerySet: ...
    def filter(self, *queries: Any, **expressions: Any) -> QuerySet: ...
    def one(self) -> _R: ...
    def first(self) -> _R | None: ...
    def get(self, idlike: int | str | None = None, **expressions: Any) -> _R: ...
    def add(self, *records: _R, bulk: bool = True, through_defaults: dict[str, Any] | None = None) -> None: ...
    def remove(self, *records: _R, bulk: bool = True) -> None: ...
    def set(self, records: Iterable[_R]) -> None: ...
    def clear(self) -> None: ...
)";

/// A plug-in's classes are of the same making, and refer to those of the library.
constexpr std::string_view plugin_head = R"(# Written by `lamin stubs`: do not edit.
import datetime
from typing import Any

from lamindb._records.can_curate import CanCurate
from lamindb._records.record import BaseSQLRecord, SQLRecord
from lamindb._records.traits import HasAbbr, HasParents, HasSynonyms, HasType, IsLink, IsVersioned
from lamindb._registries import *
from lamindb._registries import RelatedManager
)";

constexpr std::array<std::pair<Trait, std::string_view>, 7> bases = {{{Trait::versioned, "IsVersioned"},
                                                                      {Trait::typed, "HasType"},
                                                                      {Trait::hierarchical, "HasParents"},
                                                                      {Trait::curatable, "CanCurate"},
                                                                      {Trait::synonyms, "HasSynonyms"},
                                                                      {Trait::abbreviated, "HasAbbr"},
                                                                      {Trait::link, "IsLink"}}};

std::string class_head(const Table& table) {
  std::string text =
      fmt::format("\nclass {}({}", table.name.view(), table.has(Trait::branched) ? "SQLRecord" : "BaseSQLRecord");
  for (const auto& [trait, base] : bases) {
    if (table.has(trait)) text += fmt::format(", {}", base);
  }
  return text + fmt::format("):\n    \"\"\"{}\"\"\"\n\n    id: int\n", table.registry->doc.view());
}

std::string python_type(const Column& column) {
  std::string type(schema::row(column.kind).python);
  if (const auto at = type.find("{to}"); at != type.npos) type.replace(at, 4, column.to->name.view());
  const bool optional = column.field && column.field->optional && type != "Any";
  return optional ? type + " | None" : type;
}

std::string column_lines(const Column& column) {
  std::string text = fmt::format("    {}: {}\n", column.name.view(), python_type(column));
  text += fmt::format("    \"\"\"{}\"\"\"\n", column.field->doc.view());
  if (column.kind == Kind::ref) {
    text += fmt::format("    {}: int{}\n", column.column.view(), column.field->optional ? " | None" : "");
  }
  return text;
}

/// A keyword of the constructor: what a caller may give, not what is filled in or kept for the library.
bool is_keyword(const Column& column) {
  const Fill fill = column.field->fill;
  return !column.field->hidden && (fill == Fill::nobody || fill == Fill::constant) && column.name != "is_latest";
}

std::string constructor(const Table& table) {
  std::string keywords;
  for (const Column& column : table.columns) {
    if (column.position > 0 && is_keyword(column)) {
      keywords += fmt::format("        {}: {} = ...,\n", column.name.view(), python_type(column));
    }
  }
  return fmt::format(
      "    def __init__(\n        self,\n        *args: Any,\n{}        **kwargs: Any,\n    ) -> None: ...\n",
      keywords);
}

}  // namespace

std::string stubs(const schema::Catalog& catalog, std::string_view module) {
  std::string text(module.empty() ? head : plugin_head);
  for (const Table& table : catalog.tables()) {
    if (table.plain_pairs || (!module.empty() && table.module != module)) continue;
    text += class_head(table);
    for (const Column& column : table.columns) {
      if (column.position > 0) text += column_lines(column);
    }
    for (const Relation& relation : table.relations) {
      if (relation.shape == Relation::Shape::to_one) continue;
      text += fmt::format("    {}: RelatedManager[{}]\n", relation.name.view(), relation.to->name.view());
    }
    text += constructor(table);
  }
  return text;
}

}  // namespace lamin::faces
