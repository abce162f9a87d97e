#include "format/byte_stream.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstring>
#include "base/source_file.hpp"
#include "format/archive.hpp"
#include "format/codecs.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;

/// What reading throws says which file it is of.
class Named final : public ByteStream {
 public:
  Named(std::unique_ptr<ByteStream> bytes, std::string name) : bytes_(std::move(bytes)), name_(std::move(name)) {}
  std::size_t read(std::span<char> into) override {
    try {
      return bytes_->read(into);
    } catch (Error& error) {
      error.add_context(fmt::format("while reading '{}'", name_));
      throw;
    }
  }

 private:
  std::unique_ptr<ByteStream> bytes_;
  std::string name_;
};

class FileBytes final : public ByteStream {
 public:
  explicit FileBytes(const fs::path& path) : file_(path.string()) {}
  std::size_t read(std::span<char> into) override {
    return file_.read_some({reinterpret_cast<std::uint8_t*>(into.data()), into.size()});
  }

 private:
  base::SourceFile file_;
};

/// What was read ahead to look at it, then the rest.
class Again final : public ByteStream {
 public:
  Again(std::string begin, std::unique_ptr<ByteStream> rest) : begin_(std::move(begin)), rest_(std::move(rest)) {}
  std::size_t read(std::span<char> into) override {
    if (at_ == begin_.size()) return rest_->read(into);
    const auto n = std::min(into.size(), begin_.size() - at_);
    std::memcpy(into.data(), begin_.data() + at_, n);
    at_ += n;
    return n;
  }

 private:
  std::string begin_;
  std::size_t at_ = 0;
  std::unique_ptr<ByteStream> rest_;
};

std::unique_ptr<ByteStream> decompressed(const fs::path& path) {
  std::unique_ptr<ByteStream> bytes = std::make_unique<FileBytes>(path);
  const std::string codec(codec_of(peek(bytes, 4)));
  if (codec.empty()) return bytes;
  return std::make_unique<Named>(codecs().stream(codec, std::move(bytes)), path.string());
}

}  // namespace

std::size_t TextBytes::read(std::span<char> into) {
  const auto n = std::min(into.size(), left_.size());
  std::memcpy(into.data(), left_.data(), n);
  left_.remove_prefix(n);
  return n;
}

std::string peek(std::unique_ptr<ByteStream>& bytes, std::size_t most) {
  std::string begin(most, '\0');
  std::size_t have = 0;
  while (have < most) {
    const auto n = bytes->read(std::span(begin).subspan(have));
    if (n == 0) break;
    have += n;
  }
  begin.resize(have);
  bytes = std::make_unique<Again>(begin, std::move(bytes));
  return begin;
}

std::string_view codec_of(std::string_view begin) {
  if (begin.starts_with("\x1F\x8B")) return "gzip";
  return begin.starts_with("\x28\xB5\x2F\xFD") ? "zstd" : "";
}

bool is_zip(std::string_view begin) { return begin.starts_with("PK\x03\x04") || begin.starts_with("PK\x05\x06"); }

std::unique_ptr<ByteStream> open_bytes(const fs::path& path) {
  auto bytes = decompressed(path);
  if (!is_zip(peek(bytes, 4))) return bytes;
  const auto members = zip_members(path);
  if (std::ranges::any_of(members, [](const auto& one) { return one.name == "[Content_Types].xml"; })) {
    throw Error(Code::unsupported, fmt::format("'{}' is a workbook of Excel, which is not read: save its sheet as .csv "
                                               "or .tsv.",
                                               path.string()));
  }
  if (members.empty()) throw Error(Code::corrupt, fmt::format("'{}' is an archive without files.", path.string()));
  if (members.size() != 1) {
    std::string names;
    for (std::size_t i = 0; i < std::min<std::size_t>(members.size(), 5); ++i)
      names += (i == 0 ? "" : ", ") + members[i].name;
    throw Error(Code::unsupported,
                fmt::format("'{}' holds {} files ({}{}): take out the one that is meant.", path.string(),
                            members.size(), names, members.size() > 5 ? ", ..." : ""));
  }
  return open_member(path, members.front());
}

bool has_members(const fs::path& path) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) return true;
  auto bytes = decompressed(path);
  const auto begin = peek(bytes, tar_block);
  return is_zip(begin) || is_tar(begin);
}

std::vector<std::string> first_members(const fs::path& path) {
  std::vector<std::string> names;
  auto bytes = decompressed(path);
  const auto begin = peek(bytes, tar_block);
  if (is_zip(begin)) {
    for (auto& member : zip_members(path)) names.push_back(std::move(member.name));
  } else if (is_tar(begin)) {
    names.emplace_back(begin.substr(0, std::min<std::size_t>(begin.find('\0'), tar_name)));
  }
  return names;
}

void each_member(const fs::path& path, const std::function<void(std::string_view, ByteStream&)>& use) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(path)) {
      if (entry.is_regular_file(failed)) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    for (const auto& file : files) use(file.filename().string(), *decompressed(file));
    return;
  }
  auto bytes = decompressed(path);
  if (is_zip(peek(bytes, 4))) {
    for (const auto& member : zip_members(path)) use(member.name, *open_member(path, member));
    return;
  }
  each_in_tar(*bytes, path.string(), use);
}

bool Lines::more() {
  if (ended_) return false;
  constexpr std::size_t step = 1 << 18;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < step) buffer_.resize(std::max(buffer_.size() * 2, step * 2));
  const auto n = bytes_.read(std::span(buffer_).subspan(end_));
  end_ += n;
  ended_ = n == 0;
  return n > 0;
}

bool Lines::next(std::string_view& line) {
  std::size_t seen = begin_;
  for (;;) {
    const auto* at = static_cast<const char*>(std::memchr(buffer_.data() + seen, '\n', end_ - seen));
    if (at != nullptr) {
      line = std::string_view(buffer_).substr(begin_, static_cast<std::size_t>(at - buffer_.data()) - begin_);
      begin_ += line.size() + 1;
      newline_ = true;
      break;
    }
    const auto had = end_ - begin_;
    if (had > longest)
      throw Error(Code::corrupt, fmt::format("'{}', line {} is longer than {} MiB: this is not text by lines.", name_,
                                             number_ + 1, longest >> 20));
    if (more()) {
      seen = begin_ + had;
      continue;
    }
    if (had == 0) return false;
    line = std::string_view(buffer_).substr(begin_, had);
    begin_ = end_;
    newline_ = false;
    break;
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (++number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  return true;
}

}  // namespace lamin::format
