// document.hpp -- Python objects as JSON documents, and back.
#pragma once
#include <nanobind/nanobind.h>
#include <string>

namespace lamin::python {

namespace nb = nanobind;

/// numpy and pandas scalars are numbers, arrays and tuples lists, times and days ISO text, paths text. Throws
/// validation for what JSON cannot hold (NaN, infinity, an object), saying where it is: "at ['loss'][2]". Keys become
/// text.
std::string dump_json(nb::handle object);
/// Names the document in errors: "params['loss']". `otherwise`, called with what is no JSON, gives what is stored
/// instead.
std::string dump_json(nb::handle object, const std::string& name, nb::handle otherwise);
nb::object load_json(const std::string& text);

}  // namespace lamin::python
