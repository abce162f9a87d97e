#include "format/archive.hpp"
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include "base/source_file.hpp"
#include "format/codecs.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void broken(const std::string& path, std::string_view why) {
  throw Error(Code::corrupt, fmt::format("'{}' is a broken archive: {}; get it again.", path, why));
}

/// Bytes of a file from `at` on.
std::string bytes_at(const base::SourceFile& file, std::int64_t at, std::size_t size) {
  std::string out(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const auto n =
        ::pread(file.descriptor(), out.data() + have, size - have, static_cast<off_t>(at) + static_cast<off_t>(have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) base::fail_read(errno, file.path());
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  out.resize(have);
  return out;
}

std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width && at + i < bytes.size(); ++i)
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return value;
}

/// The list of files: where it is, and how many records it has.
struct Directory {
  std::int64_t offset = 0, size = 0;
  std::uint64_t records = 0;
};

/// Of an archive larger than 4 GiB, or of more than 65,535 files.
Directory large_directory(const base::SourceFile& file, std::string_view tail, std::size_t end) {
  const auto locator = tail.rfind("PK\x06\x07", end);
  if (locator == tail.npos) broken(file.path(), "it has no list of its files at the end");
  const auto at = static_cast<std::int64_t>(little(tail, locator + 8, 8));
  const auto record = at < 0 || at > file.size() ? std::string() : bytes_at(file, at, 56);
  if (!record.starts_with("PK\x06\x06")) broken(file.path(), "it has no list of its files where it says");
  return {static_cast<std::int64_t>(little(record, 48, 8)), static_cast<std::int64_t>(little(record, 40, 8)),
          little(record, 32, 8)};
}

/// The list is said at the end of the archive, after which only a comment may come.
Directory directory_of(const base::SourceFile& file) {
  constexpr std::size_t record = 22, longest_comment = 65535;
  constexpr std::uint64_t in_large = 0xFFFFFFFF, many = 0xFFFF;
  const auto tail_size = std::min<std::int64_t>(file.size(), record + longest_comment);
  const auto tail = bytes_at(file, file.size() - tail_size, static_cast<std::size_t>(tail_size));
  const auto at = tail.rfind("PK\x05\x06");
  if (at == tail.npos || tail.size() - at < record) broken(file.path(), "it has no list of its files at the end");
  const auto offset = little(tail, at + 16, 4), size = little(tail, at + 12, 4), records = little(tail, at + 10, 2);
  Directory found{static_cast<std::int64_t>(offset), static_cast<std::int64_t>(size), records};
  const bool large = offset == in_large || size == in_large || records == many;
  if (large && (offset == in_large || size == in_large || tail.rfind("PK\x06\x07", at) != tail.npos))
    found = large_directory(file, tail, at);
  if (found.offset < 0 || found.size < 0 || found.size > file.size() || found.offset > file.size() - found.size)
    broken(file.path(), "its list of files is not inside of it");
  return found;
}

/// Sizes and places beyond 4 GiB are in an extra field.
void take_large(std::string_view extra, ZipMember& member) {
  constexpr std::int64_t in_extra = 0xFFFFFFFF;
  for (; extra.size() >= 4;
       extra.remove_prefix(std::min(extra.size(), 4 + static_cast<std::size_t>(little(extra, 2, 2))))) {
    if (little(extra, 0, 2) != 1) continue;
    std::size_t at = 4;
    for (auto* value : {&member.size, &member.stored, &member.offset}) {
      if (*value != in_extra) continue;
      *value = static_cast<std::int64_t>(little(extra, at, 8));
      at += 8;
    }
    return;
  }
}

class Range final : public ByteStream {
 public:
  Range(const fs::path& path, std::int64_t at, std::int64_t size) : file_(path.string()), at_(at), left_(size) {}
  std::size_t read(std::span<char> into) override {
    const auto n = std::min<std::int64_t>(left_, static_cast<std::int64_t>(into.size()));
    const auto got = bytes_at(file_, at_, static_cast<std::size_t>(n));
    std::memcpy(into.data(), got.data(), got.size());
    at_ += static_cast<std::int64_t>(got.size());
    left_ -= static_cast<std::int64_t>(got.size());
    return got.size();
  }

 private:
  base::SourceFile file_;
  std::int64_t at_, left_;
};

/// What a file of a zip archive holds is compared with what the archive says of it.
class Checked final : public ByteStream {
 public:
  Checked(std::unique_ptr<ByteStream> bytes, const ZipMember& member, std::string archive)
      : bytes_(std::move(bytes)), member_(member), archive_(std::move(archive)) {}
  std::size_t read(std::span<char> into) override {
    try {
      const auto n = bytes_->read(into);
      crc_ = codecs().crc32(crc_, {into.data(), n});
      read_ += static_cast<std::int64_t>(n);
      if (n == 0 && !into.empty()) check_end();
      if (read_ > member_.size) fail(fmt::format("holds more than the {} bytes that it should", member_.size));
      return n;
    } catch (Error& error) {
      error.add_context(fmt::format("while reading '{}' in '{}'", member_.name, archive_));
      throw;
    }
  }

 private:
  void check_end() const {
    if (read_ != member_.size) fail(fmt::format("holds {} bytes instead of {}", read_, member_.size));
    if (crc_ != member_.crc) fail("has another checksum than it should");
  }
  [[noreturn]] void fail(std::string_view why) const { broken(archive_, fmt::format("'{}' {}", member_.name, why)); }

  std::unique_ptr<ByteStream> bytes_;
  ZipMember member_;
  std::string archive_;
  std::int64_t read_ = 0;
  std::uint32_t crc_ = 0;
};

