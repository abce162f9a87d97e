// schemes.hpp -- places of schemes that are not built in ("hf://", "sftp://"), read through functions of the program.
//
// Built in are folders, s3://, gs://, az://, http(s):// and memory://. A program that can read others says so once, for
// the whole process; from then on their files are registered, cached, loaded and read in parts as those of a bucket
// that can only be read. Python does it with fsspec, so that every scheme that fsspec knows works there.
//
// Example: examples/cpp/schemes.cpp
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "lamin/source.hpp"

namespace lamin {

struct ForeignFile {
  std::string key = {};  ///< below the place, without leading "/"
  std::int64_t size = 0;
  std::string stamp = {};  ///< changes when the file is rewritten; empty if that cannot be seen
  std::string hash = {};   ///< what the server says of the content, as artifact.hash has it; empty if it says nothing
  std::string hash_type = {};  ///< "sha1"
};

/// What lies at "scheme://place". Keys are below it; functions throw lamin::Error (not_found, no_access, unavailable)
/// and may be called from any thread.
class ForeignStore {
 public:
  virtual ~ForeignStore() = default;
  virtual std::optional<ForeignFile> stat(const std::string& key) = 0;  ///< nullopt: there is no file
  virtual bool is_folder(const std::string& key) = 0;
  virtual std::vector<ForeignFile> list(const std::string& folder) = 0;  ///< all files below
  /// Fills `into` from `offset`; returns the number of bytes, fewer only at the end.
  virtual std::size_t read(const std::string& key, std::int64_t offset, std::span<std::uint8_t> into) = 0;
};

struct ForeignSchemes {
  /// Whether it is one of them; asked often, so nothing is opened.
  std::function<bool(std::string_view scheme)> knows = {};
  /// The store at "scheme://place". Throws unsupported, saying what is missing, no_access, unavailable.
  std::function<std::unique_ptr<ForeignStore>(const Uri& place)> open = {};
};
/// For schemes that are not built in; without functions, none.
void read_schemes_with(ForeignSchemes schemes);

}  // namespace lamin
