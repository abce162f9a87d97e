#include "format/file_text.hpp"
#include <fmt/format.h>
#include "base/budget.hpp"
#include "base/source_file.hpp"
#include "format/byte_stream.hpp"
#include "format/codecs.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

std::string only_member(const std::filesystem::path& path, std::int64_t most) {
  const auto bytes = open_bytes(path);
  std::string text(std::size_t{1} << 20, '\0');
  std::size_t have = 0;
  while (const auto n = bytes->read(std::span(text).subspan(have))) {
    have += n;
    if (static_cast<std::int64_t>(have) > most) {
      throw Error(Code::corrupt, fmt::format("'{}' holds more than {}, the most for a file of its size: it is damaged "
                                             "or made to harm.",
                                             path.string(), base::size_text(most)));
    }
    if (have == text.size()) text.resize(text.size() * 2);
  }
  text.resize(have);
  return text;
}

}  // namespace

std::string file_bytes(const std::filesystem::path& path, std::int64_t most) { return base::small_file(path, most); }

std::string file_text(const std::filesystem::path& path) {
  const auto size = base::SourceFile(path).size();
  const base::Budget budget(path.string(), size);
  auto bytes = file_bytes(path, budget.limit());
  const std::string_view codec = bytes.starts_with("\x1F\x8B")           ? "gzip"
                                 : bytes.starts_with("\x28\xB5\x2F\xFD") ? "zstd"
                                                                         : "";
  if (bytes.starts_with("PK\x03\x04")) return only_member(path, budget.limit() / 2);
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
