// words.cpp -- what all forms of a report say alike.
#include <fmt/format.h>
#include <algorithm>

#include "faces/report/report.hpp"

namespace lamin::faces {
namespace {

struct Headline {
  std::string_view rule, text;
};

constexpr Headline headlines[] = {
    {"missing_column", "columns are missing"},
    {"missing_member", "terms of the schema are missing"},
    {"extra_column", "columns are not allowed"},
    {"wrong_type", "wrong type"},
    {"not_registered", "values are not registered"},
    {"ambiguous", "several records have the name"},
    {"order", "columns are in another order"},
    {"null", "values are missing"},
    {"repeated_levels", "levels occur twice"},
    {"zarr", "store is laid out otherwise"},
    {"slots", "the schema does not fit"},
    {"unreadable", "cannot be read"},
};

}  // namespace

std::string grouped(std::int64_t n) {
  std::string digits = std::to_string(n);
  const std::size_t begin = n < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > begin + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string counted(std::int64_t n, std::string_view one) {
  return fmt::format("{} {}{}", grouped(n), one, n == 1 ? "" : "s");
}

std::string_view headline(std::string_view rule) {
  const auto found = std::ranges::find(headlines, rule, &Headline::rule);
  return found == std::end(headlines) ? rule : found->text;
}

std::string reason(const Candidate& candidate) {
  switch (candidate.why) {
    case Candidate::Why::letter_case:
      return candidate.via.empty() ? "differs in case only" : "differs in white space or case only";
    case Candidate::Why::synonym: return "is a synonym of it";
    case Candidate::Why::obsolete: return "is obsolete, replaced by it";
    case Candidate::Why::similar: break;
  }
  const auto alike = fmt::format("{:.0f} % alike", 100 * std::min(candidate.score, 1.0));
  return candidate.via.empty() ? alike : fmt::format("{}, by its synonym '{}'", alike, candidate.via);
}

std::string mending(const FileReport& file, const CurationReport& report, Face face) {
  const bool any = std::ranges::any_of(file.problems, [](const auto& problem) {
    return std::ranges::any_of(problem.values, [](const auto& value) { return value.certain(); });
  });
  if (!any) return "";
  if (face == Face::shell || file.bytes > 0)
    return fmt::format("lamin curate '{}' --schema '{}' --fix", file.path, report.schema);
  return "curator.standardize()";
}

}  // namespace lamin::faces
