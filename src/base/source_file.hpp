// source_file.hpp -- opens a file that somebody else named: a FIFO, socket or device is refused, never waited for.
#pragma once
#include <sys/types.h>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lamin::base {

/// Throws the Error for an errno met while reading `path`: not_found, no_access, conflict (a link where there was a
/// file or folder), invalid_argument, unavailable.
[[noreturn]] void fail_read(int error, const std::string& path);
/// Throws conflict: the file changed while it was read.
[[noreturn]] void throw_changed();
/// What something is that is not a file, folder or link: "a named pipe (FIFO)", "a socket", "a device".
std::string_view kind_name(mode_t mode);

/// Opens only regular files; a pipe, which could block its reader, is refused by name.
class SourceFile {
 public:
  /// `may_be_link` false: the path was a file when last looked at, so a link there now is a change.
  explicit SourceFile(const std::string& path, bool may_be_link = true);
  SourceFile(SourceFile&& other) noexcept;
  SourceFile& operator=(SourceFile&&) = delete;
  ~SourceFile();

  const std::string& path() const { return path_; }
  int descriptor() const { return descriptor_; }
  std::int64_t size() const { return size_; }            ///< bytes, at the time of opening
  bool is_executable() const { return is_executable_; }  ///< by its owner
  bool may_have_holes() const { return may_have_holes_; }
  /// Fills `into`; returns bytes read, 0 at the end.
  std::size_t read_some(std::span<std::uint8_t> into) const;
  /// Fills `into` from there, whatever was read before, also on several threads; returns fewer bytes only at the end.
  std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const;
  /// The same, of what `size` says is there. Throws conflict if it is not: the file changed.
  void read_whole(std::int64_t offset, std::span<std::uint8_t> into) const;
  void refuse_more() const;  ///< throws conflict if the file has grown

 private:
  std::string path_;
  int descriptor_;
  std::int64_t size_ = 0;
  bool is_executable_ = false, may_have_holes_ = false;
};

/// Only the descriptor; the caller closes it. Throws as SourceFile does.
int open_regular(const std::string& path);
/// The content of a file that should be small. Throws as above, and corrupt beyond `most` bytes.
std::string small_file(const std::string& path, std::int64_t most);

}  // namespace lamin::base
