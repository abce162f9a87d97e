// record.cpp -- see record.hpp.
#include "record.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include "bind.hpp"
#include "lamin/error.hpp"
#include "registry/new_record.hpp"
#include "same_instance.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

// The C++ members of a PyRecord are constructed by hand because CPython allocates it as zeroed memory.
PyObject* make(PyTypeObject* type, PyObject*, PyObject*) {
  PyObject* self = type->tp_alloc(type, 0);
  if (self) {
    auto* r = reinterpret_cast<PyRecord*>(self);
    new (&r->record) Record();
    new (&r->batch) BatchRef();
  }
  return self;
}

void destroy(PyObject* self) {
  auto* r = reinterpret_cast<PyRecord*>(self);
  PyTypeObject* type = Py_TYPE(self);
  leave_batch(*r);
  r->record.~Record();
  r->batch.~BatchRef();
  type->tp_free(self);
  Py_DECREF(type);
}

PyTypeObject* make_type() {
  PyType_Slot slots[] = {
      {Py_tp_new, reinterpret_cast<void*>(make)},
      {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
      {Py_tp_doc, const_cast<char*>("A row of a registry.")},
      {0, nullptr},
  };
  PyType_Spec spec = {"lamindb._core.Record", sizeof(PyRecord), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
  PyObject* type = PyType_FromSpec(&spec);
  if (!type) throw nb::python_error();
  return reinterpret_cast<PyTypeObject*>(type);
}

/// Starts an unsaved record of the table.
void begin(nb::handle object, const InstanceRef& session, std::string_view qualified) {
  PyRecord& r = to_record(object);
  const schema::Table& table = session->tables().table(qualified);
  r.batch = std::make_shared<Batch>(session);
  if (!session->instance) r.record = Record(table);
  else locked(*session, [&] { r.record = registry::new_record(table, session->instance->session()); });
}

nb::dict values(nb::handle object) {
  PyRecord& r = to_record(object);
  nb::dict dict;
  for (const auto& column : r.record.table().columns) {
    dict[nb::str(column.column.view().data(), column.column.size())] =
        from_value(r.record[column.position], column.type);
  }
  return dict;
}

void set_values(nb::handle object, const nb::dict& given) {
  PyRecord& r = to_record(object);
  for (auto [name, value] : given) {
    const schema::Column& column = r.record.table().column(nb::cast<std::string>(name));
    r.record.set(column.position, to_value(value, column.type));
  }
}

bool same_row(nb::handle a, nb::handle b) {
  PyRecord *x = as_record(a), *y = as_record(b);
  if (!x || !y) return false;
  if (x == y) return true;
  return x->record.saved() && y->record.saved() && x->record.id() == y->record.id() &&
         x->record.table().qualified == y->record.table().qualified &&
         x->batch->session.get() == y->batch->session.get();
}

}  // namespace

PyTypeObject* record_type() {
  static PyTypeObject* const type = make_type();
  return type;
}

PyRecord* as_record(nb::handle object) {
  return PyObject_TypeCheck(object.ptr(), record_type()) ? reinterpret_cast<PyRecord*>(object.ptr()) : nullptr;
}

PyRecord& to_record(nb::handle object) {
  PyRecord* r = as_record(object);
  if (!r) throw nb::type_error(("a record was expected, not a " + std::string(Py_TYPE(object.ptr())->tp_name)).c_str());
  return *r;
}

InstanceRef session_of(const PyRecord& record) {
  if (!record.batch)
    throw Error(Code::internal, "the record was never initialised: its class did not call the base constructor");
  return record.batch->session;
}

nb::object wrap(Record&& record, const BatchRef& batch) {
  nb::object object = nb::steal(make(batch->session->python_class(record.table()), nullptr, nullptr));
  if (!object) throw nb::python_error();
  auto* r = reinterpret_cast<PyRecord*>(object.ptr());
  r->record = std::move(record);
  r->batch = batch;
  return object;
}

nb::object wrap(std::optional<Record>&& record, const InstanceRef& session) {
  return record ? wrap(std::move(*record), std::make_shared<Batch>(session)) : nb::none();
}

nb::list wrap(std::vector<Record>&& records, const InstanceRef& session) {
  auto batch = std::make_shared<Batch>(session);
  nb::list list;
  if (records.size() > 1) batch->rows.reserve(records.size());
  for (auto& record : records) {
    nb::object object = wrap(std::move(record), batch);
    if (records.size() > 1) {
      auto* r = reinterpret_cast<PyRecord*>(object.ptr());
      r->place = batch->rows.size();
      batch->rows.push_back(r);
    }
    list.append(object);
  }
  return list;
}

void leave_batch(PyRecord& r) {
  if (r.batch && r.place < r.batch->rows.size() && r.batch->rows[r.place] == &r) r.batch->rows[r.place] = nullptr;
}

std::vector<Record> unwrap(nb::handle records) {
  std::vector<Record> out;
  for (nb::handle h : records) {
    PyRecord& r = to_record(h);
    settle(r);
    out.push_back(r.record);
  }
  return out;
}

nb::dict state_of(nb::handle object) {
  PyObject* dict = PyObject_GenericGetDict(object.ptr(), nullptr);
  if (!dict) throw nb::python_error();
  return nb::steal<nb::dict>(dict);
}

bool has_state(nb::handle object) {
  PyObject** dict = _PyObject_GetDictPtr(object.ptr());
  return dict != nullptr && *dict != nullptr && PyDict_GET_SIZE(*dict) > 0;
}

void check_same_instance(const OpenInstance& here, const PyRecord& record) {
  const InstanceRef session = session_of(record);
  if (!session || session.get() == &here || !session->instance || !here.instance) return;
  const auto &there = session->instance->settings(), &now = here.instance->settings();
  if (there.slug() == now.slug() && there.database_url() == now.database_url()) return;  // reconnected
  throw Error(Code::unsupported, named(record.record) + " is in the instance '" + there.slug() + "', and this is '" +
                                     now.slug() + "': transfer between instances is not implemented yet; connect to '" +
                                     there.slug() + "' to use it there");
}

void settle(PyRecord& r, std::vector<std::pair<std::string, PyRecord*>>* unsaved) {
  nb::handle self(reinterpret_cast<PyObject*>(&r));
  if (!has_state(self)) return;
  nb::dict held = state_of(self);
  for (auto [name, value] : held) {
    const schema::Column* column = r.record.table().find_column(nb::cast<std::string>(name));
    if (!column) continue;
    if (column->type == Type::json) {
      r.record.set(column->position, to_value(value, Type::json));
    } else if (PyRecord* to = as_record(value)) {
      if (!to->record.saved() && unsaved != nullptr) {
        unsaved->emplace_back(column->name.str(), to);
        continue;
      }
      if (!to->record.saved()) {
        throw Error(Code::invalid_argument, "'" + column->name.str() + "' refers to a " +
                                                to->record.table().name.str() + " that is not saved: save it first");
      }
      check_same_instance(*session_of(r), *to);
      r.record.set(column->position, to->record.id());
    }
  }
}

void replace(PyRecord& target, Record&& record) {
  nb::dict held = state_of(nb::handle(reinterpret_cast<PyObject*>(&target)));
  nb::list names = held.keys();
  for (nb::handle name : names) {
    if (record.table().find_column(nb::cast<std::string>(name))) PyDict_DelItem(held.ptr(), name.ptr());
  }
  leave_batch(target);
  target.batch = std::make_shared<Batch>(session_of(target));
  target.record = std::move(record);
}

void bind_record(nb::module_& m) {
  m.attr("Record") = nb::borrow(reinterpret_cast<PyObject*>(record_type()));
  m.def("begin", &begin);
  m.def("values", &values);
  m.def("set_values", &set_values);
  m.def("same_row", &same_row);
  m.def("text", [](nb::handle object) { return to_string(to_record(object).record); });
  m.def("named", [](nb::handle object) {  // any other object as Python shows it
    const PyRecord* r = as_record(object);
    return r ? named(r->record) : nb::cast<std::string>(nb::repr(object));
  });
  m.def("check_same_instance",
        [](const InstanceRef& here, nb::handle object) { check_same_instance(*here, to_record(object)); });
  m.def("saved", [](nb::handle object) { return to_record(object).record.saved(); });
  m.def("id_of", [](nb::handle object) { return to_record(object).record.id(); });
  m.def("session_of", [](nb::handle object) { return session_of(to_record(object)); });
  m.def("forget", [](nb::handle object) {  // after its row was deleted
    to_record(object).record.set(0, Value());
  });
  m.def("copy_values", [](nb::handle from, nb::handle to) {
    Record record = to_record(from).record;
    replace(to_record(to), std::move(record));
  });
}

}  // namespace lamin::python