/// A file of a tar archive: its bytes come next in the archive's.
class TarMember final : public ByteStream {
 public:
  TarMember(ByteStream& bytes, std::int64_t size, const std::string& name) : bytes_(bytes), left_(size), name_(name) {}
  std::size_t read(std::span<char> into) override {
    const auto most = std::min<std::int64_t>(left_, static_cast<std::int64_t>(into.size()));
    if (most == 0) return 0;
    const auto n = bytes_.read(into.first(static_cast<std::size_t>(most)));
    if (n == 0) broken(name_, "it ends too early");
    left_ -= static_cast<std::int64_t>(n);
    return n;
  }
  void skip_rest() {
    std::array<char, 1 << 16> into = {};
    while (read(into) > 0) {}
  }

 private:
  ByteStream& bytes_;
  std::int64_t left_;
  const std::string& name_;
};

/// False at the very end.
bool read_block(ByteStream& bytes, std::span<char> block, const std::string& name) {
  std::size_t have = 0;
  while (have < block.size()) {
    const auto n = bytes.read(block.subspan(have));
    if (n == 0 && have == 0) return false;
    if (n == 0) broken(name, "it ends too early");
    have += n;
  }
  return true;
}

std::int64_t octal(std::string_view text) {
  std::int64_t value = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '7') value = value * 8 + (c - '0');
  }
  return value;
}

}  // namespace

std::vector<ZipMember> zip_members(const fs::path& path) {
  constexpr std::size_t header = 46, most = std::size_t{64} << 20;
  const base::SourceFile file(path.string());
  const auto directory = directory_of(file);
  if (static_cast<std::size_t>(directory.size) > most) broken(path.string(), "its list of files is too long");
  const auto list = bytes_at(file, directory.offset, static_cast<std::size_t>(directory.size));
  std::vector<ZipMember> members;
  std::uint64_t records = 0;
  for (std::string_view rest = list; rest.size() >= header && rest.starts_with("PK\x01\x02"); ++records) {
    constexpr std::uint64_t encrypted = 1;
    const auto name = static_cast<std::size_t>(little(rest, 28, 2)),
               extra = static_cast<std::size_t>(little(rest, 30, 2)),
               comment = static_cast<std::size_t>(little(rest, 32, 2));
    if (rest.size() < header + name + extra) broken(path.string(), "its list of files is cut short");
    ZipMember member{.name = std::string(rest.substr(header, name)),
                     .offset = static_cast<std::int64_t>(little(rest, 42, 4)),
                     .stored = static_cast<std::int64_t>(little(rest, 20, 4)),
                     .size = static_cast<std::int64_t>(little(rest, 24, 4)),
                     .method = static_cast<int>(little(rest, 10, 2)),
                     .crc = static_cast<std::uint32_t>(little(rest, 16, 4)),
                     .encrypted = (little(rest, 8, 2) & encrypted) != 0};
    take_large(rest.substr(header + name, extra), member);
    rest.remove_prefix(std::min(rest.size(), header + name + extra + comment));
    if (!member.name.ends_with('/')) members.push_back(std::move(member));
  }
  if (records != directory.records) {
    broken(path.string(), fmt::format("its list names {} files, and should name {}", records, directory.records));
  }
  return members;
}

std::unique_ptr<ByteStream> open_member(const fs::path& path, const ZipMember& member) {
  constexpr std::int64_t header = 30;
  constexpr int deflate = 8;
  if (member.encrypted) {
    throw Error(Code::unsupported, fmt::format("'{}' in '{}' has a password: unpack it.", member.name, path.string()));
  }
  if (member.method != 0 && member.method != deflate) {
    throw Error(Code::unsupported, fmt::format("'{}' in '{}' is compressed by method {} of zip; 0 and 8 (deflate) are "
                                               "read: unpack it.",
                                               member.name, path.string(), member.method));
  }
  const base::SourceFile file(path.string());
  if (member.offset < 0 || member.offset > file.size()) broken(path.string(), member.name + " is not inside of it");
  const auto local = bytes_at(file, member.offset, header);
  if (local.size() < header || !local.starts_with("PK\x03\x04"))
    broken(path.string(), member.name + " is not where it says");
  const auto begin = member.offset + header + static_cast<std::int64_t>(little(local, 26, 2) + little(local, 28, 2));
  if (member.stored < 0 || begin > file.size() || member.stored > file.size() - begin)
    broken(path.string(), member.name + " is not inside of it");
  std::unique_ptr<ByteStream> bytes = std::make_unique<Range>(path, begin, member.stored);
  if (member.method == deflate) bytes = codecs().stream("deflate", std::move(bytes));
  return std::make_unique<Checked>(std::move(bytes), member, path.string());
}

bool is_tar(std::string_view begin) { return begin.size() >= 262 && begin.substr(257, 5) == "ustar"; }

void each_in_tar(ByteStream& bytes, const std::string& name,
                 const std::function<void(std::string_view, ByteStream&)>& use) {
  std::array<char, tar_block> block = {};
  while (read_block(bytes, block, name)) {
    const std::string_view header(block.data(), block.size());
    if (header.front() == '\0') return;  // blocks of zeros end it
    const auto size = octal(header.substr(124, 12));
    const auto kind = header[156];
    TarMember member(bytes, size, name);
    if (kind == '0' || kind == '\0') use(header.substr(0, std::min(tar_name, header.find('\0'))), member);
    member.skip_rest();
    const auto padding = (tar_block - static_cast<std::size_t>(size) % tar_block) % tar_block;
    std::array<char, tar_block> rest = {};
    if (padding > 0) read_block(bytes, std::span(rest).first(padding), name);
  }
}

}  // namespace lamin::format
