// report.hpp -- a curation report for people and programs: the same facts as lines for a terminal, as JSON, as HTML.
//
// JSON has stable keys, which docs/curation.md lists. HTML is either a page in one file, which needs nothing else and
// runs no script that loads anything, or the part of it that a notebook shows.
#pragma once
#include <string>

#include "lamin/report.hpp"

namespace lamin::faces {

std::string report_text(const CurationReport& report, bool coloured, Face face);
std::string report_json(const CurationReport& report, Face face);
std::string report_html(const CurationReport& report, Face face, bool page);

/// "1 problem", "3,120 rows"
std::string counted(std::int64_t n, std::string_view one);
/// "12,345"
std::string grouped(std::int64_t n);
/// What a rule found, in few words: "values that are not registered".
std::string_view headline(std::string_view rule);
/// Why a candidate is one: "differs in case only".
std::string reason(const Candidate& candidate);
/// What mends the certain values of a report, to be typed; "" if there are none.
std::string mending(const FileReport& file, const CurationReport& report, Face face);

}  // namespace lamin::faces
