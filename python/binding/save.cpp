// save.cpp -- saving: one record, or many with what they refer to, their links and their files in one commit.
#include "lamin/save.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <deque>
#include <unordered_map>
#include "bind.hpp"
#include "lamin/curate.hpp"
#include "record.hpp"
#include "same_instance.hpp"

namespace lamin::python {
namespace {

/// The core object stored with a Python object.
template <class T>
T& pointed_at(nb::handle holder) {
  return *static_cast<T*>(nb::cast<nb::capsule>(holder.attr("_pointer")()).data());
}

}  // namespace

nb::capsule pointer_to(const OwnDraft& draft) { return {&draft, "own draft"}; }

namespace {

/// Python's records in the form that the core saves. They are changed only after everything is saved.
class PySaveBatch {
 public:
  PySaveBatch(const InstanceRef& session, const nb::list& objects) : session_(session) {
    for (nb::handle object : objects) add(object);
    for (std::size_t i = 0; i < held_.size(); ++i) collect(i);  // appends linked records that are not saved
  }

  void save(bool ignore_conflicts) {
    std::vector<SaveItem> items;
    items.reserve(held_.size());
    for (auto& held : held_) items.push_back(std::move(held.item));
    locked(*session_, [&] { save_all(session_->open(), items, ignore_conflicts); });
    for (auto& held : held_) {
      held.python->record = std::move(*held.record);
      if (held.state.is_valid() && held.state.contains("_pending")) PyDict_DelItemString(held.state.ptr(), "_pending");
    }
  }

 private:
  struct Held {
    nb::object object;
    nb::dict state = nb::steal<nb::dict>(nb::handle());  ///< its __dict__; invalid if empty
    PyRecord* python = nullptr;
    Record copy = {};
    Record* record = nullptr;  ///< the copy, or its draft's record
    bool own = false;          ///< saved by an OwnDraft
    SaveItem item = {};
  };

  void add(nb::handle object) {
    PyRecord& python = to_record(object);
    if (!index_.emplace(&python, held_.size()).second) return;
    check_same_instance(*session_, python);
    auto& held = held_.emplace_back();
    held.object = nb::borrow(object);
    held.python = &python;
    held.record = &held.copy;
    if (!has_state(object)) return;
    held.state = state_of(object);
    const bool artifact = python.record.table().qualified == "Artifact";
    held.own = !artifact && held.state.contains("_draft");
    if (artifact && held.state.contains("_draft")) {
      held.item.draft = &pointed_at<Draft>(held.state["_draft"]);
      held.record = &held.item.draft->record;
    }
  }

  void collect(std::size_t i) {
    if (held_[i].own) {
      auto& held = held_[i];
      settle(*held.python);
      const auto& draft = pointed_at<OwnDraft>(held.state["_draft"]);
      held.item.also = [this, &held, &draft, start = held.python->record] {
        held.copy = start;
        draft.save(session_->open(), held.copy);
      };
      return;
    }
    std::vector<std::pair<std::string, PyRecord*>> unsaved;
    settle(*held_[i].python, &unsaved);
    auto& held = held_[i];
    *held.record = held.python->record;
    held.item.record = held.record;
    for (const auto& [field, to] : unsaved) held.item.refers.emplace(field, unsaved_record(*held.python, field, to));
    if (!held.state.is_valid()) return;
    if (held.state.contains("_curator")) {
      auto& curator = pointed_at<Curator>(nb::object(held.state["_curator"]).attr("_core"));
      held.item.annotate = [&curator](Record& saved) { curator.annotate(saved); };
    }
    if (held.state.contains("_feature_values")) {
      held.item.features = to_feature_values(nb::cast<nb::dict>(held.state["_feature_values"]));
    }
    if (!held.state.contains("_pending")) return;
    for (auto [name, targets] : nb::cast<nb::dict>(held.state["_pending"]))
      for (nb::handle target : targets) link(i, nb::cast<std::string>(name), target);
  }

  void link(std::size_t i, const std::string& relation, nb::handle target) {
    PyRecord& python = to_record(target);
    if (!python.record.saved()) add(target);
    check_same_instance(*session_, python);
    const auto found = index_.find(&python);
    Record* record = found == index_.end() ? &python.record : held_[found->second].record;
    held_[i].item.links[relation].push_back(record);
  }

  Record* unsaved_record(const PyRecord& from, const std::string& field, PyRecord* to) {
    const auto found = index_.find(to);
    if (found != index_.end() && !held_[found->second].own) return held_[found->second].record;
    throw Error(Code::invalid_argument, "'" + field + "' of " + to_string(from.record) + " refers to a " +
                                            to->record.table().name.str() + " that is not saved: save it first");
  }

  InstanceRef session_;
  std::deque<Held> held_;  // a deque, because there are pointers to records
  std::unordered_map<const PyRecord*, std::size_t> index_;
};

void save_one(nb::handle object) {
  PyRecord& r = to_record(object);
  settle(r);
  InstanceRef session = session_of(r);
  Record record = r.record;
  bool known = false;
  locked(*session, [&] { known = save(session->open(), record); });
  if (known) replace(r, std::move(record));
  else r.record = std::move(record);
}

void save_together(const InstanceRef& session, const nb::list& objects, bool ignore_conflicts) {
  PySaveBatch(session, objects).save(ignore_conflicts);
}

}  // namespace

void bind_save(nb::module_& m) {
  m.def("save", &save_one);
  m.def("save_fields", [](nb::handle object, const std::vector<std::string>& fields) {
    PyRecord& r = to_record(object);
    settle(r);
    InstanceRef session = session_of(r);
    Record record = r.record;
    locked(*session, [&] { save_fields(session->open(), record, fields); });
    r.record = std::move(record);
  });
  m.def("save_together", &save_together);
}

}  // namespace lamin::python
