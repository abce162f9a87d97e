// curation.cpp -- import, validate, standardize, annotate.
#include <fmt/format.h>
#include <algorithm>
#include <iostream>
#include <string>
#include <utility>

#include "base/visible.hpp"
#include "commands.hpp"
#include "faces/entity.hpp"
#include "lamin/feature.hpp"
#include "lamin/label.hpp"
#include "lamin/note.hpp"
#include "lamin/ontology.hpp"
#include "lamin/public_terms.hpp"
#include "lamin/save.hpp"

namespace lamin::cli {

namespace {

// The values were checked, and some are invalid: the same status as a refused save.
int invalid_exit() { return row(Code::validation).exit_status; }

std::vector<std::string> lines_of_input() {
  std::vector<std::string> lines;
  for (std::string line; std::getline(std::cin, line);) lines.push_back(line);
  return lines;
}

/// "a value": known | "b" -> "B" (synonym) | "c": nearest D, E.
void explain(const Inspection& inspection) {
  for (const auto& value : inspection.non_validated) {
    if (const auto synonym = inspection.synonyms.find(value); synonym != inspection.synonyms.end()) {
      print(fmt::format("synonym    {} -> {}\n", base::visible_line(value), base::visible_line(synonym->second)));
      continue;
    }
    if (std::ranges::find(inspection.in_source, value) != inspection.in_source.end()) {
      print(fmt::format("in source  {}   not registered: lamin import takes over the public source\n",
                        base::visible_line(value)));
      continue;
    }
    std::string line = "unknown    " + base::visible_line(value);
    const auto found = inspection.suggestions.find(value);
    if (found != inspection.suggestions.end() && !found->second.empty()) {
      const char* separator = "   nearest: ";
      for (const auto& suggestion : found->second) {
        line += std::exchange(separator, ", ") + base::visible_line(suggestion.value);
      }
    }
    print(line + "\n");
  }
}

/// "a","b" as a and b; anything else is one value.
std::vector<std::string> listed(const std::string& text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return {text};
  std::vector<std::string> values;
  constexpr std::string_view between = "\",\"";
  for (std::size_t at = 1; at < text.size();) {
    const auto end = std::min(text.find(between, at), text.size() - 1);
    values.push_back(text.substr(at, end - at));
    at = end + between.size();
  }
  return values;
}

}  // namespace

int import(const Given& given) {
  const auto instance = open();
  const auto& table = faces::entity(instance->catalog(), given.text("registry"));
  const bool is_sheet = table.qualified == "Record" && given.has("path");
  check_sheet_options(given, is_sheet);
  if (is_sheet) return import_sheet(*instance, given);
  ImportOptions options{.source = given.text("source"),
                        .version = given.text("version"),
                        .organism = given.text("organism"),
                        .update = given.has("update"),
                        .strict = given.has("strict")};
  ImportReport report;
  if (given.has("path")) {
    if (options.organism.empty()) options.organism = "all";
    report = import_file(*instance, table.qualified, given.text("path"), options);
  } else {
    auto release = release_called(*instance, table.qualified, {options.organism, options.source, options.version});
    if (options.version.empty()) release = readable_release(*instance, release);
    report = import_release(*instance, release, options);
  }
  std::fprintf(stderr, "→ %lld terms read, %lld created, %lld updated, %lld obsolete left out, %lld parent links\n",
               static_cast<long long>(report.terms), static_cast<long long>(report.created),
               static_cast<long long>(report.updated), static_cast<long long>(report.obsolete),
               static_cast<long long>(report.parents));
  return 0;
}

int validate(const Given& given) {
  const auto instance = open();
  const auto& table = faces::entity(instance->catalog(), given.text("registry"));
  const auto values = given.has("value") ? given.all("value") : lines_of_input();
  const auto inspection =
      inspect(*instance, table.qualified, values,
              {.field = given.text("field"), .organism = given.text("organism"), .from_source = true});
  explain(inspection);
  std::fprintf(stderr, "%s %zu of %lld unique values are valid (%.1f%%)\n",
               inspection.non_validated.empty() ? "✓" : "!", inspection.validated.size(),
               static_cast<long long>(inspection.n_unique), inspection.frac_validated);
  return inspection.non_validated.empty() ? 0 : invalid_exit();
}

int standardize(const Given& given) {
  const auto instance = open();
  const auto& table = faces::entity(instance->catalog(), given.text("registry"));
  const auto values = given.has("value") ? given.all("value") : lines_of_input();
  StandardizeOptions options;
  options.field = given.text("field");
  options.organism = given.text("organism");
  options.from_source = true;
  for (const auto& names : lamin::standardize(*instance, table.qualified, values, options)) {
    print_value(names.empty() ? "" : names.front());
  }
  return 0;
}

int annotate(const Given& given) {
  const auto instance = open(given);
  auto record = find(*instance, given);
  Annotations all{.labels = labels_of(*instance, given)};
  for (const auto& text : given.all("features")) {
    const auto [feature, values] = assignment(text, "--features");
    for (const auto& value : listed(values)) all.features[feature].push_back(typed_value(*instance, feature, value));
  }
  all.version_tag = given.text("version");
  all.comment = given.text("comment");
  if (given.has("readme")) all.readme = file_text(given.text("readme"));
  if (all.empty())
    throw Error(
        Code::invalid_argument,
        "With what? Pass --label, --project, --ulabel, --record, --features, --version, --readme or --comment.");
  lamin::annotate(*instance, record, all);
  tell("→ annotated: " + lamin::named(record));
  return 0;
}

}  // namespace lamin::cli
