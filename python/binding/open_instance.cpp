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

Scope scope_of(const OpenInstance& session) {
  PyObject* found = nullptr;
  if (PyContextVar_Get(session.scope.ptr(), nullptr, &found) != 0) throw nb::python_error();
  if (found == nullptr) return {};
  const auto ids = nb::cast<nb::tuple>(nb::steal(found));
  return {.run = nb::cast<std::int64_t>(ids[0]),
          .branch = nb::cast<std::int64_t>(ids[1]),
          .space = nb::cast<std::int64_t>(ids[2])};
}

Scoped::Scoped(OpenInstance& session, const Scope& scope) : session_(session), scope_(scope) {
  if (!session.instance) return;
  Session& now = session.instance->session();
  before_ = {.run = now.run, .branch = now.branch, .space = now.space};
  if (scope.run != 0) now.run = scope.run;
  if (scope.branch != 0) now.branch = scope.branch;
  if (scope.space != 0) now.space = scope.space;
}

Scoped::~Scoped() {
  if (!session_.instance) return;
  Session& now = session_.instance->session();
  if (scope_.run != 0) now.run = before_.run;
  if (scope_.branch != 0) now.branch = before_.branch;
  if (scope_.space != 0) now.space = before_.space;
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
