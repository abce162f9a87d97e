// record.hpp -- the base of all registry classes: a plain CPython type around lamin::Record.
//
// It is a plain type, not a nanobind class, because registry classes have their own metaclass (ULabel.filter), which
// nanobind does not allow. Field values are in C++; the instance's __dict__ holds what only Python knows: objects
// assigned to references, loaded JSON documents, other Python state.
#pragma once
#include <string>
#include <utility>
#include <vector>
#include "lamin/feature.hpp"
#include "lamin/record.hpp"
#include "open_instance.hpp"

namespace lamin::python {

struct PyRecord {
  PyObject_HEAD Record record;
  BatchRef batch;
  std::size_t place;  ///< in Batch::rows, if in a batch
};

PyTypeObject* record_type();
/// Null if `object` is not a record.
PyRecord* as_record(nb::handle object);
/// Throws a TypeError.
PyRecord& to_record(nb::handle object);
/// A new instance of the class of the record's table.
nb::object wrap(Record&& record, const BatchRef& batch);
/// A row on its own, or None.
nb::object wrap(std::optional<Record>&& record, const InstanceRef& session);
nb::list wrap(std::vector<Record>&& records, const InstanceRef& session);
std::vector<Record> unwrap(nb::handle records);

/// The Python state of the record: its __dict__.
nb::dict state_of(nb::handle object);
/// Whether there is any state; does not create a __dict__ to find out.
bool has_state(nb::handle object);
/// Writes the record's Python state (JSON documents, references saved since) into its columns. A reference to an
/// unsaved record is an error, unless `unsaved` collects it, with the name of its field.
void settle(PyRecord& record, std::vector<std::pair<std::string, PyRecord*>>* unsaved = nullptr);
/// Clears the record's Python state and takes these values.
void replace(PyRecord& target, Record&& record);

/// Removes the record from the rows of its result.
void leave_batch(PyRecord& record);

InstanceRef session_of(const PyRecord& record);

/// The draft of a record with its own way of saving (a collection, a schema, a transform), held until it is saved.
struct OwnDraft {
  virtual ~OwnDraft() = default;
  /// Saves the record, which becomes the saved row. The draft itself is not changed, so that this may run again.
  virtual void save(Instance& instance, Record& record) const = 0;
};
nb::capsule pointer_to(const OwnDraft& draft);

/// {feature: values in the core's form}.
FeatureValues to_feature_values(const nb::dict& given);

void bind_record(nb::module_& m);
void bind_field(nb::module_& m);

}  // namespace lamin::python
