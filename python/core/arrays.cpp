// arrays.cpp -- columns of a query for data frames: (numpy's name of the type, its bytes), or ("O", objects).
//
// Types follow what pandas makes of the values: integers with gaps are floats, a column of nothing holds objects.
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <cmath>
#include <limits>
#include <unordered_map>
#include "bind.hpp"
#include "record.hpp"
#include "registry/path.hpp"
#include "value.hpp"

namespace lamin::python {
namespace {

template <class T, class Get>
nb::tuple numbers(const char* name, const std::vector<Value>& values, const Get& number) {
  std::vector<T> data;
  data.reserve(values.size());
  for (const auto& value : values) data.push_back(number(value));
  // Not bytes: what pandas makes of it without a copy shall be open to change.
  return nb::make_tuple(name,
                        nb::steal(PyByteArray_FromStringAndSize(reinterpret_cast<const char*>(data.data()),
                                                                static_cast<Py_ssize_t>(data.size() * sizeof(T)))));
}

nb::tuple array(const std::vector<Value>& values, Type type) {
  std::size_t nulls = 0;
  for (const auto& value : values) nulls += value.is_null();
  if (type == Type::time)
    return numbers<std::int64_t>("M8[us]", values, [](const Value& v) {
      const auto* time = std::get_if<Time>(&v);
      return time != nullptr ? time->micros : std::numeric_limits<std::int64_t>::min();  // numpy's NaT
    });
  const bool number = type == Type::integer || type == Type::real;
  if (number && nulls < values.size()) {
    if (type == Type::integer && nulls == 0)
      return numbers<std::int64_t>("i8", values, [](const Value& v) { return std::get<std::int64_t>(v); });
    return numbers<double>("f8", values, [](const Value& v) {
      const auto* i = std::get_if<std::int64_t>(&v);
      return v.is_null() ? std::nan("") : i != nullptr ? static_cast<double>(*i) : std::get<double>(v);
    });
  }
  if (type == Type::boolean && nulls == 0 && !values.empty())
    return numbers<std::uint8_t>("?", values, [](const Value& v) { return std::uint8_t{std::get<bool>(v)}; });
  nb::list objects;
  for (const auto& value : values) objects.append(from_value(value, type));
  return nb::make_tuple("O", objects);
}

/// Of a path that several rows may answer to: one set a row, {None} where none does, in the order of these ids.
nb::list sets(const SessionRef& session, const Query& query, const std::string& path,
              const std::vector<std::int64_t>& ids) {
  const std::string paths[] = {"id", path};
  std::vector<std::vector<Value>> values;
  locked(*session, [&] { values = session->database().columns(query, paths); });
  std::unordered_map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < ids.size(); ++i) place.emplace(ids[i], i);
  std::vector<nb::object> of(ids.size());
  Texts texts;
  const auto add = [](nb::object& set, nb::handle value) {
    if (!set.is_valid()) set = nb::steal(PySet_New(nullptr));
    if (PySet_Add(set.ptr(), value.ptr()) != 0) throw nb::python_error();
  };
  for (std::size_t row = 0; row < values[0].size(); ++row) {
    const auto found = place.find(values[0][row].integer_or(0));
    if (found != place.end() && !values[1][row].is_null()) add(of[found->second], texts.from(values[1][row]));
  }
  nb::list out;
  for (auto& set : of) {
    if (!set.is_valid()) add(set, nb::none());
    out.append(std::move(set));
  }
  return out;
}

}  // namespace

void bind_arrays(nb::module_& m) {
  m.def("sets", &sets);
  m.def("arrays", [](const SessionRef& session, const Query& query, const std::vector<std::string>& paths) {
    std::vector<std::vector<Value>> values;
    std::vector<Type> types;
    locked(*session, [&] {
      const auto& table = session->database().catalog().table(query.registry);
      for (const auto& path : paths) types.push_back(registry::follow(table, path).type());
      values = session->database().columns(query, paths);
    });
    nb::list out;
    for (std::size_t i = 0; i < values.size(); ++i) out.append(array(values[i], types[i]));
    return out;
  });
}

}  // namespace lamin::python
