// instance.cpp -- opening and creating instances; their settings files.
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include "base/hash.hpp"
#include "base/path.hpp"
#include "base/source_file.hpp"
#include "base/uid.hpp"
#include "bind.hpp"
#include "lamin/plugin.hpp"
#include "lamin/settings.hpp"
#include "lamin/user.hpp"
#include "plugin.hpp"
#include "record.hpp"
#include "registry/carried.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

InstanceRef session_with(std::unique_ptr<Instance> instance, nb::object class_of) {
  auto session = std::make_shared<OpenInstance>();
  session->instance = std::move(instance);
  session->class_of = std::move(class_of);
  return session;
}

template <class Work>
InstanceRef opened(nb::object class_of, Work&& work) {
  std::unique_ptr<Instance> instance;
  {
    nb::gil_scoped_release release;
    instance = work();
  }
  return session_with(std::move(instance), std::move(class_of));
}

nb::dict settings_dict(const InstanceSettings& s) {
  nb::dict d;
  auto or_none = [](const std::string& text) {
    return text.empty() || text == "null" ? nb::none() : nb::object(nb::str(text.c_str()));
  };
  d["owner"] = s.owner;
  d["name"] = s.name;
  d["slug"] = s.slug();
  d["storage_root"] = s.storage_root;
  d["storage_region"] = or_none(s.storage_region);
  d["db"] = s.database_url();
  d["modules"] = from_strings(s.modules);
  d["id"] = s.id;
  d["uid"] = s.uid();
  for (const auto& [key, value] : s.others) d[nb::str(key.c_str())] = or_none(value);
  return d;
}

nb::dict user_dict(const UserSettings& u) {
  nb::dict d;
  d["uid"] = u.uid;
  d["handle"] = u.handle;
  d["name"] = u.name.empty() ? nb::none() : nb::object(nb::str(u.name.c_str()));
  d["email"] = u.email.empty() ? nb::none() : nb::object(nb::str(u.email.c_str()));
  return d;
}

InstanceRef init_instance(nb::object class_of, const std::string& storage, const std::string& name,
                          const std::string& db, const std::vector<std::string>& modules,
                          const std::vector<std::string>& plugins) {
  InitOptions options;
  options.storage = storage;
  options.name = name;
  options.db = db;
  options.modules = modules;
  return opened(std::move(class_of), [&] { return init(options, plugins_of(plugins)); });
}

nb::dict stamp_dict(const InstanceRef& session) {
  Session s;
  locked(*session, [&] { s = session->database().session(); });
  nb::dict d;
  d["user"] = s.user;
  d["run"] = s.run;
  d["branch"] = s.branch;
  d["space"] = s.space;
  return d;
}

/// Of the session itself, whatever scope the caller has.
void set_stamp(const InstanceRef& session, const std::string& what, std::int64_t id) {
  nb::gil_scoped_release release;
  std::scoped_lock guard(session->lock);
  Session& s = session->database().session();
  if (what == "run") s.run = id;
  if (what == "branch") s.branch = id;
  if (what == "space") s.space = id;
}

/// (bytes, hash, its kind, number of files); of a file, only `ends` bytes from both ends count, 0 = all.
nb::tuple hash_tuple(const std::string& path, std::int64_t ends) {
  base::FileHash found;
  {
    nb::gil_scoped_release release;
    if (std::filesystem::is_directory(path) || ends == base::ends_size) {
      found = base::hash_path(path);
    } else {
      const auto text = base::small_file(path, std::numeric_limits<std::int64_t>::max());
      const auto size = static_cast<std::int64_t>(text.size());
      base::FileHasher hasher(size, ends == 0 ? size : ends);
      hasher.add(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
      found = hasher.finish();
    }
  }
  return nb::make_tuple(found.size, found.hash, found.type, found.files);
}

void bind_settings(nb::module_& m) {
  m.def("current_settings", [] {
    auto s = current_settings();
    return s ? nb::object(settings_dict(*s)) : nb::none();
  });
  m.def("find_settings", [](const std::string& slug) { return settings_dict(find_settings(slug)); });
  m.def("known_instances", [] { return from_strings(known_instances()); });
  m.def("current_user", [] { return user_dict(current_user()); });
  m.def(
      "login",
      [](const std::string& handle, const std::string& name, const std::string& email) {
        return user_dict(login({.handle = handle, .name = name, .email = email}));
      },
      nb::arg("handle"), nb::arg("name") = "", nb::arg("email") = "");
  m.def("logout", &logout);
  m.def("dev_folder", []() -> std::optional<std::string> {
    const auto found = dev_folder();
    return found ? std::optional(found->folder.string()) : std::nullopt;
  });
  m.def("set_cache_folder", [](const std::string& folder) { set_cache_folder(folder); });
  m.def("settings_folder", [] { return base::settings_folder().string(); });
  m.def("cache_folder", [] { return base::cache_folder().string(); });
  m.def(
      "set_current", [](const std::string& slug, const std::string& here) { set_current(find_settings(slug), here); },
      nb::arg("slug"), nb::arg("here") = "");
  m.def("disconnect", [](const std::string& here) { return disconnect(here); }, nb::arg("here") = "");
  m.def("delete_instance", [](const std::string& slug, bool force) {
    nb::gil_scoped_release release;
    delete_instance(slug, force);
  });
}

}  // namespace

