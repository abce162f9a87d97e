// curate.cpp -- files of data against a schema.
//
// Exit status: 0 if all is valid, that of a refused save (4) if there are problems, whatever else a table of codes says
// if nothing could be checked. The last line on stderr says how many problems there are.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/text.hpp"
#include "base/visible.hpp"
#include "commands.hpp"
#include "faces/report/report.hpp"
#include "lamin/artifact.hpp"
#include "lamin/collection.hpp"
#include "lamin/report.hpp"

namespace lamin::cli {

namespace {

namespace fs = std::filesystem;

/// "obs.cell_type:Tcell=T cell", "rna:obs.cell_type:Tcell=T cell", "cell_type:Tcell=T cell" for a plain table, and
/// "var.T:cd3e=CD3E" for the names of variables.
Replacement parse_replacement(const std::string& text) {
  const auto after_dot = text.find(':', std::min(text.find('.'), text.size()));
  const auto colon = after_dot < text.find('=') ? after_dot : text.find(':');
  const auto equals = colon == text.npos ? text.npos : text.find('=', colon);
  if (equals == text.npos)
    throw Error(Code::invalid_argument, "--replace takes \"slot.column:old=new\", not '" + text + "'.");
  std::string place = text.substr(0, colon);
  if (place.ends_with(".T")) place += ".columns";  // the names of the rows of a table that is meant to be transposed
  auto dot = place.find('.');
  if (dot != place.npos && place.substr(dot).starts_with(".T.")) dot += 2;
  return {.slot = dot == place.npos ? "" : place.substr(0, dot),
          .column = dot == place.npos ? place : place.substr(dot + 1),
          .from = text.substr(colon + 1, equals - colon - 1),
          .to = text.substr(equals + 1)};
}

CurateFilesOptions options_of(const Given& given) {
  CurateFilesOptions options{.mend = given.has("fix") || given.has("write"), .write = given.text("write")};
  for (const auto& text : given.all("replace")) options.replace.push_back(parse_replacement(text));
  if (!options.replace.empty() && !options.mend) {
    throw Error(Code::invalid_argument,
                "--replace changes values: say where, with --write FILE for a copy or --fix for the file itself.");
  }
  return options;
}

std::vector<fs::path> files_of(Instance& instance, const Given& given) {
  const auto words = given.all("path");
  std::vector<fs::path> files(words.begin(), words.end());
  if (!given.has("collection")) return files;
  if (!files.empty())
    throw Error(Code::invalid_argument, "Either files or a collection: leave out PATH or --collection.");
  const auto name = given.text("collection");
  auto& database = instance.database();
  const auto by_key = database.first(
      {.registry = "Collection", .where = Expr::compare("key", Op::exact, Value(name)), .order_by = {"-id"}});
  const auto collection = by_key ? *by_key : database.get(instance.catalog().table("Collection"), name);
  for (const auto& artifact : ordered_artifacts(instance, collection))
    files.push_back(cache_artifact(instance, artifact));
  return files;
}

enum class Form { text, html, json };

Form form_of(const Given& given) {
  const auto name = given.text("report", "text");
  if (name == "text") return Form::text;
  if (name == "html") return Form::html;
  if (name == "json") return Form::json;
  const std::vector<std::string_view> known{"text", "html", "json"};
  const auto near = base::nearest(name, known);
  throw Error(Code::invalid_argument, "--report takes text, html or json, not '" + name + "'." +
                                          (near.empty() ? "" : " Did you mean " + near.front() + "?"));
}

std::string written(const CurationReport& report, Form form, bool coloured) {
  switch (form) {
    case Form::html: return faces::report_html(report, Face::shell, true);
    case Form::json: return faces::report_json(report, Face::shell) + "\n";
    case Form::text: break;
  }
  return faces::report_text(report, coloured, Face::shell);
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw Error(Code::no_access, "Cannot write the report to '" + path + "'.");
  tell("→ wrote the report to " + path);
}

/// Reports are written over without a question; data are not.
void check_output(const Given& given) {
  const auto path = given.text("output");
  if (path.empty() || !can_curate(path)) return;
  throw Error(Code::invalid_argument, "--output takes the report, and '" + path +
                                          "' has the name of data: pass --write for the file of a mended copy.");
}

}  // namespace

int curate(const Given& given) {
  const auto form = form_of(given);
  const auto options = options_of(given);
  check_output(given);
  const auto instance = open();
  const auto schema = schema_called(*instance, given.text("schema"));
  const auto report = curate_files(*instance, schema, files_of(*instance, given), options);
  const bool to_file = given.has("output");
  const auto text = written(report, form, coloured() && !to_file);
  if (to_file) write_file(given.text("output"), text);
  else print(text);
  const auto n = report.n_problems();
  tell(n == 0 ? "✓ valid" : "! " + faces::counted(n, "problem"));
  return n == 0 ? 0 : row(Code::validation).exit_status;
}

}  // namespace lamin::cli
