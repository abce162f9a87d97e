// source_file.cpp -- a source file as a transform, and a transform's source as a file again.
#include "base/source_file.hpp"
#include <fmt/format.h>
#include "base/path.hpp"
#include "lake/instance/settings_file.hpp"
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

}  // namespace

bool is_source(const fs::path& file) { return kind_of(file) != nullptr; }

SourceCode source_of(const fs::path& file) {
  constexpr std::int64_t most_bytes = 256 << 20;
  SourceCode source;
  source.code = base::small_file(file, most_bytes);
  const auto* kind = kind_of(file);
  source.kind = kind == nullptr ? "script" : kind->kind;
  const auto folder = lake::pointer_folder();
  if (folder) source.key = base::relative_key(folder->string(), base::resolve(file));
  if (source.key.empty()) source.key = file.filename().string();
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
