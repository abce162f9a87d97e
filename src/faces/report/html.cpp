// html.cpp -- a report as one page to send, or as the part of it that a notebook shows.
#include <fmt/format.h>
#include <algorithm>

#include "base/budget.hpp"
#include "base/html_text.hpp"
#include "base/time.hpp"
#include "base/visible.hpp"
#include "faces/report/html_style.hpp"
#include "faces/report/report.hpp"

namespace lamin::faces {
namespace {

using base::escaped;

constexpr std::size_t most_values = 100, most_open_columns = 12;

std::string pill(std::string_view kind, std::string_view text) {
  return fmt::format(R"(<span class="pill {}">{}</span>)", kind, escaped(text));
}

std::string to_copy(std::string_view text) {
  return fmt::format(R"(<div class="copy"><pre>{}</pre></div>)", escaped(text));
}

/// "2026-11-28 19:09 UTC"
std::string minute(Time time) {
  auto text = base::iso(time).substr(0, 16);
  std::ranges::replace(text, 'T', ' ');
  return text + " UTC";
}

class Html {
 public:
  Html(const CurationReport& report, Face face) : report_(report), face_(face) {}

  std::string write() {
    out_ += R"(<div class="lr">)";
    add_head();
    for (const auto& file : report_.files) add_file(file);
    out_ += fmt::format(
        "<footer>Checked on {} with lamin {}{}. The data were read where they are and {}.</footer></div>",
        escaped(minute(report_.made_at)), escaped(report_.version),
        report_.instance.empty() ? "" : " against the registries of " + escaped(report_.instance),
        std::ranges::any_of(report_.files, [](const auto& file) { return !file.written.empty(); }) ? "mended as told"
                                                                                                   : "not changed");
    return std::move(out_);
  }

 private:
  void add_fact(std::string_view number, std::string_view what) {
    out_ += fmt::format("<div><b>{}</b><span>{}</span></div>", escaped(number), escaped(what));
  }

  void add_head() {
    std::int64_t rows = 0, columns = 0, values = 0, bad_rows = 0, read = 0, bytes = 0;
    for (const auto& file : report_.files) {
      rows += std::max<std::int64_t>(file.n_obs, 0);
      columns += static_cast<std::int64_t>(file.columns.size());
      read += file.bytes_read;
      bytes += file.bytes;
      for (const auto& problem : file.problems) {
        values += static_cast<std::int64_t>(problem.values.size());
        bad_rows += problem.rows;
      }
    }
    const auto n = report_.n_problems();
    out_ += fmt::format("<h1>{} {}</h1>", n == 0 ? "These data are valid" : "These data need a few corrections",
                        n == 0 ? pill("good", "valid") : pill("bad", counted(n, "problem")));
    out_ += fmt::format(R"(<p class="soft">Checked against the schema <b>{}</b>{}</p>)", escaped(report_.schema),
                        report_.schema_uid.empty() || report_.schema_uid == report_.schema
                            ? ""
                            : fmt::format(" <code>{}</code>", escaped(report_.schema_uid)));
    out_ += R"(<div class="facts">)";
    if (report_.files.size() > 1) add_fact(grouped(static_cast<std::int64_t>(report_.files.size())), "files");
    add_fact(grouped(rows), rows == 1 ? "row" : "rows");
    add_fact(grouped(columns), columns == 1 ? "column checked" : "columns checked");
    if (values > 0) add_fact(grouped(values), values == 1 ? "unknown value" : "unknown values");
    if (bad_rows > 0) add_fact(grouped(bad_rows), "cells concerned");
    if (bytes > 0) add_fact(base::size_text(read), "read of " + base::size_text(bytes));
    out_ += "</div>";
  }

  void add_file(const FileReport& file) {
    std::string facts = escaped(file.otype);
    if (file.n_obs >= 0)
      facts += " " + grouped(file.n_obs) +
               (file.n_vars >= 0  ? " × " + grouped(file.n_vars)
                : file.n_obs == 1 ? " row"
                                  : " rows");
    const auto n = static_cast<std::int64_t>(file.problems.size());
    out_ += fmt::format(R"(<section><div class="head"><h2>{} {}</h2><span class="soft">{}</span></div>)",
                        escaped(file.path), n == 0 ? pill("good", "valid") : pill("bad", counted(n, "problem")), facts);
    for (const auto& problem : file.problems) add_problem(problem, file);
    if (const auto fix = mending(file, report_, face_); !fix.empty() && file.written.empty()) {
      out_ += "<p><b>Replace what is certain</b> (same but for case, or a synonym of one term), and nothing else:</p>" +
              to_copy(fix);
    }
    for (const auto& note : file.notes) out_ += fmt::format(R"(<div class="note">{}</div>)", escaped(note.in(face_)));
    add_mended(file);
    add_columns(file);
    out_ += "</section>";
  }

  void add_problem(const ReportProblem& problem, const FileReport& file) {
    auto place = problem.slot;
    if (!problem.column.empty()) place += (place.empty() ? "" : ".") + problem.column;
    out_ += R"(<div class="problem"><h3>)";
    if (!place.empty()) out_ += fmt::format("<code>{}</code> · ", escaped(place));
    if (!problem.values.empty()) out_ += grouped(static_cast<std::int64_t>(problem.values.size())) + " ";
    out_ += escaped(headline(problem.rule));
    if (problem.rows > 0 && file.n_obs > 0) {
      out_ += fmt::format(
          R"( <span class="soft">in {}, {:.1f} % of all</span>)", counted(problem.rows, "row"),
          100.0 * static_cast<double>(problem.rows) / static_cast<double>(std::max(file.n_obs, problem.rows)));
    }
    out_ += "</h3>";
    if (problem.values.empty()) {
      auto text = escaped(problem.message.in(face_));
      for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += 4) text.replace(at, 1, "<br>");
      out_ += "<p>" + text + "</p></div>";
      return;
    }
    add_values(problem);
    out_ += "</div>";
  }

