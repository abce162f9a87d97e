// label.cpp -- values against a registry: validate, inspect, standardize, from_values, search, synonyms, ontologies.
#include "label.hpp"
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <functional>
#include "bind.hpp"
#include "frame.hpp"
#include "lake/record/follow_type.hpp"
#include "lamin/search.hpp"
#include "lamin/values.hpp"
#include "record.hpp"
#include "same_instance.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

/// One byte per value, 0 or 1, which numpy uses directly.
nb::bytes validate_values(const InstanceRef& session, const std::string& registry, nb::handle values,
                          const nb::dict& given) {
  const auto texts = to_strings(values);
  const auto options = label_options<LabelOptions>(given);
  std::vector<bool> valid;
  locked(*session, [&] { valid = validate(session->open(), registry, texts, options); });
  const std::string flags(valid.begin(), valid.end());
  return nb::bytes(flags.data(), flags.size());
}

nb::dict inspection_dict(const Inspection& i) {
  nb::dict d, synonyms, suggestions;
  for (const auto& [value, name] : i.synonyms) synonyms[nb::str(value.c_str())] = name;
  for (const auto& [value, found] : i.suggestions) {
    nb::list list;
    for (const auto& s : found) list.append(nb::make_tuple(s.value, s.score, s.via));
    suggestions[nb::str(value.c_str())] = list;
  }
  d["validated"] = from_strings(i.validated);
  d["non_validated"] = from_strings(i.non_validated);
  d["synonyms_mapper"] = synonyms;
  d["suggestions"] = suggestions;
  d["in_source"] = from_strings(i.in_source);
  d["n_values"] = i.n_values;
  d["n_unique"] = i.n_unique;
  d["n_empty"] = i.n_empty;
  d["frac_validated"] = i.frac_validated;
  return d;
}

nb::dict inspect_values(const InstanceRef& session, const std::string& registry, nb::handle values,
                        const nb::dict& given) {
  const auto texts = to_strings(values);
  const auto options = label_options<LabelOptions>(given);
  Inspection result;
  locked(*session, [&] { result = inspect(session->open(), registry, texts, options); });
  return inspection_dict(result);
}

/// (place, names) of the values that change.
nb::list standardize_values(const InstanceRef& session, const std::string& registry, nb::handle values,
                            const nb::dict& given) {
  const auto texts = to_strings(values);
  auto options = label_options<StandardizeOptions>(given);
  if (given.contains("return_field")) options.return_field = text_or_empty(given["return_field"]);
  if (given.contains("synonyms_field")) options.synonyms_field = text_or_empty(given["synonyms_field"]);
  if (given.contains("case_sensitive")) options.case_sensitive = nb::cast<bool>(given["case_sensitive"]);
  if (given.contains("keep")) {
    const std::string keep = text_or_empty(given["keep"]);
    options.keep = keep == "first" ? Keep::first : keep == "last" ? Keep::last : Keep::all;
  }
  std::vector<StandardNames> changes;
  locked(*session, [&] { changes = standard_names(session->open(), registry, texts, options); });
  nb::list out;
  for (const auto& [place, names] : changes) out.append(nb::make_tuple(place, from_strings(names)));
  return out;
}

nb::tuple values_to_records(const InstanceRef& session, const std::string& registry, nb::handle values,
                            const nb::dict& given, bool create) {
  const auto texts = to_strings(values);
  const auto options = label_options<LabelOptions>(given);
  FromValues result;
  locked(*session, [&] { result = from_values(session->open(), registry, texts, options, create); });
  return nb::make_tuple(wrap(std::move(result.records), session), from_strings(result.missing));
}

/// The rows that values name in one instance, as they are in another, where they are made.
nb::list take_labels(const InstanceRef& there, const InstanceRef& here, const std::string& registry, nb::handle values,
                     const nb::dict& given) {
  const auto texts = to_strings(values);
  const auto options = label_options<LabelOptions>(given);
  CarriedRows carried;
  locked(*there,
         [&] { carried = read_rows(there->open(), from_values(there->open(), registry, texts, options).records); });
  std::vector<Record> taken;
  locked(*here, [&] { taken = take_rows(here->open(), carried); });
  return wrap(std::move(taken), here);
}

