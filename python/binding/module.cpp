// module.cpp -- lamindb._core: the engine, without the Python API. Use the package, not this module.
#include "bind.hpp"
#include "report.hpp"

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): required of every Python extension
NB_MODULE(_core, m) {
  using namespace lamin::python;
  m.doc() = "The native core. Use the package lamindb, not this module.";
  m.attr("__version__") = LAMIN_VERSION;
  nanobind::set_leak_warnings(false);  // registry classes live until the interpreter ends
  bind_errors(m);
  bind_document(m);
  bind_record(m);
  bind_field(m);
  bind_catalog(m);
  bind_query(m);
  bind_save(m);
  bind_remove(m);
  bind_arrays(m);
  bind_instance(m);
  bind_frame(m);
  bind_tables(m);
  bind_each(m);
  bind_branch(m);
  bind_label(m);
  bind_public_terms(m);
  bind_term(m);
  bind_artifact(m);
  bind_storage(m);
  bind_collection(m);
  bind_feature(m);
  bind_curate(m);
  bind_report(m);
  bind_sheet(m);
  bind_lineage(m);
  bind_lineage_graph(m);
  bind_trace(m);
  bind_describe(m);
  bind_plugin(m);
  bind_fsck(m);
  bind_array_file(m);
  bind_schemes(m);
}