  void add_values(const ReportProblem& problem) {
    std::int64_t most = 1;
    for (const auto& value : problem.values) most = std::max(most, value.count);
    const bool counts = problem.rows > 0;
    out_ += fmt::format("<table><thead><tr><th>In the data</th>{}<th>Probably means</th></tr></thead><tbody>",
                        counts ? "<th>How often</th>" : "");
    const auto n = std::min(problem.values.size(), most_values);
    for (std::size_t i = 0; i < n; ++i) {
      const auto& value = problem.values[i];
      out_ += fmt::format("<tr><td><code>{}</code></td>", escaped(base::visible_line(value.value)));
      if (counts) {
        const auto width = 100.0 * static_cast<double>(value.count) / static_cast<double>(most);
        out_ += fmt::format(
            R"(<td class="barcell"><div class="bar"><i style="width:{:.1f}%"></i><span>{}</span></div></td>)",
            0.7 * width, grouped(value.count));
      }
      out_ += "<td>" + meaning(value) + "</td></tr>";
    }
    out_ += "</tbody></table>";
    if (problem.values.size() > n)
      out_ += fmt::format(R"(<p class="soft">… and {} more.</p>)",
                          grouped(static_cast<std::int64_t>(problem.values.size() - n)));
    add_corrections(problem);
  }

  static std::string meaning(const BadValue& value) {
    if (value.candidates.empty()) return R"(<span class="soft">nothing like it is registered</span>)";
    const auto& first = value.candidates.front();
    auto text =
        fmt::format(R"(<b>{}</b> {})", escaped(first.value), pill(value.certain() ? "good" : "warn", reason(first)));
    for (std::size_t i = 1; i < value.candidates.size(); ++i) {
      const auto& other = value.candidates[i];
      text += fmt::format(R"(<div class="or">or {} ({}))", escaped(other.value), escaped(reason(other))) + "</div>";
    }
    return text;
  }

  /// Two columns, as spreadsheets take them.
  void add_corrections(const ReportProblem& problem) {
    std::string table;
    for (const auto& value : problem.values) {
      if (!value.candidates.empty())
        table += base::visible_line(value.value) + "\t" + base::visible_line(value.candidates.front().value) + "\n";
    }
    if (!table.empty())
      out_ += "<details><summary>Corrections to copy (found, proposed)</summary>" +
              to_copy("found\tproposed\n" + table) + "</details>";
    for (const auto& remedy : problem.message.remedies()) {
      if (remedy.verb != Remedy::Verb::register_values) continue;
      out_ += "<details><summary>If a value is right: register it</summary>" + to_copy(remedy.in(face_)) + "</details>";
    }
  }

  void add_mended(const FileReport& file) {
    if (file.mended.empty()) return;
    out_ += fmt::format("<h3>Mended{}</h3><table><thead><tr><th>Column</th><th>Was</th><th>Is</th></tr></thead><tbody>",
                        file.written.empty() ? "" : " in <code>" + escaped(file.written) + "</code>");
    for (const auto& one : file.mended) {
      out_ += fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                          escaped((one.slot.empty() ? "" : one.slot + ".") + one.column),
                          one.from.empty() ? R"(<span class="soft">missing</span>)" : escaped(one.from),
                          one.to.empty() ? R"(<span class="soft">an empty column</span>)" : escaped(one.to));
    }
    out_ += "</tbody></table>";
  }

  void add_columns(const FileReport& file) {
    if (file.columns.empty()) return;
    out_ += fmt::format(
        "<details{}><summary>What was checked: {}</summary><table><thead><tr><th>Slot</th><th>Column</th><th>Dtype</th>"
        R"(<th class="n">Missing</th><th class="n">Distinct</th><th></th></tr></thead><tbody>)",
        file.columns.size() <= most_open_columns ? " open" : "",
        counted(static_cast<std::int64_t>(file.columns.size()), "column"));
    for (const auto& one : file.columns) {
      const auto state = !one.found  ? (one.valid ? pill("warn", "not there, optional") : pill("bad", "not there"))
                         : one.valid ? pill("good", "valid")
                                     : pill("bad", "invalid");
      out_ += fmt::format(
          R"(<tr><td>{}</td><td><code>{}</code></td><td><code>{}</code></td><td class="n">{}</td><td class="n">{}</td><td>{}</td></tr>)",
          escaped(one.slot), escaped(one.column.empty() ? "names" : one.column), escaped(one.dtype),
          one.found ? grouped(one.missing) : "",
          !one.found         ? ""
          : one.distinct < 0 ? "many"
                             : grouped(one.distinct),
          state);
    }
    out_ += "</tbody></table></details>";
  }

  const CurationReport& report_;
  Face face_;
  std::string out_;
};

}  // namespace

std::string report_html(const CurationReport& report, Face face, bool page) {
  const auto body = Html(report, face).write();
  if (!page) return fmt::format("<style>{}</style>{}", report_style, body);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>{} · {}</title><style>body{{margin:0;background:#fff}}"
      "@media (prefers-color-scheme:dark){{body{{background:#14181e}}}}body>.lr{{margin:0 auto;padding:32px "
      "24px}}{}</style>"
      "</head><body>{}<script>{}</script></body></html>\n",
      report.valid() ? "Valid" : counted(report.n_problems(), "problem"), escaped(report.schema), report_style, body,
      report_script);
}

}  // namespace lamin::faces