SearchOptions search_options(const nb::dict& given) {
  SearchOptions options;
  if (given.contains("field") && !given["field"].is_none()) options.fields = to_strings(given["field"]);
  if (given.contains("limit")) options.limit = given["limit"].is_none() ? -1 : nb::cast<std::int64_t>(given["limit"]);
  if (given.contains("case_sensitive")) options.case_sensitive = nb::cast<bool>(given["case_sensitive"]);
  if (given.contains("fuzzy")) options.fuzzy = nb::cast<bool>(given["fuzzy"]);
  if (given.contains("within")) {
    const auto& query = nb::cast<Query&>(given["within"]);
    options.within = query.where;
    options.any_branch = query.any_branch;
  }
  return options;
}

template <class Search>
nb::list found(const InstanceRef& session, const Search& search) {
  std::vector<Record> rows;
  locked(*session, [&] {
    for (auto& one : search()) rows.push_back(std::move(one.record));
  });
  return wrap(std::move(rows), session);
}

nb::list search_registry(const InstanceRef& session, const std::string& registry, const std::string& text,
                         const nb::dict& given) {
  const auto options = search_options(given);
  return found(session, [&] { return search(session->open(), registry, text, options); });
}

nb::list search_registries(const InstanceRef& session, const std::string& text, const nb::dict& given) {
  const auto options = search_options(given);
  return found(session, [&] { return search_all(session->open(), text, options); });
}

/// Fills in a new record, or turns it into the existing row with its name. Returns None for a new one, otherwise the
/// names in `given` that remain to be assigned: non-columns, and references to unsaved records.
nb::object construct(nb::handle object, const InstanceRef& session, const nb::dict& given, bool search_names) {
  PyRecord& r = to_record(object);
  const schema::Table& table = r.record.table();
  std::map<std::string, Value> fields;
  std::optional<Record> type;  // as the caller has it
  nb::list left;
  for (auto [name, value] : given) {
    const schema::Column* column = table.find_column(nb::cast<std::string>(name));
    const PyRecord* reference = as_record(value);
    if (reference != nullptr) check_same_instance(*session, *reference);
    if (reference != nullptr && column != nullptr && column->name == "type" && reference->record.saved() &&
        &reference->record.table() == &table)
      type = reference->record;
    if (!column || (reference && !reference->record.saved())) left.append(name);
    else fields.emplace(column->name.str(), to_value(value, column->type));
  }
  std::optional<Record> made;
  locked(*session, [&] {
    made = make_record(session->open(), table, fields, search_names);
    if (type && !made->saved()) lake::follow_type(session->open(), *made, *type, fields.contains("space"));
  });
  if (made->saved()) {
    replace(r, std::move(*made));
    return left;
  }
  for (const schema::Column& column : table.columns) {
    if (!(*made)[column.position].is_null()) r.record.set(column.position, (*made)[column.position]);
  }
  return nb::none();
}

/// Adds or removes all texts or none.
void synonyms(nb::handle object, nb::handle given, bool add, bool force, bool save) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  settle(r);
  const auto texts = to_strings(given);
  Record record;
  locked(*session, [&] {
    session->database().transaction([&] {
      record = r.record;
      for (const auto& text : texts) {
        if (add) add_synonym(session->open(), record, text, {.force = force, .save = save});
        else remove_synonym(session->open(), record, text);
      }
    });
  });
  r.record = std::move(record);
}

