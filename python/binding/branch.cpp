// branch.cpp -- branches and spaces: found, made, switched to, merged.
#include "lamin/branch.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include "bind.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

/// A row returned by a function of the instance.
template <class Ask>
nb::object asked(const InstanceRef& session, Ask&& ask) {
  std::optional<Record> row;
  locked(*session, [&] { row = ask(session->open()); });
  return wrap(std::move(row), session);
}

}  // namespace

void bind_branch(nb::module_& m) {
  m.def("branch", [](const InstanceRef& session, const std::string& name) {
    return asked(session, [&](Instance& i) { return branch(i, name); });
  });
  m.def("space", [](const InstanceRef& session, const std::string& name) {
    return asked(session, [&](Instance& i) { return space(i, name); });
  });
  m.def("create_branch", [](const InstanceRef& session, const std::string& name) {
    return asked(session, [&](Instance& i) { return create_branch(i, name); });
  });
  m.def("current_branch",
        [](const InstanceRef& session) { return asked(session, [](Instance& i) { return current_branch(i); }); });
  m.def("switch_to", [](nb::handle object, bool to_space) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    locked(*session,
           [&] { to_space ? switch_space(session->open(), r.record) : switch_branch(session->open(), r.record); });
  });
  m.def("merge_branch", [](nb::handle from, nb::handle into) {
    PyRecord &source = to_record(from), &target = to_record(into);
    InstanceRef session = session_of(source);
    return locked(*session, [&] { return merge_branch(session->open(), source.record, target.record); });
  });
}

}  // namespace lamin::python
