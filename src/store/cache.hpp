// cache.hpp -- local copies of objects, by their content.
//
// Invariants:
//   1. An entry is named by uid and digest and never changes: different content is a different entry.
//   2. An entry appears by one rename, after its digest was verified.
//   3. A hit is returned only if size, inode, modification and change time of every file are those noted when it was
//      verified; anything else is hashed again, and fetched again if it differs.
//   4. Eviction takes the least recently used entries, under a lock file, and spares those used in the last minutes: a
//      path that was returned is about to be opened.
// Safe under concurrent processes.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>
#include "store/store.hpp"

namespace lamin::store {

struct CacheOptions {
  std::int64_t max_bytes = std::int64_t{50} << 30;
  std::chrono::seconds spare = std::chrono::minutes(10);  ///< entries used within this time are not evicted
};

/// One copy in the cache.
struct CacheEntry {
  std::string uid = {};
  std::filesystem::path folder = {};  ///< holds the object, and a note of what was verified
  std::int64_t bytes = 0;
  std::int64_t used = 0;  ///< seconds since 1970
};

/// What a store did not keep of a folder: paths of executable files and of empty folders in it.
struct FolderShape {
  std::vector<std::string> executables = {}, empty_folders = {};
};

class Cache {
 public:
  explicit Cache(std::filesystem::path folder, CacheOptions options = {});

  /// A local path with the content of `key` in `source`, with the same ending as the key ("a.h5ad"). `digest` is BLAKE3
  /// as base::hash_path returns it; "" accepts any content (then only the uid names it). Throws not_found, corrupt (the
  /// source holds something else), unavailable. The path belongs to the cache: do not write to it.
  std::filesystem::path materialise(std::string_view uid, std::string_view digest, Store& source, std::string_view key,
                                    const FolderShape& shape = {});
  /// The same if it is cached, otherwise "".
  std::filesystem::path find(std::string_view uid, std::string_view digest, std::string_view key);
  void remove(std::string_view uid);  ///< every content of a uid
  void clear();
  std::int64_t bytes() const;
  std::vector<CacheEntry> list() const;  ///< the last used first
  /// Evicts down to the size limit. `materialise` calls it.
  void trim();

 private:
  std::filesystem::path entry(std::string_view uid, std::string_view digest) const;

  std::filesystem::path folder_;
  CacheOptions options_;
};

}  // namespace lamin::store
