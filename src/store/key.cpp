#include "store/key.hpp"
#include <fmt/format.h>
#include "base/path.hpp"
#include "lamin/error.hpp"

namespace lamin::store {

std::string clean_key(std::string_view key) {
  base::check_path(key);
  std::string clean;
  clean.reserve(key.size());
  for (char c : key) {
    if (c != '/' || (!clean.empty() && clean.back() != '/')) clean += c;
  }
  if (!clean.empty() && clean.back() == '/') clean.pop_back();
  if (clean == staging_folder || clean.starts_with(std::string(staging_folder) + "/")) {
    throw Error(
        Code::invalid_argument,
        fmt::format("The key '{}' lies in '{}', which is reserved for unfinished writes: choose another folder.", key,
                    staging_folder));
  }
  return clean;
}

std::string clean_folder(std::string_view folder) { return folder.empty() ? std::string() : clean_key(folder); }

}  // namespace lamin::store
