// each.cpp -- the same work on many artifacts.
#include "lamin/each.hpp"
#include <fmt/format.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <algorithm>
#include <map>
#include "bind.hpp"
#include "lamin/database.hpp"
#include "record.hpp"

namespace lamin::python {
namespace {

using Options = std::map<std::string, std::string>;

EachOptions options_of(const Options& given, std::size_t threads) {
  EachOptions options{.threads = threads};
  if (given.contains("to")) options.to = given.at("to");
  if (given.contains("table")) options.table = given.at("table");
  return options;
}

/// In the order of the uids; one that no artifact has any more fails.
std::vector<EachOutcome> outcomes_of(Instance& instance, const std::vector<std::string>& uids, EachWork work,
                                     const EachOptions& options) {
  const auto& table = instance.catalog().table("Artifact");
  std::vector<Record> artifacts;
  std::vector<EachOutcome> gone;
  for (const auto& uid : uids) {
    if (auto found = instance.database().find(table, uid)) artifacts.push_back(std::move(*found));
    else gone.push_back({.uid = uid, .error = Error(Code::not_found, "the artifact '" + uid + "' was deleted")});
  }
  auto outcomes = each(instance, artifacts, work, options);
  outcomes.insert(outcomes.end(), gone.begin(), gone.end());
  return outcomes;
}

/// As a Python user reads it: "CorruptData: the content of ...".
std::string said(const Error& error) {
  const auto name = error.python().empty() ? row(error.code()).python : error.python();
  return fmt::format("{}: {}", name, error.words().in(Face::python));
}

nb::list done(const InstanceRef& session, const std::vector<std::string>& uids, const std::string& work,
              const Options& given, std::size_t threads) {
  std::vector<EachOutcome> outcomes;
  locked(*session,
         [&] { outcomes = outcomes_of(session->open(), uids, each_work_called(work), options_of(given, threads)); });
  nb::list out;
  for (const auto& one : outcomes) out.append(nb::make_tuple(one.uid, one.value, one.error ? said(*one.error) : ""));
  return out;
}

nb::tuple executor(const std::string& text) {
  const auto found = executor_called(text);
  switch (found.kind) {
    case Executor::Kind::dask: return nb::make_tuple("dask", found.address);
    case Executor::Kind::ray: return nb::make_tuple("ray", found.address);
    default: break;
  }
  return nb::make_tuple("local", found.workers == 0 ? std::string() : std::to_string(found.workers));
}

}  // namespace

void bind_each(nb::module_& m) {
  m.def("each", &done);
  m.def("executor_called", &executor);
}

}  // namespace lamin::python
