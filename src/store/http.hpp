// http.hpp -- files from the web: http, https and ftp, nothing else.
//
// A download is written beside its place ("x.parquet.part"), continued where an earlier one was cut off, and gets its
// name when it is whole. libcurl does the work; it honours http_proxy and the like.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace lamin::store {

struct Download {
  std::string url;
  std::filesystem::path to;  ///< its folder is made
  /// Bytes that are there, and in all (0 = unknown).
  std::function<void(std::int64_t, std::int64_t)> progress = {};
  /// Sees the whole file before it gets its name; what it throws is thrown, and the file goes.
  std::function<void(const std::filesystem::path&)> check = {};
};

/// False if the server says that there is no such file. Throws unavailable (no network, a server that fails, a full
/// disk) and invalid_argument (another scheme).
bool download(const Download& wanted);

}  // namespace lamin::store
