// byte_stream.hpp -- a file from beginning to end, decompressed on the way, in little memory: gzip, zstd, and the
// members of zip and tar archives. What a file is, its first bytes say.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamin::format {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Fills `into` as far as it can; 0 = the end. Throws corrupt (broken or cut short) and what reading throws.
  virtual std::size_t read(std::span<char> into) = 0;
};

/// A text in memory, which must outlive it.
class TextBytes final : public ByteStream {
 public:
  explicit TextBytes(std::string_view text) : left_(text) {}
  std::size_t read(std::span<char> into) override;

 private:
  std::string_view left_;
};

/// What the first bytes of a file say: "gzip", "zstd" or "" (neither); a zip archive, which may be empty.
std::string_view codec_of(std::string_view begin);
bool is_zip(std::string_view begin);

/// Up to `most` bytes of the stream, which then begins with them again.
std::string peek(std::unique_ptr<ByteStream>& bytes, std::size_t most);

/// Plain, gzip or zstd; of a zip archive its only file. Throws what base::SourceFile throws; unsupported for an archive
/// of several files, naming them, and for a workbook of Excel. What reading throws says which file it is of.
std::unique_ptr<ByteStream> open_bytes(const std::filesystem::path& path);

/// Whether it is a folder, or starts like a zip or tar archive (also compressed).
bool has_members(const std::filesystem::path& path);
/// What the archive names first: of a tar one file, of a zip all.
std::vector<std::string> first_members(const std::filesystem::path& path);
/// Each file in an archive, or right in a folder, in the order that it has there. `use` reads as much as it likes.
void each_member(const std::filesystem::path& path,
                 const std::function<void(std::string_view name, ByteStream& bytes)>& use);

/// A stream by lines, without their ends ("\n" or "\r\n").
class Lines {
 public:
  static constexpr std::size_t longest = std::size_t{64} << 20;
  explicit Lines(ByteStream& bytes, std::string name_for_messages = "a text")
      : bytes_(bytes), name_(std::move(name_for_messages)) {}
  /// False at the end; `line` is valid until the next call. Throws corrupt for a line beyond `longest` bytes.
  bool next(std::string_view& line);
  std::int64_t number() const { return number_; }  ///< of the line, from 1
  bool ended_by_newline() const { return newline_; }
  const std::string& name() const { return name_; }

 private:
  bool more();
  ByteStream& bytes_;
  std::string name_, buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::int64_t number_ = 0;
  bool ended_ = false, newline_ = true;
};

}  // namespace lamin::format
