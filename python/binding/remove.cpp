// remove.cpp -- records to the trash, back from it, and permanently deleted.
#include "lamin/remove.hpp"
#include <nanobind/stl/map.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include "bind.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

RemoveOptions options_of(nb::handle permanent, nb::handle storage) {
  const auto asked = [](nb::handle given) {
    return given.is_none() ? std::nullopt : std::optional(nb::cast<bool>(given));
  };
  return {.permanent = asked(permanent), .storage = asked(storage)};
}

/// (total rows, {registry: rows}) permanently deleted; None if there were none.
nb::object counts(const Removed& removed) {
  if (removed.deleted.empty()) return nb::none();
  std::int64_t total = 0;
  for (const auto& [registry, n] : removed.deleted) total += n;
  return nb::make_tuple(total, nb::cast(removed.deleted));
}

nb::object remove_one(nb::handle object, nb::handle permanent, nb::handle storage) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  const auto options = options_of(permanent, storage);
  Record record = r.record;
  Removed removed;
  locked(*session, [&] { removed = lamin::remove(session->open(), record, options); });
  if (!removed.deleted.empty()) record.set(0, Value());  // the row no longer exists
  r.record = std::move(record);
  return counts(removed);
}

nb::object remove_rows(const InstanceRef& session, const Query& query, nb::handle permanent, nb::handle storage) {
  const auto options = options_of(permanent, storage);
  Removed removed;
  locked(*session, [&] { removed = lamin::remove(session->open(), query, options); });
  return counts(removed);
}

}  // namespace

void bind_remove(nb::module_& m) {
  m.def("remove", &remove_one, nb::arg("record"), nb::arg("permanent").none(), nb::arg("storage").none());
  m.def("remove_rows", &remove_rows, nb::arg("session"), nb::arg("query"), nb::arg("permanent").none(),
        nb::arg("storage").none());
  m.def("restore", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    Record record = r.record;
    locked(*session, [&] { restore(session->open(), record); });
    r.record = std::move(record);
  });
}

}  // namespace lamin::python
