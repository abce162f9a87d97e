// schemes.cpp -- places of schemes that are not built in, read by a Python object: lamindb._process.schemes.
#include "lamin/schemes.hpp"
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <algorithm>
#include <cstring>
#include <tuple>
#include <type_traits>
#include "bind.hpp"
#include "lamin/error.hpp"

namespace lamin::python {
namespace {

/// What an exception of a file system means. Must be called with the interpreter's lock.
Error error_of(const nb::python_error& failed, const std::string& what) {
  const auto code = failed.matches(PyExc_FileNotFoundError)     ? Code::not_found
                    : failed.matches(PyExc_IsADirectoryError)   ? Code::invalid_argument
                    : failed.matches(PyExc_PermissionError)     ? Code::no_access
                    : failed.matches(PyExc_ImportError)         ? Code::unsupported
                    : failed.matches(PyExc_NotImplementedError) ? Code::unsupported
                    : failed.matches(PyExc_KeyboardInterrupt)   ? Code::interrupted
                                                                : Code::unavailable;
  const auto kind = nb::cast<std::string>(failed.type().attr("__name__"));
  const auto text = nb::cast<std::string>(nb::str(failed.value()));
  if (code == Code::unsupported && failed.matches(PyExc_ImportError)) return {code, text};
  return {code, what + ": " + (text.empty() ? kind : text)};
}

class PythonStore : public ForeignStore {
 public:
  PythonStore(nb::object store, std::string place) : store_(std::move(store)), place_(std::move(place)) {}
  PythonStore(const PythonStore&) = delete;
  PythonStore& operator=(const PythonStore&) = delete;
  ~PythonStore() override {
    if (Py_IsInitialized() == 0) {
      static_cast<void>(store_.release());
      return;
    }
    const nb::gil_scoped_acquire lock;
    store_.reset();
  }

  std::optional<ForeignFile> stat(const std::string& key) override {
    return asked("look at", key, [&]() -> std::optional<ForeignFile> {
      const nb::object found = store_.attr("stat")(key);
      if (found.is_none()) return std::nullopt;
      return file_of(found);
    });
  }
  bool is_folder(const std::string& key) override {
    return asked("look at", key, [&] { return nb::cast<bool>(store_.attr("is_folder")(key)); });
  }
  std::vector<ForeignFile> list(const std::string& folder) override {
    return asked("list", folder, [&] {
      std::vector<ForeignFile> files;
      for (const nb::handle found : store_.attr("list")(folder)) files.push_back(file_of(found));
      return files;
    });
  }
  std::size_t read(const std::string& key, std::int64_t offset, std::span<std::uint8_t> into) override {
    return asked("read", key, [&] {
      const auto bytes = nb::cast<nb::bytes>(store_.attr("read")(key, offset, into.size()));
      const auto count = std::min(bytes.size(), into.size());
      std::memcpy(into.data(), bytes.c_str(), count);
      return count;
    });
  }

 private:
  static ForeignFile file_of(nb::handle found) {
    const auto [key, size, stamp, hash, kind] =
        nb::cast<std::tuple<std::string, std::int64_t, std::string, std::string, std::string>>(found);
    return {key, size, stamp, hash, kind};
  }
  template <class Work>
  std::invoke_result_t<const Work&> asked(const char* what, const std::string& key, const Work& work) {
    const nb::gil_scoped_acquire lock;
    try {
      return work();
    } catch (const nb::python_error& failed) {
      throw error_of(failed, std::string("Cannot ") + what + " '" + place_ + "/" + key + "'");
    }
  }

  nb::object store_;
  std::string place_;
};

void read_with(nb::object knows, nb::object open) {
  // The functions live as long as the process: they may be asked by threads that end after the interpreter.
  auto* kept_knows = knows.release().ptr();
  auto* kept_open = open.release().ptr();
  ForeignSchemes schemes;
  schemes.knows = [kept_knows](std::string_view scheme) {
    const nb::gil_scoped_acquire lock;
    try {
      return nb::cast<bool>(nb::handle(kept_knows)(nb::str(scheme.data(), scheme.size())));
    } catch (const nb::python_error& failed) { throw error_of(failed, "Cannot ask fsspec what it knows"); }
  };
  schemes.open = [kept_open](const Uri& uri) -> std::unique_ptr<ForeignStore> {
    const nb::gil_scoped_acquire lock;
    const auto place = uri.scheme + "://" + uri.place;
    try {
      return std::make_unique<PythonStore>(nb::handle(kept_open)(uri.scheme, uri.place), place);
    } catch (const nb::python_error& failed) { throw error_of(failed, "Cannot open '" + place + "'"); }
  };
  read_schemes_with(std::move(schemes));
}

}  // namespace

void bind_schemes(nb::module_& m) { m.def("read_schemes_with", &read_with); }

}  // namespace lamin::python
