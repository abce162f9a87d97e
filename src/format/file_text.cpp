#include "format/file_text.hpp"
#include <fmt/format.h>
#include "base/budget.hpp"
#include "base/source_file.hpp"
#include "format/byte_stream.hpp"
#include "format/codecs.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

/// No more than a file of its size may hold.
class Limited final : public ByteStream {
 public:
  Limited(std::unique_ptr<ByteStream> bytes, std::string name, std::int64_t most)
      : bytes_(std::move(bytes)), name_(std::move(name)), most_(most) {}
  std::size_t read(std::span<char> into) override {
    const auto n = bytes_->read(into);
    read_ += static_cast<std::int64_t>(n);
    if (read_ <= most_) return n;
    throw Error(Code::corrupt, fmt::format("'{}' holds more than {}, the most for a file of its size: it is damaged "
                                           "or made to harm. If you trust it, set LAMIN_READ_BUDGET, for instance to "
                                           "8GB.",
                                           name_, base::size_text(most_)));
  }

 private:
  std::unique_ptr<ByteStream> bytes_;
  std::string name_;
  std::int64_t most_, read_ = 0;
};

std::string all_of(ByteStream& bytes) {
  std::string text(std::size_t{1} << 20, '\0');
  std::size_t have = 0;
  while (const auto n = bytes.read(std::span(text).subspan(have))) {
    have += n;
    if (have == text.size()) text.resize(text.size() * 2);
  }
  text.resize(have);
  return text;
}

}  // namespace

std::string file_bytes(const std::filesystem::path& path, std::int64_t most) { return base::small_file(path, most); }

std::unique_ptr<ByteStream> open_text(const std::filesystem::path& path) {
  const base::Budget budget(path.string(), base::SourceFile(path).size());
  return std::make_unique<Limited>(open_bytes(path), path.string(), budget.limit() / 2);
}

std::string file_text(const std::filesystem::path& path) {
  const auto size = base::SourceFile(path).size();
  const base::Budget budget(path.string(), size);
  auto bytes = file_bytes(path, budget.limit());
  const auto codec = codec_of(bytes);
  if (is_zip(bytes)) return all_of(*open_text(path));
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
