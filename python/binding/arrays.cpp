// arrays.cpp -- columns of a query for data frames: (numpy's name of the type, its bytes), or ("O", objects).
//
// Types are those that pandas infers: integers with gaps are floats, a column without values holds objects.
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include "bind.hpp"
#include "lake/feature/links.hpp"
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
  // Not bytes: pandas uses the buffer without a copy, and it must be writable.
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

/// One set per host; {None} for a host without values.
class Sets {
 public:
  explicit Sets(std::size_t hosts) : of_(hosts) {}
  void add(std::size_t host, nb::handle value) {
    nb::object& set = of_[host];
    if (!set.is_valid()) set = nb::steal(PySet_New(nullptr));
    if (PySet_Add(set.ptr(), value.ptr()) != 0) throw nb::python_error();
  }
  nb::list take() {
    nb::list out;
    for (std::size_t i = 0; i < of_.size(); ++i) {
      if (!of_[i].is_valid()) add(i, nb::none());
      out.append(std::move(of_[i]));
    }
    return out;
  }

 private:
  std::vector<nb::object> of_;
};

/// Rows of a registry, for data frame columns that are stored in other tables.
class Hosts {
 public:
  Hosts(InstanceRef session, const std::string& registry, std::vector<std::int64_t> ids)
      : session_(std::move(session)),
        table_(session_->tables().table(registry)),
        ids_(std::move(ids)),
        pairs_(session_->database(), ids_) {}

  /// Values of a path that may lead to several rows, for the rows of this query.
  nb::list sets(const Query& query, const std::string& path) {
    const auto way = registry::follow(table_, path);
    const bool names = way.relations.size() == 1 && way.keys.empty() && way.part == registry::Part::whole &&
                       way.relations[0]->shape == schema::Relation::Shape::many_to_many;
    return names ? sets_of_pairs(way) : sets_by_query(query, path);
  }

  /// {feature: by host None, its value, or a tuple of its several values}.
  nb::dict feature_values() {
    FeatureColumns columns;
    locked(*session_, [&] { columns = lake::feature_columns(session_->open(), table_, pairs_); });
    nb::dict out;
    for (const auto& [name, column] : columns) out[nb::str(name.c_str())] = cells(column);
    return out;
  }

 private:
  nb::list sets_of_pairs(const registry::Path& way) {
    const lake::Pairs* pairs = nullptr;
    std::vector<std::vector<Value>> found;
    locked(*session_, [&] {
      pairs = &pairs_.all(*way.relations[0]);
      const auto ids = pairs->distinct();
      const std::string paths[] = {"id", way.column->name.str()};
      found = session_->database().columns(
          {.registry = way.table->table.str(), .where = Expr::in("id", {ids.begin(), ids.end()}), .any_branch = true},
          paths);
    });
    std::unordered_map<std::int64_t, nb::object> values;
    Texts texts;
    for (std::size_t i = 0; i < found[0].size(); ++i)
      if (!found[1][i].is_null()) values.emplace(found[0][i].integer_or(0), texts.from(found[1][i]));
    Sets sets(ids_.size());
    for (std::size_t i = 0; i < pairs->to.size(); ++i)
      if (const auto value = values.find(pairs->to[i]); value != values.end()) sets.add(pairs->host[i], value->second);
    return sets.take();
  }

  nb::list sets_by_query(const Query& query, const std::string& path) {
    const std::string paths[] = {"id", path};
    std::vector<std::vector<Value>> values;
    locked(*session_, [&] { values = session_->database().columns(query, paths); });
    std::unordered_map<std::int64_t, std::size_t> place;
    for (std::size_t i = 0; i < ids_.size(); ++i) place.emplace(ids_[i], i);
    Sets sets(ids_.size());
    Texts texts;
    for (std::size_t row = 0; row < values[0].size(); ++row) {
      const auto found = place.find(values[0][row].integer_or(0));
      if (found != place.end() && !values[1][row].is_null()) sets.add(found->second, texts.from(values[1][row]));
    }
    return sets.take();
  }

  nb::list cells(const FeatureColumn& column) const {
    Texts texts;
    std::vector<nb::object> values;
    for (const auto& value : column.values) values.push_back(texts.from(value));
    std::vector<std::size_t> first(ids_.size(), none);
    std::map<std::size_t, nb::list> several;
    for (const auto& [host, value] : column.cells) {
      if (first[host] == none) {
        first[host] = value;
        continue;
      }
      auto [list, is_new] = several.try_emplace(host);
      if (is_new) list->second.append(values[first[host]]);
      list->second.append(values[value]);
    }
    for (const auto host : column.empty)
      if (first[host] == none) several.try_emplace(host);
    auto out = nb::steal<nb::list>(PyList_New(static_cast<Py_ssize_t>(ids_.size())));
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      nb::object item = first[i] == none ? nb::none() : nb::object(values[first[i]]);
      if (const auto list = several.find(i); list != several.end()) item = nb::tuple(list->second);
      PyList_SET_ITEM(out.ptr(), static_cast<Py_ssize_t>(i), item.release().ptr());
    }
    return out;
  }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  InstanceRef session_;
  const schema::Table& table_;
  std::vector<std::int64_t> ids_;
  lake::PairsOf pairs_;
};

}  // namespace

void bind_arrays(nb::module_& m) {
  nb::class_<Hosts>(m, "Hosts")
      .def(nb::init<InstanceRef, const std::string&, std::vector<std::int64_t>>())
      .def("sets", &Hosts::sets)
      .def("feature_values", &Hosts::feature_values);
  m.def("arrays", [](const InstanceRef& session, const Query& query, const std::vector<std::string>& paths) {
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
