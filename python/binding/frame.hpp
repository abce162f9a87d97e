// frame.hpp -- lamin::Frame in Python.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include "lamin/frame.hpp"

namespace lamin::python {

namespace nb = nanobind;

/// Takes a Frame, or anything that supports Arrow's __arrow_c_array__ or __arrow_c_stream__.
Frame to_frame(nb::handle object);
/// The values of a column as a list, None where null.
nb::list to_list(const Column& column);

}  // namespace lamin::python
