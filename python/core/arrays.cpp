// arrays.cpp -- columns of a query for data frames: (numpy's name of the type, its bytes), or ("O", objects).
//
// Types follow what pandas makes of the values: integers with gaps are floats, a column of nothing holds objects.
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <cmath>
#include <limits>
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
  return nb::make_tuple(name, nb::bytes(reinterpret_cast<const char*>(data.data()), data.size() * sizeof(T)));
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

}  // namespace

void bind_arrays(nb::module_& m) {
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
