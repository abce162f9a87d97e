// source_file.cpp -- a source file as a transform, and a transform's source as a file again.
#include "base/source_file.hpp"
#include <fmt/format.h>
#include <algorithm>
#include "base/front_matter.hpp"
#include "base/path.hpp"
#include "base/text.hpp"
#include "base/uid.hpp"
#include "format/notebook.hpp"
#include "format/percent.hpp"
#include "lake/instance/settings_file.hpp"
#include "lamin/error.hpp"
#include "lamin/lineage.hpp"
#include "store/beneath.hpp"

namespace lamin {
namespace fs = std::filesystem;
namespace {

struct SourceKind {
  std::string_view suffix, kind;
};
constexpr SourceKind kinds[] = {{".py", "script"},    {".ipynb", "notebook"}, {".R", "script"},  {".r", "script"},
                                {".qmd", "notebook"}, {".Rmd", "notebook"},   {".sh", "script"}, {".nf", "script"},
                                {".smk", "script"},   {".jl", "script"}};

const SourceKind* kind_of(const fs::path& file) {
  for (const auto& kind : kinds) {
    if (file.extension() == kind.suffix) return &kind;
  }
  return nullptr;
}

bool is_base62(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string_view without(std::string_view text, std::string_view head) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\\')) text.remove_prefix(1);  // "\"" in a notebook
  if (text.starts_with(head)) text.remove_prefix(head.size());
  while (!text.empty() && (text.front() == ' ' || text.front() == '\\')) text.remove_prefix(1);
  return text;
}

bool is_r_notebook(const fs::path& file) { return file.extension() == ".qmd" || file.extension() == ".Rmd"; }

std::string unquoted(std::string text) {
  const bool quoted = text.size() >= 2 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0];
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// The uid in a call of track("uid"), on a line that is not a comment; 12 or 16 characters. `bare`: R calls it without
/// naming the package.
std::string uid_in(std::string_view code, bool bare) {
  constexpr std::string_view call = "track(";
  for (auto at = code.find(call); at != code.npos; at = code.find(call, at + call.size())) {
    const auto line = code.substr(0, at).rfind('\n') + 1;  // npos + 1 is the beginning
    const auto before = code.substr(line, at - line);
    const bool named = before.ends_with('.') || before.ends_with('$');
    if (before.find('#') != before.npos || !(named || (bare && base::trim(before).empty()))) continue;
    auto rest = without(without(without(code.substr(at + call.size()), ""), "transform"), "=");
    if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) continue;
    rest.remove_prefix(1);
    const auto size = static_cast<std::size_t>(std::ranges::find_if_not(rest, is_base62) - rest.begin());
    const auto end = rest.substr(size);
    if ((size == 12 || size == 16) && !end.empty() && (end[0] == '"' || end[0] == '\'' || end[0] == '\\'))
      return std::string(rest.substr(0, size));
  }
  return "";
}

}  // namespace

bool is_source(const fs::path& file) { return kind_of(file) != nullptr; }

SourceCode source_of(const fs::path& file) {
  constexpr std::int64_t most_bytes = 256 << 20;
  SourceCode source;
  source.code = base::small_file(file, most_bytes);
  if (file.extension() == ".ipynb") {
    const auto notebook = format::read_notebook(source.code, file.string());
    source.title = format::title_of(notebook);
    source.code = format::to_percent(notebook, source.title);
  } else if (is_r_notebook(file)) {
    source.title = unquoted(base::header_text(source.code, "title"));
  }
  const auto* kind = kind_of(file);
  source.kind = kind == nullptr ? "script" : kind->kind;
  const auto folder = lake::pointer_folder();
  if (folder) source.key = base::relative_key(folder->string(), base::resolve(file));
  if (source.key.empty()) source.key = file.filename().string();
  source.uid = uid_in(source.code, is_r_notebook(file) || base::lower(file.extension().string()) == ".r");
  return source;
}

namespace {

/// The header's title becomes the transform's description.
std::string with_title(std::string code, std::string_view title) {
  const auto now = base::header_text(code, "title");
  if (now.empty() || title.empty() || unquoted(now) == title) return code;
  const auto at = code.find(now, code.find("title:"));
  return at == code.npos ? code : code.replace(at, now.size(), fmt::format("\"{}\"", title));
}

/// The source as its file had it.
std::string file_text(const Record& transform, bool as_it_was) {
  std::string code(transform.text("source_code"));
  const fs::path key(std::string(transform.text("key")));
  const auto title = transform.text("description");
  const bool jupyter = key.extension() == ".ipynb";
  if (!jupyter && !is_r_notebook(key)) return code;
  const std::string uid(transform.uid());
  const auto next = uid.substr(0, 12) + base::next_version(uid.substr(12));
  for (auto at = as_it_was ? code.npos : code.find(uid); at != code.npos; at = code.find(uid, at + next.size()))
    code.replace(at, uid.size(), next);
  if (jupyter) return format::write_notebook(format::from_percent(code, title));
  return with_title(std::move(code), title);
}

}  // namespace

fs::path write_source(const Record& transform, const fs::path& folder, bool as_it_was) {
  if (transform.at("source_code").is_null()) {
    throw Error(Code::not_found, fmt::format("the transform '{}' has no source code", transform.uid()));
  }
  try {
    return store::create_beneath(folder, std::string(transform.text("key")), file_text(transform, as_it_was));
  } catch (Error& error) {
    error.add_context(fmt::format("while writing the source of transform '{}'", transform.uid()));
    throw;
  }
}

}  // namespace lamin
