// field.cpp -- FieldAttr: `ULabel.name` names a field, `label.name` reads it.
//
// A descriptor with C slots, because reading a field must be as fast as reading an attribute. It finds its column by
// name for the first row and by position after that. It holds no pointer into a catalog: a process may have several,
// one after the other, and the tables of a later one may be where those of an earlier one were.
#include <nanobind/stl/string.h>
#include "ahead.hpp"
#include "bind.hpp"
#include "lamin/error.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

enum class Shows { value, id, object };

struct FieldAttr {
  std::string name;  ///< attribute name: "name", "created_by", "created_by_id"
  Shows shows = Shows::value;
  PyObject* model = nullptr;         ///< the class, borrowed: classes live as long as the process
  mutable std::size_t position = 0;  ///< where the column was in the last row
  mutable Text known;                ///< what it is called

  const schema::Column& in(const Record& record) const {
    const auto& columns = record.table().columns;
    if (position < columns.size() && columns[position].name == known) return columns[position];
    const schema::Column& column = record.table().column(name);
    position = static_cast<std::size_t>(column.position);
    known = column.name;
    return column;
  }
};

nb::dict dict_of(PyObject* object) {
  PyObject* dict = PyObject_GenericGetDict(object, nullptr);
  if (!dict) throw nb::python_error();
  return nb::steal<nb::dict>(dict);
}

/// The object that a reference points to: assigned, loaded by a sibling row, or read now.
nb::object related(PyRecord& r, const schema::Column& column) {
  nb::dict held = dict_of(reinterpret_cast<PyObject*>(&r));
  nb::str key(column.name.view().data(), column.name.size());
  const Value& id = r.record[column.position];
  if (PyObject* kept = PyDict_GetItem(held.ptr(), key.ptr())) {
    PyRecord* to = as_record(kept);
    if (to && (!to->record.saved() || id.is_null() || to->record.id() == id.integer_or(0))) return nb::borrow(kept);
  }
  if (id.is_null()) return nb::none();
  return referred(r, column);
}

nb::object json_document(PyRecord& r, const schema::Column& column) {
  nb::dict held = dict_of(reinterpret_cast<PyObject*>(&r));
  nb::str key(column.name.view().data(), column.name.size());
  if (PyObject* kept = PyDict_GetItem(held.ptr(), key.ptr())) return nb::borrow(kept);
  nb::object document = from_value(r.record[column.position]);
  // A dict or list may be changed in place; `settle` writes it back.
  if (PyDict_Check(document.ptr()) || PyList_Check(document.ptr())) held[key] = document;
  return document;
}

void assign(PyRecord& r, const FieldAttr& field, nb::handle value) {
  const schema::Column& column = field.in(r.record);
  if (field.shows == Shows::value && column.type != Type::json) {
    r.record.set(column.position, to_value(value, column.type));
    return;
  }
  nb::dict held = dict_of(reinterpret_cast<PyObject*>(&r));
  nb::str key(column.name.view().data(), column.name.size());
  if (PyDict_Contains(held.ptr(), key.ptr()) == 1) PyDict_DelItem(held.ptr(), key.ptr());
  if (column.type == Type::json) {
    r.record.set(column.position, to_value(value, Type::json));
    return;
  }
  PyRecord* to = as_record(value);
  if (field.shows == Shows::object && !to && !value.is_none()) {
    throw Error(Code::validation, "'" + field.name + "' must be of class " + column.to->name.str() + ", not " +
                                      std::string(Py_TYPE(value.ptr())->tp_name));
  }
  if (!to) {
    r.record.set(column.position, to_value(value, column.type));
    return;
  }
  if (to->record.table().qualified != column.to->qualified) {
    throw Error(Code::validation, "'" + field.name + "' must be of class " + column.to->name.str() + ", not " +
                                      to->record.table().name.str());
  }
  r.record.set(column.position, to->record.saved() ? Value(to->record.id()) : Value());
  held[key] = value;
}

