// record.hpp -- the base of all registry classes: a plain CPython type around lamin::Record.
//
// It is a plain type and no nanobind class because registry classes have a metaclass of their own (ULabel.filter),
// which nanobind's classes do not allow. Field values live in C++; the instance's __dict__ holds what only Python
// knows: objects that were assigned to references, loaded JSON documents, state of the pythonic shape.
#pragma once
#include <string>
#include <utility>
#include <vector>
#include "lamin/feature.hpp"
#include "lamin/record.hpp"
#include "session.hpp"

namespace lamin::python {

struct PyRecord {
  PyObject_HEAD Record record;
  BatchRef batch;
  std::size_t place;  ///< in Batch::rows, if it is there
};

PyTypeObject* record_type();
/// Null if `object` is no record.
PyRecord* as_record(nb::handle object);
/// Throws a TypeError.
PyRecord& to_record(nb::handle object);
/// A new instance of the class of the record's table.
nb::object wrap(Record&& record, const BatchRef& batch);
/// A row on its own, or None.
nb::object wrap(std::optional<Record>&& record, const SessionRef& session);
nb::list wrap(std::vector<Record>&& records, const SessionRef& session);
std::vector<Record> unwrap(nb::handle records);

/// What Python holds beside the record: its __dict__.
nb::dict state_of(nb::handle object);
/// Whether it holds anything; makes no __dict__ to find out.
bool has_state(nb::handle object);
/// Writes what Python holds beside the record (JSON documents, references saved since) into its columns. A reference
/// to what is not saved is an error, unless `unsaved` takes it, with the name of its field.
void settle(PyRecord& record, std::vector<std::pair<std::string, PyRecord*>>* unsaved = nullptr);
/// Forgets what Python holds beside the record and takes these values.
void replace(PyRecord& target, Record&& record);

/// Takes the record out of the rows of its result.
void leave_batch(PyRecord& record);

SessionRef session_of(const PyRecord& record);

/// What a record that is saved in a way of its own (a collection, a schema, a transform) keeps until it is saved.
struct OwnDraft {
  virtual ~OwnDraft() = default;
  /// Saves the record, which becomes the saved row; from the draft as it was made, so that it may run again.
  virtual void save(Instance& instance, Record& record) const = 0;
};
nb::capsule pointer_to(const OwnDraft& draft);

/// {feature: values in the form of the core}.
FeatureValues to_feature_values(const nb::dict& given);

void bind_record(nb::module_& m);
void bind_field(nb::module_& m);

}  // namespace lamin::python
