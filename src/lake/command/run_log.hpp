// run_log.hpp -- what a command prints, kept until its run is finished.
#pragma once
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <filesystem>
#include <string>
#include "base/path.hpp"
#include "lamin/error.hpp"

namespace lamin::lake {

/// A file in the cache folder; removed with this if it is finished.
class Log {
 public:
  explicit Log(const std::string& run) : path_(base::cache_folder() / fmt::format("run_logs_{}.txt", run)) {
    std::filesystem::create_directories(path_.parent_path());
    const int number = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (number < 0)
      throw Error(Code::unavailable, fmt::format("'{}' could not be written: is the disk full?", path_.string()));
    ::close(number);
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() {
    std::error_code ignored;
    if (finished) std::filesystem::remove(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }
  bool finished = false;

 private:
  std::filesystem::path path_;
};

}  // namespace lamin::lake
