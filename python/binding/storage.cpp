// storage.cpp -- locations of bytes, and texts about records.
#include "lamin/storage.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include "bind.hpp"
#include "lamin/block.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

void text_into(const nb::dict& given, const char* key, std::string& into) {
  if (given.contains(key)) into = text_or_empty(given[key]);
}

void id_into(const nb::dict& given, const char* key, std::optional<std::int64_t>& into) {
  if (given.contains(key) && !given[key].is_none()) into = nb::cast<std::int64_t>(given[key]);
}

/// Fills in the record that a function of the core makes.
template <class Make>
void filled(nb::handle object, const InstanceRef& session, Make&& make) {
  PyRecord& r = to_record(object);
  Record record;
  locked(*session, [&] { record = make(session->open()); });
  r.batch = std::make_shared<Batch>(session);
  r.record = std::move(record);
}

void storage(nb::handle object, const InstanceRef& session, const nb::dict& given) {
  StorageOptions o;
  text_into(given, "root", o.root);
  text_into(given, "host", o.host);
  text_into(given, "region", o.region);
  text_into(given, "description", o.description);
  filled(object, session, [&](Instance& instance) { return make_storage(instance, o); });
}

void block(nb::handle object, const InstanceRef& session, const std::string& registry, const nb::dict& given) {
  BlockOptions o{.registry = registry};
  id_into(given, "host", o.host);
  text_into(given, "key", o.key);
  text_into(given, "content", o.content);
  text_into(given, "kind", o.kind);
  text_into(given, "version_tag", o.version_tag);
  text_into(given, "uid", o.uid);
  text_into(given, "revises", o.revises);
  id_into(given, "anchor", o.anchor);
  id_into(given, "branch", o.branch);
  id_into(given, "space", o.space);
  filled(object, session, [&](Instance& instance) { return make_block(instance, o); });
}

}  // namespace

void bind_storage(nb::module_& m) {
  m.def("make_storage", &storage);
  m.def("storage_root", &storage_root);
  m.def("s3_is_anonymous", &s3_is_anonymous);
  m.def("find_storage", [](const InstanceRef& session, const std::string& root) {
    std::optional<Record> row;
    locked(*session, [&] { row = find_storage(session->open(), root); });
    return wrap(std::move(row), session);
  });
  m.def("check_writable", [](nb::handle object) {
    PyRecord& r = to_record(object);
    check_writable(session_of(r)->open(), r.record);
  });
  m.def("use_storage", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    locked(*session, [&] { session->open().use_storage(r.record); });
  });
  m.def("make_block", &block);
}

}  // namespace lamin::python
