// feature.cpp -- dtypes, schemas, feature values, labels on artifacts.
#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "lamin/error.hpp"
#include "lamin/values.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

struct PySchemaDraft : OwnDraft {
  SchemaDraft draft;
  void save(Instance& instance, Record& record) const override {
    auto work = draft;
    work.record = std::move(record);
    save_schema(instance, work);
    record = std::move(work.record);
  }
};

nb::dict dtype_dict(const InstanceRef& session, const std::string& text) {
  const Dtype dtype = parse_dtype(session->tables(), text);
  nb::dict d;
  d["base"] = row(dtype.base).name;
  d["list"] = dtype.list;
  nb::list targets;
  for (const auto& t : dtype.targets) {
    nb::dict target;
    target["registry"] = t.registry;
    target["field"] = t.field;
    target["type_uid"] = t.type_uid;
    target["filter"] = t.filter;
    targets.append(target);
  }
  d["targets"] = targets;
  return d;
}

/// Names of the dtypes, each with the class of its values in Python and the dtype of a pandas column.
std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> dtype_table() {
  std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> rows;
  for (const DtypeRow& one : dtype_rows()) rows.emplace_back(one.name, one.python, one.pandas);
  return rows;
}

SchemaOptions schema_options(const nb::dict& given) {
  SchemaOptions o;
  auto text = [&](const char* key, std::string& into) {
    if (given.contains(key)) into = text_or_empty(given[key]);
  };
  auto flag = [&](const char* key, bool& into) {
    if (given.contains(key)) into = nb::cast<bool>(given[key]);
  };
  text("name", o.name);
  text("description", o.description);
  text("itype", o.itype);
  text("otype", o.otype);
  text("suffix", o.suffix);
  text("dtype", o.dtype);
  if (given.contains("members")) o.members = unwrap(given["members"]);
  if (given.contains("optional_members")) o.optional_members = to_strings(given["optional_members"]);
  if (given.contains("index") && !given["index"].is_none()) o.index = to_record(given["index"]).record;
  if (given.contains("slots")) {
    for (auto [slot, schema] : nb::cast<nb::dict>(given["slots"])) {
      o.slots.emplace_back(nb::cast<std::string>(slot), to_record(schema).record);
    }
  }
  if (given.contains("type") && !given["type"].is_none()) o.type = nb::cast<std::int64_t>(given["type"]);
  if (given.contains("flexible") && !given["flexible"].is_none()) o.flexible = nb::cast<bool>(given["flexible"]);
  if (given.contains("coerce") && !given["coerce"].is_none()) o.coerce = nb::cast<bool>(given["coerce"]);
  flag("minimal_set", o.minimal_set);
  flag("maximal_set", o.maximal_set);
  flag("ordered_set", o.ordered_set);
  if (given.contains("n_members") && !given["n_members"].is_none())
    o.n_members = nb::cast<std::int64_t>(given["n_members"]);
  return o;
}

std::unique_ptr<PySchemaDraft> prepare(nb::handle object, const InstanceRef& session, const nb::dict& given) {
  PyRecord& r = to_record(object);
  const SchemaOptions options = schema_options(given);
  auto out = std::make_unique<PySchemaDraft>();
  locked(*session, [&] { out->draft = prepare_schema(session->open(), options); });
  r.record = out->draft.record;
  r.batch = std::make_shared<Batch>(session);
  return out;
}

/// Saves the draft or, without one, a change of the record with its effects.
void save_draft(nb::handle object, PySchemaDraft* held, const std::string& index_names, bool warns) {
  PyRecord& r = to_record(object);
  settle(r);
  InstanceRef session = session_of(r);
  SchemaDraft draft = held != nullptr ? held->draft : SchemaDraft{.existing = true};
  draft.record = r.record;
  locked(*session, [&] { save_schema(session->open(), draft, {.index_names = index_names, .warns = warns}); });
  r.record = std::move(draft.record);
}

/// Applies `change` to a schema with some features.
template <class Change>
void change_members(nb::handle object, nb::handle members, Change&& change) {
  PyRecord& r = to_record(object);
  settle(r);
  InstanceRef session = session_of(r);
  const auto all = unwrap(members);
  Record record = r.record;
  locked(*session, [&] { change(session->open(), record, std::span<const Record>(all)); });
  replace(r, std::move(record));
}

ValueOptions value_options(nb::handle schema, const nb::dict& records) {
  ValueOptions options;
  if (!schema.is_none()) options.schema = to_record(schema).record;
  for (auto [name, several] : records) options.records.emplace(nb::cast<std::string>(name), unwrap(several));
  return options;
}

using WriteValues = void (*)(Instance&, Record&, const FeatureValues&, const ValueOptions&);

