// curate.cpp -- a curator: slots of a dataset against a schema.
#include "lamin/curate.hpp"
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/unique_ptr.h>
#include <memory>
#include "base/suffixes.hpp"
#include "bind.hpp"
#include "format/formats.hpp"
#include "frame.hpp"
#include "lake/artifact/foreign_file.hpp"
#include "lamin/artifact.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

struct PyCurator {
  InstanceRef session;
  Curator curator;
};

std::vector<Slot> to_slots(const nb::dict& frames) {
  std::vector<Slot> slots;
  for (auto [name, frame] : frames) slots.push_back({nb::cast<std::string>(name), to_frame(frame)});
  return slots;
}

nb::dict slot_dict(const std::vector<Slot>& slots) {
  nb::dict out;
  for (const auto& slot : slots) out[nb::str(slot.name.c_str())] = nb::cast(slot.frame);
  return out;
}

void make_curator(PyCurator* self, const InstanceRef& session, nb::handle schema, const nb::dict& frames,
                  std::size_t most_linked, nb::handle members, bool is_dictionary, const std::string& slot) {
  std::vector<Slot> slots = to_slots(frames);
  Record record = to_record(schema).record;
  CurateOptions options{.most_linked = most_linked, .is_dictionary = is_dictionary, .slot = slot};
  if (!members.is_none()) options.members = unwrap(members);
  std::optional<Curator> made;
  locked(*session, [&] { made.emplace(session->open(), std::move(record), std::move(slots), options); });
  new (self) PyCurator{session, std::move(*made)};
}

/// A curator for a dataset in a file, which is read in place.
std::unique_ptr<PyCurator> curator_of_file(const InstanceRef& session, nb::handle schema,
                                           const std::filesystem::path& path, std::size_t most_linked) {
  Record record = to_record(schema).record;
  std::optional<Curator> made;
  locked(*session, [&] {
    made.emplace(session->open(), std::move(record), read_slots(path), CurateOptions{.most_linked = most_linked});
  });
  return std::make_unique<PyCurator>(session, std::move(*made));
}

nb::dict problem_dict(const Problem& p) {
  nb::dict d, synonyms, suggestions;
  d["slot"] = p.slot;
  d["column"] = p.column;
  d["rule"] = p.rule;
  d["message"] = p.message.in(Face::python);
  d["non_validated"] = from_strings(p.inspection.non_validated);
  for (const auto& [value, name] : p.inspection.synonyms) synonyms[nb::str(value.c_str())] = name;
  for (const auto& [value, found] : p.inspection.suggestions) {
    nb::list names;
    for (const auto& s : found) names.append(s.value);
    suggestions[nb::str(value.c_str())] = names;
  }
  d["synonyms_mapper"] = synonyms;
  d["suggestions"] = suggestions;
  return d;
}

nb::list check(PyCurator& c) {
  const std::vector<Problem>* problems = nullptr;
  locked(*c.session, [&] { problems = &c.curator.check(); });
  nb::list out;
  for (const auto& p : *problems) out.append(problem_dict(p));
  return out;
}

/// (column, dtype, feature's name, is index, is required, is nullable, is coerced) of each column that is checked.
nb::list columns(PyCurator& c, const std::string& slot) {
  std::vector<CheckedColumn> found;
  locked(*c.session, [&] { found = c.curator.columns(slot); });
  nb::list out;
  for (const auto& one : found) {
    out.append(nb::make_tuple(one.column, one.feature.text("_dtype_str"), one.feature.text("name"), one.is_index,
                              one.required, one.feature.at("nullable").boolean_or(true), one.coerced));
  }
  return out;
}

nb::dict standardize_column(PyCurator& c, const std::string& slot, const std::string& column) {
  std::map<std::string, std::string> changed;
  locked(*c.session, [&] { changed = c.curator.standardize(slot, column); });
  nb::dict out;
  for (const auto& [from, to] : changed) out[nb::str(from.c_str())] = to;
  return out;
}

/// The schema in another instance, which gets what the dataset names.
nb::object schema_here(PyCurator& c, const InstanceRef& here) {
  CarriedRows carried;
  locked(*c.session, [&] { carried = c.curator.carried(); });
  std::vector<Record> taken;
  locked(*here, [&] { taken = take_rows(here->open(), carried); });
  return wrap(std::optional<Record>(std::move(taken.at(0))), here);
}

}  // namespace