nb::dict import_from(const InstanceRef& session, const std::string& registry, nb::handle from, const nb::dict& given) {
  ImportOptions options;
  if (given.contains("source")) options.source = text_or_empty(given["source"]);
  if (given.contains("version")) options.version = text_or_empty(given["version"]);
  if (given.contains("organism")) options.organism = text_or_empty(given["organism"]);
  if (given.contains("update")) options.update = nb::cast<bool>(given["update"]);
  if (given.contains("strict")) options.strict = nb::cast<bool>(given["strict"]);
  if (given.contains("refuse_known")) options.refuse_known = nb::cast<bool>(given["refuse_known"]);
  if (given.contains("currently_used")) options.currently_used = nb::cast<bool>(given["currently_used"]);
  ImportReport report;
  if (PyUnicode_Check(from.ptr())) {
    const auto path = nb::cast<std::string>(from);
    locked(*session, [&] { report = import_file(session->open(), registry, path, options); });
  } else {
    const Frame frame = to_frame(from);
    locked(*session, [&] { report = import_terms(session->open(), registry, frame, options); });
  }
  return import_dict(std::move(report), session);
}

nb::list hierarchy(nb::handle object, bool below) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  std::vector<Record> rows;
  locked(*session,
         [&] { rows = below ? descendants(session->open(), r.record) : ancestors(session->open(), r.record); });
  return wrap(std::move(rows), session);
}

/// The query with an additional condition: `relation` leads to the term, by name or record, or to anything below it.
Query labelled(const InstanceRef& session, const Query& query, const std::string& relation, nb::handle term) {
  const bool by_name = PyUnicode_Check(term.ptr());
  const std::string name = by_name ? nb::cast<std::string>(term) : std::string();
  const Record record = by_name ? Record() : to_record(term).record;
  Query next = query;
  locked(*session, [&] {
    Instance& instance = session->open();
    const schema::Table& table = instance.catalog().table(query.registry);
    next.where = Expr::all_of({query.where, by_name ? labelled_with_any(instance, table, relation, name)
                                                    : labelled_with_any(instance, table, relation, record)});
  });
  return next;
}

/// Changes what is kept in `_aux`, of which Python may hold a copy.
void change_notes(nb::handle object, const std::function<void(Record&)>& change) {
  PyRecord& r = to_record(object);
  settle(r);
  change(r.record);
  state_of(object).attr("pop")("_aux", nb::none());
}

}  // namespace

void bind_label(nb::module_& m) {
  m.def("validate", &validate_values);
  m.def("inspect", &inspect_values);
  m.def("standard_names", &standardize_values);
  m.def("from_values", &values_to_records);
  m.def("take_labels", &take_labels);
  m.def("search", &search_registry);
  m.def("search_all", &search_registries);
  m.def("construct", &construct);
  m.def("synonyms", &synonyms);
  m.def("set_abbreviation", [](nb::handle object, const std::string& text) {
    PyRecord& r = to_record(object);
    settle(r);
    InstanceRef session = session_of(r);
    locked(*session, [&] { set_abbreviation(session->open(), r.record, text); });
  });
  m.def("emoji", [](nb::handle object) { return emoji(to_record(object).record); });
  m.def("set_emoji", [](nb::handle object, const std::string& sign) {
    change_notes(object, [&](Record& record) { set_emoji(record, sign); });
  });
  m.def("single_space", [](nb::handle object) -> nb::object {
    const auto space = single_space(to_record(object).record);
    if (!space.uid.empty()) return nb::str(space.uid.c_str());
    return nb::bool_(space.of_type);
  });
  m.def("set_single_space", [](nb::handle object, nb::handle space) {
    SingleSpace policy;
    if (const auto* row = as_record(space)) policy = {.any = false, .uid = std::string(row->record.uid())};
    else if (nb::cast<bool>(space)) policy = {.any = false, .of_type = true};
    change_notes(object, [&](Record& record) { set_single_space(record, policy); });
  });
  m.def("lookup_key", [](const std::string& value, const std::string& prefix) { return lookup_key(value, prefix); });
  m.def("import_terms", &import_from);
  m.def("hierarchy", &hierarchy);
  m.def("labelled_with_any", &labelled);
  m.def("organism", [](const InstanceRef& session, const std::string& name) {
    std::optional<Record> row;
    locked(*session, [&] { row = organism(session->open(), name); });
    return wrap(std::move(row), session);
  });
}

}  // namespace lamin::python
