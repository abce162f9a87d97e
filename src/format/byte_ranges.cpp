#include "format/byte_ranges.hpp"
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include "lamin/error.hpp"

namespace lamin::format {

std::size_t LocalReader::read_at(std::int64_t offset, std::span<std::uint8_t> into) const {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto got =
        pread(file_.descriptor(), into.data() + done, into.size() - done, offset + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) base::fail_read(errno, file_.path());
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

void read_exactly(const store::Reader& reader, std::int64_t offset, std::span<std::uint8_t> into,
                  const std::string& name) {
  const bool inside =
      offset >= 0 && offset <= reader.size() && static_cast<std::int64_t>(into.size()) <= reader.size() - offset;
  if (inside && reader.read_at(offset, into) == into.size()) return;
  throw Error(Code::corrupt,
              fmt::format("'{}' ends before byte {}, where it says that there is data: it was cut off or "
                          "damaged. Get or write it again.",
                          name, offset + static_cast<std::int64_t>(into.size())));
}

void Pages::read(std::int64_t offset, std::span<std::uint8_t> into) {
  const auto end = offset + static_cast<std::int64_t>(into.size());
  for (auto at = offset; at < end;) {
    const auto page = at / page_size;
    auto found = pages_.find(page);
    if (found == pages_.end()) {
      std::vector<std::uint8_t> bytes(
          static_cast<std::size_t>(std::min(page_size, reader_->size() - page * page_size)));
      read_exactly(*reader_, page * page_size, bytes, name_);
      fetched_ += static_cast<std::int64_t>(bytes.size());
      found = pages_.emplace(page, std::move(bytes)).first;
    }
    const auto from = at - page * page_size, count = std::min(page_size - from, end - at);
    std::copy_n(found->second.begin() + from, count, into.begin() + (at - offset));
    at += count;
  }
}

}  // namespace lamin::format
