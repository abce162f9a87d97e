#include "lake/ontology/left_out.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/text.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {

std::vector<std::string> told(const format::Complaints& complaints) {
  std::vector<std::string> all;
  for (const auto& one : complaints.first) all.push_back(format::to_string(one));
  return all;
}

void tell_rest(Instance& instance, const std::string& file, const ImportReport& report, bool strict) {
  constexpr std::size_t shown = 5;
  std::vector<std::string> lines;
  if (report.n_complaints > 0) {
    std::vector<std::string> some(
        report.complaints.begin(),
        report.complaints.begin() + static_cast<std::ptrdiff_t>(std::min(shown, report.complaints.size())));
    lines.push_back(fmt::format("'{}' says {} thing{} that cannot be understood, left out: {}{}", file,
                                report.n_complaints, report.n_complaints == 1 ? "" : "s", base::join(some, "; "),
                                report.n_complaints > static_cast<std::int64_t>(shown) ? "; ..." : ""));
  }
  for (const auto& reason : report.left_out) {
    lines.push_back(fmt::format("{} term{} of '{}' {} left out, {}: {}{}", reason.count, reason.count == 1 ? "" : "s",
                                file, reason.count == 1 ? "is" : "are", reason.why, base::join(reason.some, ", "),
                                reason.count > static_cast<std::int64_t>(reason.some.size()) ? ", ..." : ""));
  }
  if (strict && !lines.empty()) {
    throw Error(Code::validation, base::join(lines, "\n") +
                                      "\nNothing was imported, as asked: mend the file, or "
                                      "import it without `strict`.");
  }
  for (const auto& line : lines) instance.say(Level::warning, line);
}

}  // namespace lamin::lake