/// `del record.field`: the value is that of the database again; of an unsaved record, the initial one.
void forget_change(PyRecord& r, const FieldAttr& field) {
  const schema::Column& column = field.in(r.record);
  InstanceRef session = session_of(r);
  std::optional<Record> stored;
  if (r.record.saved()) {
    locked(*session, [&] { stored = session->database().find(r.record.table(), r.record.id()); });
  }
  const Record& source = stored ? *stored : Record(r.record.table());
  r.record.set(column.position, source[column.position]);
  nb::dict held = dict_of(reinterpret_cast<PyObject*>(&r));
  nb::str key(column.name.view().data(), column.name.size());
  if (PyDict_Contains(held.ptr(), key.ptr()) == 1) PyDict_DelItem(held.ptr(), key.ptr());
}

template <class Work>
auto guarded(Work&& work, decltype(work()) failed) -> decltype(work()) {
  try {
    return work();
  } catch (nb::python_error& e) { e.restore(); } catch (...) {
    // nanobind only translates exceptions that leave a bound function.
    nb::module_ core = nb::module_::import_("lamindb._core");
    std::exception_ptr thrown = std::current_exception();
    try {
      core.attr("rethrow")(nb::capsule(&thrown, "lamin_error"));
    } catch (nb::python_error& e) { e.restore(); }
  }
  return failed;
}

PyObject* descr_get(PyObject* self, PyObject* instance, PyObject*) {
  if (!instance) return Py_NewRef(self);
  const FieldAttr& field = *nb::inst_ptr<FieldAttr>(self);
  return guarded(
      [&]() -> PyObject* {
        PyRecord& r = to_record(instance);
        if (!r.batch) throw nb::attribute_error(field.name.c_str());
        const schema::Column& column = field.in(r.record);
        if (field.shows == Shows::object) return related(r, column).release().ptr();
        if (column.type == Type::json) return json_document(r, column).release().ptr();
        return from_value(r.record[column.position], column.type).release().ptr();
      },
      nullptr);
}

int descr_set(PyObject* self, PyObject* instance, PyObject* value) {
  const FieldAttr& field = *nb::inst_ptr<FieldAttr>(self);
  return guarded(
      [&]() -> int {
        PyRecord& r = to_record(instance);
        if (!r.batch) throw nb::attribute_error(field.name.c_str());
        if (value) assign(r, field, value);
        else forget_change(r, field);
        return 0;
      },
      -1);
}

}  // namespace

void bind_field(nb::module_& m) {
  PyType_Slot slots[] = {{Py_tp_descr_get, reinterpret_cast<void*>(descr_get)},
                         {Py_tp_descr_set, reinterpret_cast<void*>(descr_set)},
                         {0, nullptr}};
  nb::class_<FieldAttr>(
      m, "FieldAttr", nb::type_slots(slots),
      "A field of a registry, as an argument names it: `ln.ULabel.name`, which also reads the field of a "
      "record.")
      .def("__init__",
           [](FieldAttr* self, std::string name, int shows, nb::handle model) {
             new (self) FieldAttr{std::move(name), static_cast<Shows>(shows), model.ptr()};
           })
      .def_prop_ro("name", [](const FieldAttr& f) { return f.name; })
      .def_prop_ro("attname", [](const FieldAttr& f) { return f.name; })
      .def_prop_ro("field", [](nb::handle self) { return nb::borrow(self); })
      .def_prop_ro("model", [](const FieldAttr& f) { return nb::borrow(f.model); })
      .def("__repr__", [](const FieldAttr& f) {
        return "FieldAttr(" + nb::cast<std::string>(nb::handle(f.model).attr("__name__")) + "." + f.name + ")";
      });
  m.def("rethrow",
        [](const nb::capsule& thrown) { std::rethrow_exception(*static_cast<std::exception_ptr*>(thrown.data())); });
}

}  // namespace lamin::python
