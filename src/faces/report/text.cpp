// text.cpp -- a report for a terminal: a line for each file, a few for each problem.
#include <fmt/format.h>
#include <algorithm>

#include "base/budget.hpp"
#include "base/visible.hpp"
#include "faces/report/report.hpp"

namespace lamin::faces {
namespace {

constexpr std::size_t most_values = 10;

class Text {
 public:
  Text(const CurationReport& report, bool coloured, Face face) : report_(report), coloured_(coloured), face_(face) {}

  std::string write() {
    for (const auto& file : report_.files) add_file(file);
    if (report_.files.size() > 1) add_total();
    return std::move(out_);
  }

 private:
  std::string paint(std::string_view code, std::string_view text) const {
    return coloured_ ? fmt::format("\033[{}m{}\033[0m", code, text) : std::string(text);
  }
  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }

  void line(std::string text) { out_ += std::move(text) + "\n"; }

  void add_file(const FileReport& file) {
    const bool valid = file.problems.empty();
    const auto mark = valid ? paint("32", "✓") : paint("31", "✗");
    std::string facts = file.otype;
    if (file.n_obs >= 0)
      facts += (facts.empty() ? "" : " ") + grouped(file.n_obs) +
               (file.n_vars >= 0 ? " × " + grouped(file.n_vars) : " rows");
    if (file.bytes > 0)
      facts += fmt::format(" · read {} of {}", base::size_text(file.bytes_read), base::size_text(file.bytes));
    if (file.seconds > 0) facts += fmt::format(" · {:.2f} s", file.seconds);
    line(fmt::format("{} {}{}{}", mark, bold(base::visible_line(file.path)), facts.empty() ? "" : "  ", dim(facts)));
    const auto good =
        std::ranges::count_if(file.columns, [](const auto& column) { return column.valid && column.found; });
    if (!file.columns.empty())
      line(fmt::format("  {} of {} checked are valid against schema '{}'", good,
                       counted(static_cast<std::int64_t>(file.columns.size()), "column"),
                       base::visible_line(report_.schema)));
    for (const auto& problem : file.problems) add_problem(problem);
    for (const auto& note : file.notes) line("  " + paint("33", "!") + " " + indented(note.in(face_)));
    add_mended(file);
    if (const auto fix = mending(file, report_, face_); !fix.empty() && file.written.empty())
      line("  → replace what is certain: " + bold(base::visible_line(fix)));
  }

  static std::string indented(const std::string& text, std::string_view margin = "    ") {
    std::string out;
    for (const char c : base::visible(text)) {
      out += c;
      if (c == '\n') out += margin;
    }
    return out;
  }

  void add_problem(const ReportProblem& problem) {
    std::string place = problem.slot;
    if (!problem.column.empty()) place += (place.empty() ? "" : ".") + problem.column;
    if (problem.values.empty()) {
      line(fmt::format("  {} {}{}", paint("31", "✗"), place.empty() ? "" : bold(base::visible_line(place)) + "  ",
                       indented(problem.message.in(face_))));
      return;
    }
    line(fmt::format(
        "  {} {}  {}{}", paint("31", "✗"), bold(base::visible_line(place.empty() ? "names" : place)),
        fmt::format("{} not registered", counted(static_cast<std::int64_t>(problem.values.size()), "value")),
        problem.rows > 0 ? " in " + counted(problem.rows, "row") : ""));
    std::size_t width = 0;
    const auto n = std::min(problem.values.size(), most_values);
    for (std::size_t i = 0; i < n; ++i) width = std::max(width, base::visible_line(problem.values[i].value).size());
    width = std::min<std::size_t>(width, 32);
    for (std::size_t i = 0; i < n; ++i) add_value(problem.values[i], width);
    if (problem.values.size() > n)
      line(dim(fmt::format("      … and {} more", grouped(static_cast<std::int64_t>(problem.values.size() - n)))));
    if (std::ranges::any_of(problem.values, [](const auto& value) { return !value.certain(); })) add_remedies(problem);
  }

  void add_value(const BadValue& value, std::size_t width) {
    const auto shown = base::visible_line(value.value);
    std::string text = fmt::format("      {:<{}}  {:>9}", "'" + shown + "'", width + 2,
                                   value.count > 0 ? grouped(value.count) + "×" : "");
    // fmt counts the sign of multiplication as one column, too
    if (value.candidates.empty()) {
      text += dim("   nothing like it is registered");
    } else {
      const auto& first = value.candidates.front();
      text += value.certain() ? "   → " : "   ? ";
      text +=
          paint(value.certain() ? "32" : "33", "'" + base::visible_line(first.value) + "'") + dim("  " + reason(first));
      for (std::size_t i = 1; i < value.candidates.size(); ++i)
        text += dim(fmt::format("{} '{}'", i == 1 ? "; or" : ",", base::visible_line(value.candidates[i].value)));
    }
    line(std::move(text));
  }

  void add_remedies(const ReportProblem& problem) {
    for (const auto& remedy : problem.message.remedies()) {
      if (remedy.verb != Remedy::Verb::register_values) continue;
      line(dim("      fix typos in the data, or register what is right:"));
      line(dim("        " + indented(remedy.in(face_), "        ")));
    }
  }

  void add_mended(const FileReport& file) {
    for (const auto& one : file.mended) {
      const auto place = (one.slot.empty() ? "" : one.slot + ".") + one.column;
      if (!one.from.empty()) {
        line(fmt::format("  {} {}  '{}' → '{}'{}", paint("32", "→"), base::visible_line(place),
                         base::visible_line(one.from), base::visible_line(one.to),
                         one.count > 0 ? dim("  " + counted(one.count, "row")) : ""));
      } else if (one.to.empty()) {
        line(fmt::format("  {} {}  added as an empty column", paint("32", "→"), base::visible_line(place)));
      } else {
        line(fmt::format("  {} {}  missing values are {} now", paint("32", "→"), base::visible_line(place),
                         base::visible_line(one.to)));
      }
    }
    if (!file.written.empty()) line("  → wrote " + bold(base::visible_line(file.written)));
  }

  void add_total() {
    const auto bad = std::ranges::count_if(report_.files, [](const auto& file) { return !file.problems.empty(); });
    line(fmt::format("{} of {} valid", grouped(static_cast<std::int64_t>(report_.files.size()) - bad),
                     counted(static_cast<std::int64_t>(report_.files.size()), "file")));
  }

  const CurationReport& report_;
  bool coloured_;
  Face face_;
  std::string out_;
};

}  // namespace

std::string report_text(const CurationReport& report, bool coloured, Face face) {
  return Text(report, coloured, face).write();
}

}  // namespace lamin::faces
