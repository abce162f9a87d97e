// open_store.cpp -- the stores that are built in, by scheme, and reading from any of them.
#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include "lamin/source.hpp"
#include "store/store.hpp"

namespace lamin::store {

std::size_t BytesReader::read_at(std::int64_t offset, std::span<std::uint8_t> into) const {
  if (offset >= size()) return 0;
  const auto count = std::min(into.size(), bytes_.size() - static_cast<std::size_t>(offset));
  std::memcpy(into.data(), bytes_.data() + offset, count);
  return count;
}

void read_all(const Reader& from, const std::function<void(std::span<const std::uint8_t>)>& piece) {
  constexpr std::int64_t most = 8 << 20;
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(std::min(most, from.size() + 1)));
  for (std::int64_t at = 0;;) {
    const auto count = from.read_at(at, buffer);
    if (count == 0) return;
    piece({buffer.data(), count});
    at += static_cast<std::int64_t>(count);
  }
}

std::unique_ptr<Store> open_store(std::string_view root, const StoreOptions& options) {
  const auto uri = Uri::parse(root);
  if (!uri) {
    if (root.empty()) {
      throw Error(Code::invalid_argument, "A storage needs a root: pass a folder, such as './my-data'.");
    }
    return open_local(root, options.create);
  }
  if (uri->scheme == "file") return open_local("/" + uri->key, options.create);
  if (uri->scheme == "memory") return open_memory();
  throw Error(Code::unsupported,
              fmt::format("The storage '{}' cannot be opened: '{}://' is not built in. Built in are folders, file:// "
                          "and memory://.",
                          root, uri->scheme));
}

}  // namespace lamin::store