void bind_curate(nb::module_& m) {
  nb::class_<PyCurator>(m, "Curator")
      .def("__init__", &make_curator, nb::arg("session"), nb::arg("schema"), nb::arg("frames"),
           nb::arg("most_linked") = CurateOptions().most_linked, nb::arg("members") = nb::none(),
           nb::arg("is_dictionary") = false, nb::arg("slot") = "")
      .def("check", &check)
      .def("validate", [](PyCurator& c) { locked(*c.session, [&] { c.curator.validate(); }); })
      .def("standardize", &standardize_column)
      .def("fill_in",
           [](PyCurator& c, const std::string& slot) {
             std::vector<Filled> filled;
             locked(*c.session, [&] { filled = c.curator.fill_in(slot); });
             nb::list out;
             for (const auto& one : filled) out.append(nb::make_tuple(one.column, from_value(one.value), one.added));
             return out;
           })
      .def("coerced",
           [](const PyCurator& c) {
             nb::list out;
             for (const auto& [slot, column, base] : c.curator.coerced()) {
               out.append(nb::make_tuple(slot, column, row(base).name));
             }
             return out;
           })
      .def("replace",
           [](PyCurator& c, const std::string& slot, const std::string& column, const std::string& from,
              const std::string& to) { locked(*c.session, [&] { c.curator.replace(slot, column, from, to); }); })
      .def("add_new",
           [](PyCurator& c, const std::string& slot, const std::string& column, const nb::dict& fields) {
             std::map<std::string, Value> values;
             for (auto [field, value] : fields) values.emplace(nb::cast<std::string>(field), to_value(value));
             return locked(*c.session, [&] { return c.curator.add_new(slot, column, values); });
           })
      .def("columns", &columns)
      .def("schema_here", &schema_here)
      .def("write", [](PyCurator& c, const std::filesystem::path& from,
                       const std::filesystem::path& to) { locked(*c.session, [&] { c.curator.write(from, to); }); })
      .def("_pointer", [](PyCurator& c) { return nb::capsule(&c.curator, "curator"); })
      .def_prop_ro("n_rows", [](const PyCurator& c) { return c.curator.slots().front().frame.rows(); })
      .def("slots", [](PyCurator& c) { return slot_dict(c.curator.slots()); });
  m.def("content_type", [](nb::handle schema, const std::filesystem::path& file, const std::string& otype) {
    PyRecord& r = to_record(schema);
    InstanceRef session = session_of(r);
    std::optional<std::string> found;
    locked(*session, [&] { found = content_type(session->open(), r.record, file, otype); });
    return found;
  });
  m.def("curator_of_file", &curator_of_file, nb::arg("session"), nb::arg("schema"), nb::arg("path"),
        nb::arg("most_linked") = CurateOptions().most_linked);
  m.def("read_slots", [](const std::filesystem::path& path) {
    std::vector<Slot> slots;
    {
      nb::gil_scoped_release release;
      slots = read_slots(path);
    }
    return slot_dict(slots);
  });
  // The row of the table of formats, by suffix; empty if there is none.
  m.def("format_of", [](const std::string& suffix) {
    nb::dict d;
    const auto* format = format::format_of(std::string_view(suffix));
    if (format == nullptr) return d;
    d["name"] = format->name;
    d["otype"] = format->otype;
    if (!format->dataset.empty()) d["dataset"] = format->dataset;
    return d;
  });
  // "hdf5", "zarr" or "soma"; None for what is not opened as arrays. Refuses a mode that it does not have.
  m.def("opening_of",
        [](const std::string& suffix, const std::string& name, const std::string& mode, bool overwrites_versions) {
          const auto opens = format::opening_of(suffix, name);
          format::check_open_mode(opens, suffix, mode, overwrites_versions);
          return opens.empty() ? nb::none() : nb::object(nb::str(opens.data(), opens.size()));
        });
  m.def("suffix_formats", [] {
    const auto formats = base::suffix_formats();
    const auto texts = [](std::span<const std::string_view> all) {
      nb::list list;
      for (const auto text : all) list.append(nb::str(text.data(), text.size()));
      return list;
    };
    nb::dict d;
    d["simple"] = texts(formats.simple);
    d["composite"] = texts(formats.composite);
    d["encodings"] = texts(formats.encodings);
    return d;
  });
  // What a file or folder holds, by its suffix and content; "" if that is not known.
  m.def("otype_of", [](const std::filesystem::path& path) {
    const auto* format = format::format_of(path);
    if (format == nullptr) return std::string();
    return std::string(format->look == nullptr ? format->otype : format->look(path));
  });
  m.def("datasets", [] { return format::suffixes_that([](const auto& f) { return !f.dataset.empty(); }); });
  m.def("check_foreign_file", [](const std::filesystem::path& path) {
    const nb::gil_scoped_release release;
    lake::check_foreign_file(path);
  });
  m.def("shape_of", [](const std::filesystem::path& path) {
    std::pair<std::int64_t, std::int64_t> shape;
    {
      nb::gil_scoped_release release;
      shape = shape_of(path);
    }
    return nb::make_tuple(shape.first, shape.second);
  });
}

}  // namespace lamin::python