/// One of the verbs that write values, with fields of the record that they change.
template <WriteValues write>
void write_values(nb::handle object, const nb::dict& given, nb::handle schema, const nb::dict& records) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  const FeatureValues values = to_feature_values(given);
  const ValueOptions options = value_options(schema, records);
  Record record = r.record;
  locked(*session, [&] { write(session->open(), record, values, options); });
  replace(r, std::move(record));
}

void bind_values_through(nb::module_& m) {
  m.def("values_through", [](nb::handle feature) {
    const auto through = values_through(to_record(feature).record);
    return nb::make_tuple(through.field, through.source);
  });
  m.def("related_feature", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    std::optional<Record> found;
    locked(*session, [&] { found = related_feature(session->open(), r.record); });
    return wrap(std::move(found), session);
  });
  m.def("set_values_through", [](nb::handle object, const std::string& field, const std::string& source) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    Record record = r.record;
    locked(*session, [&] { set_values_through(session->open(), record, {.field = field, .source = source}); });
    replace(r, std::move(record));
  });
  m.def("check_order", [](nb::handle feature) {
    PyRecord& of = to_record(feature);
    InstanceRef session = session_of(of);
    locked(*session, [&] { check_order(session->open(), of.record); });
  });
  m.def("likely_dtype", [](nb::handle value) { return likely_dtype(to_value(value)); }, nb::arg("value").none());
  m.def("likely_list_dtype", [](const nb::list& values) {
    std::vector<Value> all;
    for (nb::handle value : values) all.push_back(to_value(value));
    return likely_dtype(all);
  });
  m.def("list_dtype", [](const std::vector<std::string>& items) { return list_dtype(items); });
  m.def("feature_labels", [](nb::handle host, nb::handle feature) {
    PyRecord& r = to_record(host);
    InstanceRef session = session_of(r);
    std::vector<Record> labels;
    locked(*session, [&] { labels = feature_labels(session->open(), r.record, to_record(feature).record); });
    return wrap(std::move(labels), session);
  });
  m.def("json_value", [](nb::handle feature, nb::handle value) {
    PyRecord& of = to_record(feature);
    InstanceRef session = session_of(of);
    const Value given = to_value(value);
    std::pair<Record, bool> found;
    locked(*session, [&] { found = json_value(session->open(), of.record, given); });
    return nb::make_tuple(wrap(std::optional(std::move(found.first)), session), found.second);
  });
}

/// What a schema says beside its members.
void bind_schema_notes(nb::module_& m) {
  m.def("format_rules",
        [](nb::handle schema, const std::string& format) { return format_rules(to_record(schema).record, format); });
  m.def("set_format_rules", [](nb::handle schema, const std::string& format, const std::string& json) {
    PyRecord& r = to_record(schema);
    Record record = r.record;
    set_format_rules(record, format, json);
    replace(r, std::move(record));
  });
}

/// Throws unless the record can be a row of this type.
void check_row(nb::handle object, nb::handle type, const nb::dict& given) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  const FeatureValues values = to_feature_values(given);
  locked(*session, [&] { check_row_of(session->open(), r.record, to_record(type).record, values); });
}

std::string restricted(const InstanceRef& session, const std::string& dtype, const nb::list& conditions) {
  std::vector<std::pair<std::string, Value>> all;
  for (nb::handle one : conditions) all.emplace_back(nb::cast<std::string>(one[0]), to_value(one[1]));
  return restricted_dtype(session->tables(), dtype, all);
}

nb::dict get_values(nb::handle object, bool external_only) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  FeatureValues values;
  locked(*session, [&] { values = feature_values(session->open(), r.record, external_only); });
  nb::dict out;
  for (const auto& [name, list] : values) {
    nb::list items;
    for (const auto& value : list) items.append(from_value(value));
    out[nb::str(name.c_str())] = items;
  }
  return out;
}

void remove_values(nb::handle object, const nb::dict& given) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  const FeatureValues values = to_feature_values(given);
  locked(*session, [&] { remove_feature_values(session->open(), r.record, values); });
}

void label(nb::handle object, nb::handle labels, std::int64_t feature) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  const std::vector<Record> records = unwrap(labels);
  locked(*session, [&] { add_labels(session->open(), r.record, records, feature); });
}

}  // namespace

FeatureValues to_feature_values(const nb::dict& given) {
  FeatureValues values;
  for (auto [key, list] : given) {
    const auto name = nb::cast<std::string>(key);
    auto& into = values[name];
    for (nb::handle h : list) {
      try {
        into.push_back(to_value(h));
      } catch (const nb::builtin_exception& e) {
        throw Error(Code::validation, fmt::format("feature '{}': {}", name, e.what()));
      } catch (const Error& e) { throw Error(e.code(), fmt::format("feature '{}': ", name) + e.words()); }
    }
  }
  return values;
}

