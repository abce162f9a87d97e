// fresh_file.hpp -- a file or folder that is written beside its place and put there once it is whole.
#pragma once
#include <filesystem>

namespace lamin::base {

class FreshFile {
 public:
  /// Nothing is written yet. A target that is a link stays one: what it points to is replaced.
  explicit FreshFile(const std::filesystem::path& target);
  FreshFile(const FreshFile&) = delete;
  FreshFile& operator=(const FreshFile&) = delete;
  ~FreshFile();  ///< removes what was not put in place
  /// Where to write: in the same folder, with the same suffix.
  const std::filesystem::path& path() const { return path_; }
  /// Durable on return. A file that it replaces passes its permissions on; without `replace` an existing one is a
  /// conflict. Throws no_access, unavailable.
  void put(bool replace = true);

 private:
  std::filesystem::path target_, path_;
};

}  // namespace lamin::base
