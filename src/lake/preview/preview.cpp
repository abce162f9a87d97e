#include "lamin/preview.hpp"
#include <fmt/format.h>
#include "base/source_file.hpp"
#include "format/formats.hpp"
#include "lake/preview/parts.hpp"
#include "lamin/artifact.hpp"
#include "lamin/error.hpp"

namespace lamin {
namespace {

namespace fs = std::filesystem;

std::string beginning(const fs::path& path, std::int64_t& size) {
  const base::SourceFile file(path.string());
  size = file.size();
  std::string begin(4096, '\0');
  begin.resize(file.read_some({reinterpret_cast<std::uint8_t*>(begin.data()), begin.size()}));
  return begin;
}

bool has_tables(const format::Format* format) {
  return format != nullptr && (format->slots != nullptr || format->sketch != nullptr);
}

Preview look(const fs::path& path, const std::string& name, const PreviewOptions& options) {
  Preview out{.name = name};
  std::error_code failure;
  const auto status = fs::status(path, failure);
  if (status.type() == fs::file_type::not_found)
    throw Error(Code::not_found, fmt::format("'{}' does not exist.", path.string()));
  const bool folder = fs::is_directory(status);
  const auto begin = folder ? std::string() : beginning(path, out.size);
  try {
    if (has_tables(format::format_of(fs::path(name)))) {
      lake::look_at_tables(path, name, options, out);
      return out;
    }
  } catch (const Error& error) {
    const auto size = out.size;
    out = {.name = name, .size = size, .note = error.what()};
  }
  if (folder) lake::look_at_folder(path, options, out);
  else if (!lake::look_at_picture(path, begin, options, out)) lake::look_at_bytes(path, name, begin, options, out);
  return out;
}

}  // namespace

Preview preview(const fs::path& path, const PreviewOptions& options) {
  auto name = path.filename();
  if (name.empty()) name = path.parent_path().filename();
  return look(path, name.empty() ? path.string() : name.string(), options);
}

Preview preview(Instance& instance, const Record& artifact, const PreviewOptions& options) {
  const auto path = cache_artifact(instance, artifact);
  const auto key = fs::path(artifact.text("key")).filename().string();
  const std::string suffix(artifact.text("suffix"));
  return look(path, key.ends_with(suffix) && !key.empty() ? key : std::string(artifact.uid()) + suffix, options);
}

}  // namespace lamin
