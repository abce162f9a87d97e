// constructor.hpp -- which fields a caller states for a new row, and which of them must be stated.
#pragma once
#include "lamin/catalog.hpp"

namespace lamin::schema {

/// What is neither filled in by the library nor internal.
inline bool is_keyword(const Column& column) {
  if (column.field == nullptr || column.field->hidden || column.name == "is_latest") return false;
  return column.field->fill == Fill::nobody || column.field->fill == Fill::constant;
}

inline bool is_required(const Column& column) {
  if (column.name == "uid") return false;  // filled in, by a rule or by a hook
  return is_keyword(column) && column.field->fill == Fill::nobody && !column.field->optional;
}

}  // namespace lamin::schema