void bind_feature(nb::module_& m) {
  nb::class_<PySchemaDraft>(m, "SchemaDraft")
      .def_prop_ro("existing", [](const PySchemaDraft& d) { return d.draft.existing; })
      .def_prop_ro("remade", [](const PySchemaDraft& d) { return d.draft.remade; })
      .def("_pointer", [](const PySchemaDraft& d) { return pointer_to(d); });
  m.def("parse_dtype", &dtype_dict);
  m.def("dtypes", &dtype_table);
  m.def("dtype_called", [](const std::string& name) -> std::optional<std::string_view> {
    const auto base = base_called(name);
    return base ? std::optional(row(*base).name) : std::nullopt;
  });
  m.def("prepare_schema", &prepare);
  m.def("save_schema", &save_draft, nb::arg("record"), nb::arg("draft").none(), nb::arg("index_names"),
        nb::arg("warns"));
  m.def("schema_roles", [](nb::handle object) {
    PyRecord& r = to_record(object);
    settle(r);
    const auto roles = schema_roles(r.record);
    return nb::make_tuple(roles.optional, roles.index.empty() ? nb::none() : nb::object(nb::str(roles.index.c_str())));
  });
  m.def(
      "set_schema_roles",
      [](nb::handle object, const std::vector<std::string>& optional, nb::handle index) {
        PyRecord& r = to_record(object);
        settle(r);
        Record record = r.record;
        set_schema_roles(record, {.optional = optional, .index = text_or_empty(index)});
        replace(r, std::move(record));
      },
      nb::arg("schema"), nb::arg("optional"), nb::arg("index").none());
  m.def("make_optional", [](nb::handle object, nb::handle members) { change_members(object, members, make_optional); });
  m.def("add_members", [](nb::handle object, nb::handle members, bool optional) {
    change_members(object, members,
                   [&](Instance& i, Record& r, std::span<const Record> all) { add_members(i, r, all, optional); });
  });
  m.def("remove_members",
        [](nb::handle object, nb::handle members) { change_members(object, members, remove_members); });
  m.def("schema_members", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    std::vector<Record> rows;
    locked(*session, [&] { rows = schema_members(session->open(), r.record); });
    return wrap(std::move(rows), session);
  });
  m.def("schema_slots", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    std::vector<std::pair<std::string, Record>> slots;
    locked(*session, [&] { slots = schema_slots(session->open(), r.record); });
    auto batch = std::make_shared<Batch>(session);
    nb::dict out;
    for (auto& [name, record] : slots) out[nb::str(name.c_str())] = wrap(std::move(record), batch);
    return out;
  });
  m.def("labels_of", [](nb::handle object) {
    PyRecord& r = to_record(object);
    InstanceRef session = session_of(r);
    std::vector<HostLabels> all;
    locked(*session, [&] { all = labels_of(session->open(), r.record); });
    nb::list out;
    for (const auto& one : all) out.append(nb::make_tuple(one.registry->qualified.str(), one.feature, one.ids));
    return out;
  });
  m.def("copy_labels", [](nb::handle from, nb::handle to) {
    PyRecord& a = to_record(from);
    PyRecord& b = to_record(to);
    InstanceRef there = session_of(a), here = session_of(b);
    if (there == here) return locked(*here, [&] { copy_labels(here->open(), a.record, b.record); });
    CarriedLabels carried;
    locked(*there, [&] { carried = read_labels(there->open(), a.record); });
    locked(*here, [&] { add_labels(here->open(), b.record, carried); });
  });
  m.def("feature_meant", [](const InstanceRef& session, const std::string& registry, const std::string& name) {
    std::optional<Record> row;
    if (session->instance) {
      locked(*session, [&] { row = feature_meant(session->open(), session->tables().table(registry), name); });
    }
    return wrap(std::move(row), session);
  });
  m.def("check_label", [](nb::handle feature, nb::handle label) {
    PyRecord& of = to_record(feature);
    check_label(session_of(of)->tables(), of.record, to_record(label).record.table());
  });
  m.def("add_feature_values", &write_values<add_feature_values>, nb::arg("host"), nb::arg("values"),
        nb::arg("schema").none(), nb::arg("records") = nb::dict());
  m.def("set_feature_values", &write_values<set_feature_values>, nb::arg("host"), nb::arg("values"),
        nb::arg("schema").none(), nb::arg("records") = nb::dict());
  m.def("update_feature_values", &write_values<update_feature_values>, nb::arg("host"), nb::arg("values"),
        nb::arg("schema").none(), nb::arg("records") = nb::dict());
  m.def("check_row", &check_row);
  m.def("restricted_dtype", &restricted);
  bind_values_through(m);
  bind_schema_notes(m);
  m.def("feature_values", &get_values);
  m.def("remove_feature_values", &remove_values);
  m.def("add_labels", &label);
}

}  // namespace lamin::python
