// bind.hpp -- what each file adds to the module.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>

namespace lamin::python {

namespace nb = nanobind;

void bind_errors(nb::module_& m);
void bind_document(nb::module_& m);
void bind_record(nb::module_& m);
void bind_field(nb::module_& m);
void bind_query(nb::module_& m);
void bind_save(nb::module_& m);
void bind_remove(nb::module_& m);
void bind_arrays(nb::module_& m);
void bind_catalog(nb::module_& m);
void bind_instance(nb::module_& m);
void bind_branch(nb::module_& m);
void bind_label(nb::module_& m);
void bind_public_terms(nb::module_& m);
void bind_term(nb::module_& m);
void bind_artifact(nb::module_& m);
void bind_storage(nb::module_& m);
void bind_collection(nb::module_& m);
void bind_feature(nb::module_& m);
void bind_curate(nb::module_& m);
void bind_sheet(nb::module_& m);
void bind_lineage(nb::module_& m);
void bind_lineage_graph(nb::module_& m);
void bind_trace(nb::module_& m);
void bind_describe(nb::module_& m);
void bind_plugin(nb::module_& m);
void bind_frame(nb::module_& m);
void bind_tables(nb::module_& m);
void bind_each(nb::module_& m);
void bind_fsck(nb::module_& m);
void bind_array_file(nb::module_& m);
void bind_schemes(nb::module_& m);

}  // namespace lamin::python
