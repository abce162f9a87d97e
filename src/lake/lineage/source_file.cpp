// source_file.cpp -- a source file as a transform, and a transform's source as a file again.
#include "base/source_file.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <boost/json/object.hpp>
#include "base/json.hpp"
#include "base/path.hpp"
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

/// A notebook is a JSON object with cells.
void check_notebook(const fs::path& file, const std::string& text) {
  const auto is_notebook = [&] {
    try {
      const auto document = base::parse_json(text);
      return document.is_object() && document.get_object().contains("cells");
    } catch (const Error&) { return false; }
  };
  if (is_notebook()) return;
  throw Error(Code::corrupt, fmt::format("'{}' is not a notebook: it is no JSON with cells. Was it written to its end?",
                                         file.string()));
}

bool is_base62(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string_view without(std::string_view text, std::string_view head) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\\')) text.remove_prefix(1);  // "\"" in a notebook
  if (text.starts_with(head)) text.remove_prefix(head.size());
  while (!text.empty() && (text.front() == ' ' || text.front() == '\\')) text.remove_prefix(1);
  return text;
}

/// The uid in a call of track("uid"), on a line that is not a comment; 12 or 16 characters.
std::string uid_in(std::string_view code) {
  constexpr std::string_view call = "track(";
  for (auto at = code.find(call); at != code.npos; at = code.find(call, at + call.size())) {
    const auto line = code.substr(0, at).rfind('\n') + 1;  // npos + 1 is the beginning
    const auto before = code.substr(line, at - line);
    if (before.find('#') != before.npos || before.empty() || (before.back() != '.' && before.back() != '$')) continue;
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
  if (file.extension() == ".ipynb") check_notebook(file, source.code);
  const auto* kind = kind_of(file);
  source.kind = kind == nullptr ? "script" : kind->kind;
  const auto folder = lake::pointer_folder();
  if (folder) source.key = base::relative_key(folder->string(), base::resolve(file));
  if (source.key.empty()) source.key = file.filename().string();
  source.uid = uid_in(source.code);
  return source;
}

fs::path write_source(const Record& transform, const fs::path& folder) {
  if (transform.at("source_code").is_null()) {
    throw Error(Code::not_found, fmt::format("the transform '{}' has no source code", transform.uid()));
  }
  try {
    return store::create_beneath(folder, std::string(transform.text("key")), transform.text("source_code"));
  } catch (Error& error) {
    error.add_context(fmt::format("while writing the source of transform '{}'", transform.uid()));
    throw;
  }
}

}  // namespace lamin
