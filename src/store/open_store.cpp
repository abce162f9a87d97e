#include <fmt/format.h>
#include "store/store.hpp"

namespace lamin::store {

std::unique_ptr<Store> open_store(std::string_view root, bool create) {
  auto scheme_end = root.find("://");
  if (scheme_end == std::string_view::npos) {
    if (root.empty()) {
      throw Error(Code::invalid_argument, "A storage needs a root: pass a folder, such as './my-data'.");
    }
    return open_local(root, create);
  }
  auto scheme = root.substr(0, scheme_end), rest = root.substr(scheme_end + 3);
  if (scheme == "file") {
    if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
    return open_local(rest, create);
  }
  if (scheme == "memory") return open_memory();
  throw Error(Code::unsupported,
              fmt::format("The storage '{}' cannot be opened: '{}://' is not built in. Built in are folders, file:// "
                          "and memory://.",
                          root, scheme));
}

}  // namespace lamin::store
