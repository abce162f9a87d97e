// error.cpp -- lamin::Error as the class of lamindb.errors for its code, and messages to Python's logger.
#include "lamin/error.hpp"
#include <nanobind/stl/string.h>
#include "base/log.hpp"
#include "base/redact.hpp"
#include "bind.hpp"

namespace lamin::python {
namespace {

void raise_error(const Error& error) {
  const CodeRow& code = row(error.code());
  std::string message = error.words().in(Face::python);
  for (const auto& what : error.context()) message += "\n  " + what;
  try {
    auto errors = nb::module_::import_("lamindb.errors");
    nb::object type = errors.attr("of_code")(std::string(code.name), std::string(error.python()));
    nb::object instance = type(base::shown(message));
    instance.attr("code") = std::string(code.name);
    PyErr_SetObject(type.ptr(), instance.ptr());
  } catch (nb::python_error& broken) { broken.restore(); }
}

void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) { raise_error(error); }
}

/// Sends messages of the core to a Python function (level number, text), which is held until the process ends.
void set_log(nb::object function, int level) {
  base::set_log_level(static_cast<base::Level>(level));
  PyObject* kept = function.release().ptr();
  base::set_log_sink(
      [kept](base::Level at, std::string_view text) {
        if (!Py_IsInitialized()) return;  // an instance that is closed after the interpreter
        nb::gil_scoped_acquire gil;
        nb::handle call(kept);
        try {
          call(static_cast<int>(at), nb::str(text.data(), text.size()));
        } catch (nb::python_error& error) {
          // This may run after a commit, when nothing may fail any more, not even on a closed output.
          if (error.matches(PyExc_KeyboardInterrupt)) PyErr_SetInterrupt();
          else error.discard_as_unraisable("a message of lamindb");
        }
      },
      Face::python);
}

}  // namespace

void bind_errors(nb::module_& m) {
  nb::register_exception_translator(translate);
  m.def("set_log", &set_log, nb::arg("function"), nb::arg("level"));
  m.def("set_log_level", [](int level) { base::set_log_level(static_cast<base::Level>(level)); });
  m.def("log", [](int level, const std::string& text) {
    nb::gil_scoped_release release;
    base::log(static_cast<base::Level>(level), text);
  });
  m.def("shown", &base::shown);
  m.def("redact_source", [](const std::string& source) { return base::redact_source(source).text; });
  m.def("error_codes", [] {
    nb::list codes;
    for (int c = 0; c <= static_cast<int>(Code::internal); ++c) {
      const CodeRow& code = row(static_cast<Code>(c));
      codes.append(nb::make_tuple(std::string(code.name), std::string(code.python)));
    }
    return codes;
  });
}

}  // namespace lamin::python
