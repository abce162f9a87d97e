// tables.cpp -- tables for SQL engines: of many files at once, and of registries. Frames cross by Arrow's capsules.
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <filesystem>
#include "base/threads.hpp"
#include "bind.hpp"
#include "faces/entity.hpp"
#include "format/table_read.hpp"
#include "frame.hpp"
#include "lamin/error.hpp"
#include "lamin/export.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

using Paths = std::vector<std::filesystem::path>;

/// (rows, their columns without rows), of each file.
std::vector<std::pair<std::int64_t, Frame>> layouts(const Paths& paths, const std::string& slot) {
  const nb::gil_scoped_release release;
  std::vector<std::pair<std::int64_t, Frame>> out(paths.size());
  base::in_parallel(paths.size(), [&](std::size_t i) {
    auto layout = format::table_layout(paths[i], slot);
    out[i] = {layout.rows, std::move(layout.columns)};
  });
  return out;
}

/// Of each file those columns that are named for it.
std::vector<Frame> tables(const Paths& paths, const std::string& slot,
                          const std::vector<std::vector<std::string>>& columns) {
  const nb::gil_scoped_release release;
  std::vector<Frame> out(paths.size());
  base::in_parallel(paths.size(), [&](std::size_t i) {
    if (!columns.at(i).empty()) out[i] = format::read_table(paths[i], slot, columns[i]);
  });
  return out;
}

/// (table, rows, files) of each.
nb::list exported(const InstanceRef& session, const std::filesystem::path& folder, const std::string& to,
                  const std::vector<std::string>& modules) {
  std::vector<ExportedTable> tables;
  locked(*session, [&] {
    tables = export_registries(session->open(), {.folder = folder, .to = export_called(to), .modules = modules});
  });
  nb::list out;
  for (const auto& table : tables) out.append(nb::make_tuple(table.name, table.rows, table.files));
  return out;
}

/// (table, rows, written, deleted) of each.
nb::list imported(const InstanceRef& session, const std::filesystem::path& folder, const std::string& if_exists,
                  const std::vector<std::string>& modules) {
  std::vector<ImportedTable> tables;
  locked(*session, [&] {
    tables = import_registries(session->open(),
                               {.folder = folder, .if_exists = if_exists_called(if_exists), .modules = modules});
  });
  nb::list out;
  for (const auto& table : tables) out.append(nb::make_tuple(table.name, table.rows, table.written, table.deleted));
  return out;
}

}  // namespace

void bind_tables(nb::module_& m) {
  m.def("export_registries", &exported);
  m.def("import_registries", &imported);
  m.def("table_layouts", &layouts);
  m.def("read_tables", &tables);
  m.def("registry_frame", [](const InstanceRef& session, const Query& query, const std::vector<std::string>& paths) {
    Frame frame;
    locked(*session, [&] { frame = registry_frame(session->open(), query, paths); });
    return frame;
  });
  // What the shell calls a registry ("artifacts", "cell_type"), or its table in the database; None if there is none.
  m.def("registry_called", [](const InstanceRef& session, const std::string& name) -> std::optional<std::string> {
    try {
      return faces::entity(session->database().catalog(), name).qualified.str();
    } catch (const Error& error) {
      if (error.code() != Code::not_found) throw;
      return std::nullopt;
    }
  });
  m.def("feature_frame",
        [](const InstanceRef& session, const std::string& registry, const std::vector<std::int64_t>& hosts) {
          Frame frame;
          locked(*session,
                 [&] { frame = feature_frame(session->open(), session->database().catalog().table(registry), hosts); });
          return frame;
        });
}

}  // namespace lamin::python
