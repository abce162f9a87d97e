// describe.cpp -- records as text and as HTML.
#include "lamin/describe.hpp"
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <algorithm>
#include <charconv>
#include "bind.hpp"
#include "faces/columns.hpp"
#include "lamin/artifact.hpp"
#include "lamin/error.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

/// "text", "colours" or "html"; of text, "text 80" says how wide.
std::string printed(const Node& node, std::string_view form) {
  if (form == "html") return to_html(node);
  const auto blank = std::min(form.find(' '), form.size());
  std::size_t width = 0;
  if (blank < form.size()) std::from_chars(form.data() + blank + 1, form.data() + form.size(), width);
  return to_text(node, form.substr(0, blank) == "colours", width);
}

template <class Describe>
std::string described(nb::handle object, std::string_view form, Describe&& describe) {
  PyRecord& r = to_record(object);
  InstanceRef session = session_of(r);
  std::string text;
  locked(*session, [&] { text = printed(describe(session->open(), r.record), form); });
  return text;
}

/// The columns that a list shows, of records of one registry.
std::string records_html(const std::string& title, const nb::list& records, bool cut) {
  Node node{.title = title, .cut = cut};
  for (nb::handle object : records) {
    const Record& record = to_record(object).record;
    const auto shown = faces::shown_columns(record.table());
    if (node.header.empty()) {
      for (const int position : shown) {
        node.header.push_back(record.table().columns[static_cast<std::size_t>(position)].name.str());
      }
    }
    auto& row = node.rows.emplace_back();
    for (const int position : shown) row.push_back(faces::display(record[position]));
  }
  return to_html(node);
}

}  // namespace

void bind_describe(nb::module_& m) {
  m.def(
      "describe",
      [](nb::handle object, std::string_view form, bool comments, bool hidden,
         std::optional<std::size_t> most_features) {
        DescribeOptions options{.comments = comments, .hidden = hidden};
        options.most_features = most_features.value_or(options.most_features);
        return described(object, form, [&](Instance& i, const Record& r) { return describe_tree(i, r, options); });
      },
      nb::arg("record"), nb::arg("form") = "text", nb::arg("comments") = false, nb::arg("hidden") = false,
      nb::arg("most_features") = nb::none());
  m.def("describe_hierarchy", [](nb::handle object, std::string_view form, const std::string& field, bool parents,
                                 bool children, int distance) {
    const HierarchyOptions options{.field = field, .parents = parents, .children = children, .distance = distance};
    return described(object, form, [&](Instance& i, const Record& r) { return hierarchy_tree(i, r, options); });
  });
  m.def(
      "describe_features",
      [](nb::handle object, std::string_view form) { return described(object, form, describe_features); },
      nb::arg("record"), nb::arg("form") = "text");
  m.def(
      "describe_labels",
      [](nb::handle object, std::string_view form) { return described(object, form, describe_labels); },
      nb::arg("record"), nb::arg("form") = "text");
  m.def("preview", [](const std::filesystem::path& path, std::string_view form, std::size_t rows) {
    Preview seen;
    {
      const nb::gil_scoped_release release;
      seen = preview(path, {.rows = rows});
    }
    return printed(preview_node(seen), form);
  });
  // An artifact's own fields, and a first look at its content if it is on this machine, whatever is wrong with that.
  m.def("artifact_html", [](nb::handle object) {
    PyRecord& r = to_record(object);
    Node node = record_node(r.record);
    InstanceRef session = session_of(r);
    locked(*session, [&] {
      try {
        if (location(session->open(), r.record).first.find("://") != std::string::npos) return;
        node.children.push_back(preview_node(preview(session->open(), r.record)));
      } catch (const Error& error) { node.children.push_back({.title = "no preview", .description = error.what()}); }
    });
    return to_html(node);
  });
  m.def("record_html", [](nb::handle object) { return to_html(record_node(to_record(object).record)); });
  m.def("records_html", &records_html);
  // What has no record behind it, such as the result of an inspection: a title, fields and a table.
  m.def("html", [](std::string title, std::vector<std::pair<std::string, std::string>> fields,
                   std::vector<std::string> header, std::vector<std::vector<std::string>> rows) {
    return to_html(
        {.title = std::move(title), .fields = std::move(fields), .header = std::move(header), .rows = std::move(rows)});
  });
}

}  // namespace lamin::python