void bind_instance(nb::module_& m) {
  nb::class_<OpenInstance>(m, "OpenInstance")
      .def_prop_ro("is_open", [](const InstanceRef& s) { return s->instance != nullptr; })
      .def_prop_ro("settings", [](const InstanceRef& s) { return settings_dict(s->open().settings()); })
      .def_prop_ro("user", [](const InstanceRef& s) { return user_dict(s->open().user()); })
      .def_prop_ro("read_only", [](const InstanceRef& s) { return s->open().database().read_only(); })
      .def_prop_ro("stamp", &stamp_dict)
      .def("set_stamp", &set_stamp)
      .def_prop_ro("scope", [](const InstanceRef& session) { return session->scope; })
      .def("modules",
           [](const InstanceRef& s) {
             nb::list names;
             for (const auto& module : s->tables().modules()) names.append(module.name.str());
             return names;
           })
      .def("storage",
           [](const InstanceRef& s) {
             std::optional<Record> row;
             locked(*s, [&] { row = s->open().storage(); });
             return wrap(std::move(row), s);
           })
      .def("close", [](const InstanceRef& s) {
        locked(*s, [&] {
          if (!s->instance) return;
          // Records that are still alive point into the catalog, so the instance goes only with the session.
          s->instance->database().session() = {};
        });
      });
  m.def("no_session", [](nb::object class_of, const std::vector<std::string>& plugins) {
    auto session = session_with(nullptr, std::move(class_of));
    session->catalog = registry::catalog_for({}, std::vector<std::string>{"bionty", "pertdb"}, plugins_of(plugins));
    return session;
  });
  m.def("connect", [](nb::object class_of, const std::string& slug) {
    return opened(std::move(class_of), [&] { return connect(slug); });
  });
  m.def("connect_folder", [](nb::object class_of, const std::string& folder, bool replace) {
    return opened(std::move(class_of), [&] { return connect_folder(folder, replace); });
  });
  m.def("connect_current",
        [](nb::object class_of) { return opened(std::move(class_of), [] { return connect_current(); }); });
  m.def("push", [](const InstanceRef& session) {
    bool sent = false;
    locked(*session, [&] { sent = session->instance && session->instance->push(); });
    return sent;
  });
  // Whoever started the program would believe its success, and may throw away the disk with what is only here. Python
  // has no other way to fail so late; everything else that ends with it has ended before.
  m.def("fail_at_exit", [] {
    static_cast<void>(std::atexit([] {
      std::fflush(nullptr);
      std::_Exit(1);
    }));
  });
  m.def("sync", [](const std::string& slug, bool take_over, bool discard) {
    Synced done;
    {
      nb::gil_scoped_release release;
      done = sync(find_settings(slug), {.take_over = take_over, .discard = discard});
    }
    return nb::make_tuple(done.sent, done.kept.string());
  });
  m.def("init", &init_instance);
  bind_settings(m);
  m.def("random_uid", &base::random_uid);
  m.def("derived_uid", &base::derived_uid);
  m.def("suffix_of", &base::suffix_of);
  m.def("check_key", &base::check_key);
  m.def("md5_base64", &base::md5_base64);
  m.def("hash_path", &hash_tuple, nb::arg("path"), nb::arg("ends"));
}

}  // namespace lamin::python
