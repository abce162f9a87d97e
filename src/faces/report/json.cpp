// json.cpp -- a report for programs. Keys stay; new ones may come.
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/time.hpp"
#include "faces/report/report.hpp"

namespace lamin::faces {
namespace {

namespace js = boost::json;

js::value known(std::int64_t n) { return n < 0 ? js::value() : js::value(n); }

js::object of(const BadValue& value) {
  js::array candidates;
  for (const auto& one : value.candidates) {
    candidates.push_back(
        {{"value", one.value}, {"why", std::string(name_of(one.why))}, {"via", one.via}, {"score", one.score}});
  }
  return {{"value", value.value},
          {"count", value.count},
          {"row", known(value.row)},
          {"fix", value.certain() ? js::value(value.candidates.front().value) : js::value()},
          {"candidates", std::move(candidates)}};
}

js::object of(const ReportProblem& problem, Face face) {
  js::array values;
  for (const auto& one : problem.values) values.push_back(of(one));
  return {{"slot", problem.slot}, {"column", problem.column},
          {"rule", problem.rule}, {"message", problem.message.in(face)},
          {"rows", problem.rows}, {"values", std::move(values)}};
}

js::object of(const ReportColumn& column) {
  return {{"slot", column.slot},   {"column", column.column},   {"dtype", column.dtype},
          {"rows", column.rows},   {"missing", column.missing}, {"distinct", known(column.distinct)},
          {"found", column.found}, {"valid", column.valid}};
}

js::object of(const FileReport& file, Face face) {
  js::array columns, problems, notes, mended;
  for (const auto& one : file.columns) columns.push_back(of(one));
  for (const auto& one : file.problems) problems.push_back(of(one, face));
  for (const auto& one : file.notes) notes.emplace_back(one.in(face));
  for (const auto& one : file.mended) {
    mended.push_back(
        {{"slot", one.slot}, {"column", one.column}, {"from", one.from}, {"to", one.to}, {"count", one.count}});
  }
  return {{"path", file.path},
          {"otype", file.otype},
          {"n_observations", known(file.n_obs)},
          {"n_variables", known(file.n_vars)},
          {"bytes", file.bytes},
          {"bytes_read", file.bytes_read},
          {"seconds", file.seconds},
          {"valid", file.problems.empty()},
          {"columns", std::move(columns)},
          {"problems", std::move(problems)},
          {"notes", std::move(notes)},
          {"mended", std::move(mended)},
          {"written", file.written.empty() ? js::value() : js::value(file.written)}};
}

}  // namespace

std::string report_json(const CurationReport& report, Face face) {
  js::array files;
  for (const auto& file : report.files) files.push_back(of(file, face));
  const js::object whole{{"schema", report.schema},
                         {"schema_uid", report.schema_uid},
                         {"instance", report.instance},
                         {"version", report.version},
                         {"made_at", base::iso(report.made_at)},
                         {"valid", report.valid()},
                         {"n_problems", report.n_problems()},
                         {"files", std::move(files)}};
  return base::write_json(whole);
}

}  // namespace lamin::faces
