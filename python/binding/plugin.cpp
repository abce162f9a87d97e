// plugin.cpp -- modules declared at run time, and installing them in a database.
#include "lamin/plugin.hpp"
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include "bind.hpp"
#include "modules/modules.hpp"
#include "open_instance.hpp"
#include "plugin.hpp"
#include "schema/json.hpp"
#include "value.hpp"

namespace lamin::python {

std::vector<schema::Module> plugins_of(const std::vector<std::string>& declarations) {
  std::vector<schema::Module> plugins;
  plugins.reserve(declarations.size());
  for (const auto& json : declarations) plugins.push_back(plugin_from_json(json));
  return plugins;
}

namespace {

using Work = MigrationPlan (*)(const InstanceSettings&, std::span<const schema::Module>);

nb::dict migration(Work work, const std::string& slug, const std::vector<std::string>& declarations) {
  MigrationPlan plan;
  {
    nb::gil_scoped_release release;
    plan = work(find_settings(slug), plugins_of(declarations));
  }
  nb::dict d;
  d["notes"] = from_strings(plan.notes);
  d["statements"] = from_strings(plan.statements);
  d["refusals"] = from_strings(plan.refusals);
  d["backup"] = plan.backup.empty() ? nb::none() : nb::object(nb::str(plan.backup.c_str()));
  return d;
}

}  // namespace

void bind_plugin(nb::module_& m) {
  m.def("complete_plugin", [](const std::string& json) { return schema::to_json(plugin_from_json(json)); });
  m.def("is_plugin_file", [](const std::string& name) { return is_plugin_file(name); });
  m.def("builtin_modules", [] {
    nb::list names;
    for (const auto name : modules::builtin_names()) names.append(nb::str(name.data(), name.size()));
    return names;
  });
  m.def("read_plugin", [](const std::string& file) { return schema::to_json(plugin_from_file(file)); });
  m.def("check_plugins", [](const std::vector<std::string>& declarations) { check_plugins(plugins_of(declarations)); });
  m.def("carried_plugins", [](const std::string& slug) { return from_strings(carried_plugins(find_settings(slug))); });
  m.def("plan_migration", [](const std::string& slug, const std::vector<std::string>& declarations) {
    return migration(plan_migration, slug, declarations);
  });
  m.def("apply_migration", [](const std::string& slug, const std::vector<std::string>& declarations) {
    return migration(apply_migration, slug, declarations);
  });
  m.def("module_json", [](const InstanceRef& session, const std::string& name) {
    for (const auto& module : session->tables().modules()) {
      if (module.name == name) return nb::object(nb::str(schema::to_json(module).c_str()));
    }
    return nb::object(nb::none());
  });
  m.def("forget_class", [](const InstanceRef& session, const std::string& qualified) {
    // Records of the old class keep it alive; rows read after this get the new one.
    if (const auto* table = session->tables().find(qualified)) session->classes.erase(table);
  });
}

}  // namespace lamin::python
