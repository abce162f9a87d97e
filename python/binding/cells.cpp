// cells.cpp -- see cells.hpp.
#include "cells.hpp"
#include <Python.h>
#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include "document.hpp"
#include "lamin/error.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

/// What a cell is, as far as it decides on the kind of its column.
enum class Cell { missing, boolean, integer, real, text, time, local_time, date, list, other };

std::string_view class_name(nb::handle cell) {
  const std::string_view name = Py_TYPE(cell.ptr())->tp_name;
  return name.substr(name.rfind('.') + 1);
}

bool is_list(nb::handle cell) {
  return PyList_Check(cell.ptr()) || PyTuple_Check(cell.ptr()) || PyAnySet_Check(cell.ptr()) ||
         (nb::hasattr(cell, "tolist") && nb::hasattr(cell, "ndim") && nb::cast<int>(cell.attr("ndim")) > 0);
}

Cell cell_of(const Value& value) {
  if (const auto* time = std::get_if<Time>(&value)) return time->zoned ? Cell::time : Cell::local_time;
  switch (type_of(value).value_or(Type::json)) {
    case Type::boolean: return Cell::boolean;
    case Type::integer: return Cell::integer;
    case Type::real: return Cell::real;
    case Type::text: return Cell::text;
    case Type::date: return Cell::date;
    default: return Cell::other;
  }
}

/// The cells of a column, each looked at once.
class Cells {
 public:
  explicit Cells(const std::vector<nb::handle>& cells) : cells_(cells), values_(cells.size()) {
    for (std::size_t i = 0; i < cells.size(); ++i) look_at(i);
  }

  Column column(bool loose) {
    const auto is_number = [](Cell kind) {
      return kind == Cell::boolean || kind == Cell::integer || kind == Cell::real;
    };
    if (loose && !kinds_.empty() && std::ranges::all_of(kinds_, is_number)) return objects();
    if (kinds_.empty()) return Column::from_values(Column::Kind::text, values_);
    if (kinds_ == std::set{Cell::integer, Cell::real}) return Column::from_values(Column::Kind::float64, values_);
    if (kinds_.size() > 1) return objects();
    switch (*kinds_.begin()) {
      case Cell::boolean: return Column::from_values(Column::Kind::boolean, values_);
      case Cell::integer: return Column::from_values(Column::Kind::int64, values_);
      case Cell::real: return Column::from_values(Column::Kind::float64, values_);
      case Cell::text: return Column::from_values(Column::Kind::text, values_);
      case Cell::time:
      case Cell::local_time: return Column::from_values(Column::Kind::time, values_);
      case Cell::date: return Column::from_values(Column::Kind::date, values_);
      case Cell::list: return lists();
      default: return objects();
    }
  }

 private:
  void look_at(std::size_t i) {
    const nb::handle cell = cells_[i];
    PyObject* o = cell.ptr();
    if (o == Py_None || (PyFloat_Check(o) && std::isnan(PyFloat_AS_DOUBLE(o)))) return;
    if (PyUnicode_Check(o) || PyBool_Check(o) || PyFloat_Check(o)) return keep(i, to_value(cell));
    if (PyLong_Check(o)) return keep_integer(i);
    if (class_name(cell) == "NAType" || class_name(cell) == "NaTType") return;
    if (is_list(cell)) {
      kinds_.insert(Cell::list);
      return;
    }
    keep_other(i);
  }

  void keep(std::size_t i, Value value) {
    kinds_.insert(cell_of(value));
    values_[i] = std::move(value);
  }

  void keep_integer(std::size_t i) {
    int overflow = 0;
    PyLong_AsLongLongAndOverflow(cells_[i].ptr(), &overflow);
    if (overflow != 0) return keep_foreign(i, "an integer beyond 64 bits");
    keep(i, to_value(cells_[i]));
  }

  void keep_foreign(std::size_t i, std::string what) {
    kinds_.insert(Cell::other);
    foreign_.emplace(static_cast<std::int64_t>(i), std::move(what));
  }

  /// Times, documents, scalars of numpy; anything else by the name of its class.
  void keep_other(std::size_t i) {
    const nb::handle cell = cells_[i];
    if (const PyRecord* record = as_record(cell)) return keep(i, std::string(record->record.uid()));
    if (nb::hasattr(cell, "__fspath__")) return keep(i, to_value(cell));
    if (nb::hasattr(cell, "total_seconds")) return keep_foreign(i, std::string(class_name(cell)));
    const bool scalar = nb::hasattr(cell, "item") && nb::hasattr(cell, "dtype");
    if (!scalar && !PyDict_Check(cell.ptr()) && !nb::hasattr(cell, "isoformat")) {
      return keep_foreign(i, std::string(class_name(cell)));
    }
    try {
      Value value = to_value(cell);
      if (const auto* real = std::get_if<double>(&value); real != nullptr && std::isnan(*real)) return;
      keep(i, std::move(value));
    } catch (const Error&) {
      keep_foreign(i, fmt::format("a {} that is no JSON", class_name(cell)));
    } catch (const nb::builtin_exception&) { keep_foreign(i, std::string(class_name(cell))); }
  }

  Column objects() {
    for (std::size_t i = 0; i < cells_.size(); ++i) {  // a list among other things
      if (!values_[i].is_null() || foreign_.contains(static_cast<std::int64_t>(i)) || !is_list(cells_[i])) continue;
      try {
        values_[i] = Json{dump_json(cells_[i])};
      } catch (const Error&) { foreign_.emplace(static_cast<std::int64_t>(i), std::string(class_name(cells_[i]))); }
    }
    return Column::objects(std::move(values_), std::move(foreign_));
  }

  Column lists() const {
    std::vector<std::int64_t> lengths;
    std::vector<nb::object> owned;
    for (const nb::handle cell : cells_) {
      lengths.push_back(is_list(cell) ? 0 : -1);
      if (lengths.back() < 0) continue;
      for (nb::handle item : cell) {
        owned.push_back(nb::borrow(item));
        ++lengths.back();
      }
    }
    return Column::lists(lengths, column_of({owned.begin(), owned.end()}));
  }

  const std::vector<nb::handle>& cells_;
  std::vector<Value> values_;
  std::map<std::int64_t, std::string> foreign_;
  std::set<Cell> kinds_;
};

}  // namespace

Column column_of(const std::vector<nb::handle>& cells, bool loose) { return Cells(cells).column(loose); }

}  // namespace lamin::python
