// places.hpp -- which files of a machine are data, and which belong to the machine or to what is installed on it.
//
// One table (places.cpp) says so by folders, names and suffixes; what only shows when a program starts, such as the
// folder of its Python environment, is added then. Folders of data, such as storages, take precedence.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::process {

enum class Role : std::uint8_t {
  system,       ///< of the kernel or of LaminDB itself: not counted
  environment,  ///< of what is installed: programs, libraries, settings. Counted, not listed
  scratch,      ///< temporary: listed, not registered unless asked for
  data,
};

class Places {
 public:
  /// `data`: folders whose files are data wherever they are. The home folder and the folder for temporary files are
  /// those of the environment.
  explicit Places(std::vector<std::string> data = {});

  /// Of an absolute path.
  Role role(std::string_view path) const;
  /// Whether it is in a folder of data.
  bool is_known_data(std::string_view path) const;
  /// A program was started from this path: its installation becomes part of the environment.
  void started(const std::string& program);

 private:
  std::vector<std::string> data_, installed_, scratch_;
  std::string home_;
};

}  // namespace lamin::process
