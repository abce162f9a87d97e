#include "document.hpp"
#include <Python.h>
#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <cmath>
#include "bind.hpp"
#include "lamin/error.hpp"

namespace lamin::python {
namespace {

std::string shown(nb::handle object) { return nb::cast<std::string>(nb::repr(object)); }

[[noreturn]] void refuse(nb::handle object, const std::string& at, std::string_view why) {
  throw Error(Code::validation, fmt::format("{}{} {}", shown(object), at.empty() ? "" : " at " + at, why));
}

/// A number, text or list of Python for an object of another library; the object itself if it is none of these.
nb::object plain(nb::handle object) {
  if (nb::hasattr(object, "dtype") && nb::hasattr(object, "tolist")) return object.attr("tolist")();
  if (nb::hasattr(object, "isoformat")) return object.attr("isoformat")();
  if (nb::hasattr(object, "__fspath__")) return nb::str(object);
  if (PyAnySet_Check(object.ptr())) return nb::list(object);
  if (nb::hasattr(object, "hex") && nb::hasattr(object, "int")) return nb::str(object);  // a UUID
  return nb::borrow(object);
}

/// Rebuilds a document with nothing in it but dicts, lists, text, numbers, bools and None.
class Document {
 public:
  explicit Document(nb::handle otherwise) : otherwise_(otherwise) {}

  nb::object of(nb::handle object, const std::string& at) const {
    PyObject* o = object.ptr();
    if (o == Py_None || PyBool_Check(o) || PyUnicode_Check(o)) return nb::borrow(object);
    if (PyLong_Check(o)) {
      int overflow = 0;
      PyLong_AsLongLongAndOverflow(o, &overflow);
      if (overflow != 0) refuse(object, at, "cannot be stored: it is beyond integers of 64 bits; pass it as text");
      return nb::borrow(object);
    }
    if (PyFloat_Check(o)) {
      if (!std::isfinite(PyFloat_AS_DOUBLE(o))) refuse(object, at, "cannot be stored: JSON knows no NaN or infinity");
      return nb::borrow(object);
    }
    if (PyDict_Check(o)) {
      nb::dict document;
      for (auto [key, value] : nb::borrow<nb::dict>(object)) {
        document[nb::str(key)] = of(value, fmt::format("{}[{}]", at, shown(key)));
      }
      return document;
    }
    if (PyList_Check(o) || PyTuple_Check(o)) {
      nb::list document;
      std::size_t i = 0;
      for (nb::handle item : object) document.append(of(item, fmt::format("{}[{}]", at, i++)));
      return document;
    }
    const nb::object other = plain(object);
    if (!other.is(object)) return of(other, at);
    if (otherwise_.is_none()) refuse(object, at, fmt::format("cannot be stored: a {} is no JSON", Py_TYPE(o)->tp_name));
    return of(otherwise_(object), at);
  }

 private:
  nb::handle otherwise_;
};

}  // namespace

std::string dump_json(nb::handle object, const std::string& name, nb::handle otherwise) {
  const nb::object document = Document(otherwise).of(object, name);
  return nb::cast<std::string>(nb::module_::import_("json").attr("dumps")(document));
}

std::string dump_json(nb::handle object) { return dump_json(object, "", nb::none()); }

nb::object load_json(const std::string& text) {
  return nb::module_::import_("json").attr("loads")(nb::str(text.data(), text.size()));
}

void bind_document(nb::module_& m) {
  m.def("document", nb::overload_cast<nb::handle, const std::string&, nb::handle>(&dump_json));
}

}  // namespace lamin::python
