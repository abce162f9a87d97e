#include "faces/findings.hpp"
#include <boost/json.hpp>
#include "base/json.hpp"

namespace lamin::faces {

std::string json_line(const Finding& finding) {
  boost::json::object line{{"finding", name_of(finding.kind)}, {"uid", finding.uid},   {"key", finding.key},
                           {"place", finding.place},           {"what", finding.what}, {"done", finding.done},
                           {"remains", finding.remains()}};
  line["size"] = finding.size < 0 ? boost::json::value() : boost::json::value(finding.size);
  return base::write_json(line);
}

std::string json_line(const FsckReport& report) {
  const boost::json::object summary{
      {"artifacts", report.artifacts}, {"bytes_read", report.bytes},        {"found", report.found},
      {"repaired", report.repaired},   {"information", report.information}, {"clean", report.clean()}};
  return base::write_json(boost::json::object{{"summary", summary}});
}

}  // namespace lamin::faces
