// report.hpp -- curation reports.
#pragma once
#include <nanobind/nanobind.h>

namespace lamin::python {

void bind_report(nanobind::module_& m);

}  // namespace lamin::python
