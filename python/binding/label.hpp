// label.hpp -- options of look-ups as Python passes them, and reports of imports as it gets them.
#pragma once
#include <optional>
#include <utility>
#include "lamin/label.hpp"
#include "lamin/ontology.hpp"
#include "record.hpp"
#include "value.hpp"

namespace lamin::python {

/// Options that Python passes as one dict; a missing key keeps the default.
template <class Options>
Options label_options(const nb::dict& given) {
  Options o;
  auto text = [&](const char* key, std::string& into) {
    if (given.contains(key)) into = text_or_empty(given[key]);
  };
  text("field", o.field);
  text("organism", o.organism);
  text("source", o.source_uid);
  if (given.contains("default_organism")) o.default_organism = nb::cast<bool>(given["default_organism"]);
  if (given.contains("from_source")) o.from_source = nb::cast<bool>(given["from_source"]);
  if (given.contains("strict_source")) o.strict_source = nb::cast<bool>(given["strict_source"]);
  if (given.contains("within")) o.within = nb::cast<Query&>(given["within"]).where;
  return o;
}

inline nb::dict import_dict(ImportReport report, const InstanceRef& session) {
  nb::dict d;
  d["terms"] = report.terms;
  d["created"] = report.created;
  d["updated"] = report.updated;
  d["obsolete"] = report.obsolete;
  d["parents"] = report.parents;
  d["complaints"] = report.n_complaints;
  std::int64_t left_out = 0;
  for (const auto& reason : report.left_out) left_out += reason.count;
  d["left_out"] = left_out;
  d["source"] = report.source ? wrap(std::optional<Record>(std::move(report.source)), session) : nb::none();
  return d;
}

}  // namespace lamin::python
