// frame.cpp -- tables to Python and back: by Arrow's capsules, or column by column without pyarrow.
#include "frame.hpp"
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <limits>
#include "bind.hpp"
#include "cells.hpp"
#include "frame/arrow_abi.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

template <class T>
using Array = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// A consumer moves the struct out and sets `release` to null; otherwise the capsule releases it.
template <class T>
void release_capsule(void* p) noexcept {
  auto* exported = static_cast<T*>(p);
  if (exported->release) exported->release(exported);
  delete exported;
}

nb::tuple export_frame(const Frame& frame, nb::handle) {
  auto schema = std::make_unique<ArrowSchema>();
  auto array = std::make_unique<ArrowArray>();
  frame.export_arrow(schema.get(), array.get());
  nb::capsule s(schema.release(), "arrow_schema", &release_capsule<ArrowSchema>);
  nb::capsule a(array.release(), "arrow_array", &release_capsule<ArrowArray>);
  return nb::make_tuple(s, a);
}

template <class T>
T taken(nb::handle capsule, const char* name) {
  auto* p = static_cast<T*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (!p) throw nb::python_error();
  T moved = *p;
  p->release = nullptr;
  return moved;
}

Frame import_array(nb::handle object) {
  nb::tuple pair = nb::cast<nb::tuple>(object.attr("__arrow_c_array__")());
  auto schema = taken<ArrowSchema>(pair[0], "arrow_schema");
  auto array = taken<ArrowArray>(pair[1], "arrow_array");
  nb::gil_scoped_release release;
  return Frame::import_arrow(&schema, &array);
}

void add_objects(Frame& frame, std::string name, const nb::sequence& values, bool loose) {
  std::vector<nb::object> owned;
  for (nb::handle value : values) owned.push_back(nb::borrow(value));
  frame.add(std::move(name), column_of({owned.begin(), owned.end()}, loose));
}

/// Microseconds since 1970; the smallest number is a missing time.
void add_times(Frame& frame, std::string name, Array<std::int64_t> micros, bool zoned) {
  std::vector<Value> values(micros.size());
  for (std::size_t i = 0; i < micros.size(); ++i) {
    if (micros.data()[i] != std::numeric_limits<std::int64_t>::min()) {
      values[i] = Time{.micros = micros.data()[i], .zoned = zoned};
    }
  }
  frame.add(std::move(name), Column::from_values(Column::Kind::time, values));
}

void bind_frame_class(nb::module_& m) {
  nb::class_<Frame>(m, "Frame")
      .def(nb::init<>())
      .def_prop_ro("rows", &Frame::rows)
      .def_prop_ro("names", [](const Frame& f) { return from_strings(f.names()); })
      .def_rw("index", &Frame::index)
      .def("kind", [](const Frame& f, const std::string& name) { return std::string(name_of(f.at(name).kind())); })
      .def("column", [](const Frame& f, const std::string& name) { return to_list(f.at(name)); })
      .def("unique_texts",
           [](const Frame& f, const std::string& name) { return from_strings(f.at(name).unique_texts()); })
      .def("categories",
           [](const Frame& f, const std::string& name) {
             const Column& c = f.at(name);
             std::vector<std::int32_t> codes(c.codes().begin(), c.codes().end());
             return nb::make_tuple(nb::cast(codes), from_strings(c.category_names()), c.ordered());
           })
      .def("add_objects", &add_objects, nb::arg("name"), nb::arg("values"), nb::arg("loose") = false)
      .def("add_times", &add_times)
      .def("add_integers",
           [](Frame& f, std::string name, Array<std::int64_t> values) {
             f.add(std::move(name), Column::integers({values.data(), values.data() + values.size()}));
           })
      .def("add_reals",
           [](Frame& f, std::string name, Array<double> values) {
             f.add(std::move(name), Column::reals({values.data(), values.data() + values.size()}));
           })
      .def("add_booleans",
           [](Frame& f, std::string name, Array<bool> values) {
             f.add(std::move(name), Column::booleans(std::vector<bool>(values.data(), values.data() + values.size())));
           })
      .def("add_categories",
           [](Frame& f, std::string name, Array<std::int32_t> codes, std::vector<std::string> names, bool ordered) {
             f.add(std::move(name), Column::categories({codes.data(), codes.data() + codes.size()}, names, ordered));
           })
      .def("__arrow_c_array__", &export_frame, nb::arg("requested_schema").none() = nb::none())
      .def_static("from_arrow", &to_frame);
}

}  // namespace

Frame to_frame(nb::handle object) {
  if (nb::isinstance<Frame>(object)) return *nb::inst_ptr<Frame>(object);
  if (nb::hasattr(object, "__arrow_c_array__")) return import_array(object);
  if (nb::hasattr(object, "__arrow_c_stream__")) {  // a pyarrow Table, a polars or pandas frame: as one batch
    nb::object table = nb::module_::import_("pyarrow").attr("table")(object).attr("combine_chunks")();
    nb::object batch = nb::module_::import_("pyarrow").attr("RecordBatch");
    nb::list batches = nb::cast<nb::list>(table.attr("to_batches")());
    if (batches.empty()) {
      return import_array(batch.attr("from_pylist")(nb::list(), nb::arg("schema") = table.attr("schema")));
    }
    return import_array(batches[0]);
  }
  throw nb::type_error("a table was expected: a Frame, or an object with __arrow_c_array__ or __arrow_c_stream__");
}

nb::list to_list(const Column& column) {
  nb::list list;
  for (std::int64_t i = 0; i < column.size(); ++i) {
    list.append(column.is_null(i) ? nb::none() : from_value(column.value(i)));
  }
  return list;
}

void bind_frame(nb::module_& m) { bind_frame_class(m); }

}  // namespace lamin::python
