// attach.hpp -- what is kept about a run as files: its log or page, its environment.
#pragma once
#include <filesystem>
#include <string>
#include "lamin/artifact.hpp"

namespace lamin::lake {

/// Saves bytes as an artifact of the runs' own kind, or finds the one with this content, and points `field` of the run
/// at it, in one commit with the run's other fields. The caller has taken out secrets.
void attach(Instance& instance, Record& run, const char* field, Source source, const std::string& description);

/// A copy of a text of any size without secrets, removed with this object.
class RedactedCopy {
 public:
  explicit RedactedCopy(const std::filesystem::path& text);
  RedactedCopy(const RedactedCopy&) = delete;
  RedactedCopy& operator=(const RedactedCopy&) = delete;
  ~RedactedCopy();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A name with a suffix that LaminDB knows, for a text: "requirements.txt", "uv.lock.txt".
std::string file_name(const std::string& name);

}  // namespace lamin::lake
