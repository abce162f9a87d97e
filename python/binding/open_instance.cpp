// open_instance.cpp -- see session.hpp.
#include "open_instance.hpp"
#include "lamin/error.hpp"

namespace lamin::python {

Instance& OpenInstance::open() {
  if (!instance) {
    throw Error(Code::not_configured,
                "No instance is connected! Call\n- CLI:     lamin connect account/name\n- Python:  "
                "ln.connect(\"account/name\")");
  }
  return *instance;
}

PyTypeObject* OpenInstance::python_class(const schema::Table& table) {
  auto found = classes.find(&table);
  if (found == classes.end()) {
    nb::object type = class_of(nb::str(table.qualified.view().data(), table.qualified.size()));
    found = classes.emplace(&table, type.release().ptr()).first;
  }
  return reinterpret_cast<PyTypeObject*>(found->second);
}

Batch::~Batch() {
  for (auto& [key, object] : related) Py_DECREF(object);
}

}  // namespace lamin::python
