// open_instance.hpp -- one open instance as Python sees it.
//
// Invariants
//   1. An instance serves one thread at a time: every call into it goes through `locked`, which first releases the GIL
//      and then takes the lock, so that they cannot deadlock.
//   2. A record keeps its session alive, and with it the catalog of its table.
//   3. What one thread or coroutine sets with `scope` holds for its calls alone: `locked` applies it and takes it back.
//   4. Rows of one result share a Batch: shared references are read once, and together (ahead.hpp).
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>
#include "base/checkpoint.hpp"
#include "lamin/instance.hpp"

namespace lamin::python {

namespace nb = nanobind;

struct OpenInstance {
  std::unique_ptr<Instance> instance;  ///< null: classes exist, but cannot be queried
  schema::Catalog catalog;             ///< used while there is no instance
  std::recursive_mutex lock;
  std::unordered_map<const schema::Table*, PyObject*> classes;  ///< owned; the classes live as long as the process
  nb::object class_of;                                          ///< Python: qualified name -> class
  /// A ContextVar: (run, branch, space), the ids that replace those of the session; 0 = as in the session.
  nb::object scope = nb::steal(PyContextVar_New("lamindb_scope", nullptr));

  const schema::Catalog& tables() const { return instance ? instance->catalog() : catalog; }
  /// Throws not_configured.
  Instance& open();
  Database& database() { return open().database(); }
  /// The Python class whose instances are rows of the table.
  PyTypeObject* python_class(const schema::Table& table);
};

using InstanceRef = std::shared_ptr<OpenInstance>;

struct PyRecord;

/// Related rows that were read ahead.
struct Ahead {
  std::size_t window = 0;  ///< number of rows read last
  std::unordered_map<std::int64_t, nb::list> lists;
  std::chrono::steady_clock::time_point read_at = {};
  std::array<std::int64_t, 3> stamps = {};  ///< of the database, at the time of reading
};

/// State shared by the rows of one result.
struct Batch {
  explicit Batch(InstanceRef session_) : session(std::move(session_)) {}
  ~Batch();
  Batch(const Batch&) = delete;

  InstanceRef session;
  struct Key {
    const schema::Table* table;
    std::int64_t id;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& k) const {
      return std::hash<const void*>()(k.table) ^ (static_cast<std::size_t>(k.id) * 0x9E3779B97F4A7C15ULL);
    }
  };
  std::unordered_map<Key, PyObject*, Hash> related;
  std::vector<PyRecord*> rows;                   ///< in order; null if the object is gone
  std::unordered_map<const void*, Ahead> ahead;  ///< by schema::Column or schema::Relation
};
using BatchRef = std::shared_ptr<Batch>;

/// What the calling context has set in `scope`; zeros without.
struct Scope {
  std::int64_t run = 0, branch = 0, space = 0;
};
/// With the GIL.
Scope scope_of(const OpenInstance& session);

/// Applies a scope to the session for as long as this lives.
class Scoped {
 public:
  Scoped(OpenInstance& session, const Scope& scope);
  ~Scoped();
  Scoped(const Scoped&) = delete;
  Scoped& operator=(const Scoped&) = delete;

 private:
  OpenInstance& session_;
  const Scope scope_;
  Scope before_;
};

/// Runs `work` on the instance without the GIL and with the lock. It must not touch Python.
template <class Work>
auto locked(OpenInstance& session, Work&& work) {
  const Scope scope = scope_of(session);
  nb::gil_scoped_release release;
  std::scoped_lock guard(session.lock);
  const Scoped scoped(session, scope);
  const base::Interruptible ctrl_c([] {
    nb::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  });
  return work();
}

}  // namespace lamin::python
