#include "format/file_text.hpp"
#include <fmt/format.h>
#include "base/budget.hpp"
#include "base/source_file.hpp"
#include "format/codecs.hpp"
#include "lamin/error.hpp"

namespace lamin::format {

std::string file_bytes(const std::filesystem::path& path, std::int64_t most) { return base::small_file(path, most); }

std::string file_text(const std::filesystem::path& path) {
  const auto size = base::SourceFile(path).size();
  const base::Budget budget(path.string(), size);
  auto bytes = file_bytes(path, budget.limit());
  const std::string_view codec = bytes.starts_with("\x1F\x8B")           ? "gzip"
                                 : bytes.starts_with("\x28\xB5\x2F\xFD") ? "zstd"
                                                                         : "";
  if (codec.empty()) return bytes;
  try {
    // The other half is for growing the text, and for what is read from it.
    return codecs().decompress(codec, bytes, {.most = budget.limit() / 2});
  } catch (Error& error) {
    error.add_context(fmt::format("while reading '{}'", path.string()));
    throw;
  }
}

}  // namespace lamin::format
