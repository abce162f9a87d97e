// left_out.hpp -- what of a file was not imported: told in a warning, or with `strict` the reason to import nothing.
#pragma once
#include <string>
#include <vector>
#include "format/complaints.hpp"
#include "lamin/ontology.hpp"

namespace lamin::lake {

/// "line 12, column 1: a quote is opened but never closed".
std::vector<std::string> told(const format::Complaints& complaints);
/// The report's complaints and the terms that it leaves out. Throws validation with `strict`, unless there are none.
void tell_rest(Instance& instance, const std::string& file, const ImportReport& report, bool strict);

}  // namespace lamin::lake
