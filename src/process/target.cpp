#include "process/target.hpp"
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/uio.h>
#include <unistd.h>
#include <algorithm>
#include <climits>
#include <cstring>

namespace lamin::process {
namespace {

/// Bytes of another process; how many could be read, from the beginning.
std::size_t read_memory(pid_t process, std::uint64_t at, char* into, std::size_t size) {
  // Up to the end of a page at once: the next may not exist.
  constexpr std::uint64_t page = 4096;
  std::size_t done = 0;
  while (done < size) {
    const auto piece = std::min<std::size_t>(size - done, page - (at + done) % page);
    iovec local{into + done, piece};
    iovec remote{reinterpret_cast<void*>(at + done), piece};  // NOLINT(performance-no-int-to-ptr)
    const auto n = ::process_vm_readv(process, &local, 1, &remote, 1, 0);
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
    if (std::memchr(into + done - static_cast<std::size_t>(n), 0, static_cast<std::size_t>(n)) != nullptr) break;
  }
  return done;
}

std::string read_text(pid_t process, std::uint64_t at) {
  char text[PATH_MAX];
  const auto size = read_memory(process, at, text, sizeof text);
  const auto* end = static_cast<const char*>(std::memchr(text, 0, size));
  return end == nullptr ? "" : std::string(static_cast<const char*>(text), end);
}

std::string link_of(pid_t process, const std::string& name) {
  char text[PATH_MAX];
  const auto path = "/proc/" + std::to_string(process) + "/" + name;
  const auto size = ::readlink(path.c_str(), text, sizeof text);
  return size <= 0 ? "" : std::string(text, static_cast<std::size_t>(size));
}

/// "/a/./b//c" as "/a/b/c". ".." stays: what is above depends on links.
std::string tidy(const std::string& path) {
  if (path.find("/./") == path.npos && path.find("//") == path.npos && !path.ends_with('/')) return path;
  std::string out;
  for (std::size_t i = 0; i < path.size();) {
    const auto end = std::min(path.find('/', i), path.size());
    const auto part = std::string_view(path).substr(i, end - i);
    if (!part.empty() && part != ".") (out += '/') += part;
    i = end + 1;
  }
  return out.empty() ? "/" : out;
}

class Reader {
 public:
  explicit Reader(const Pending& pending) : pending_(pending) {}

  std::uint64_t argument(int i) const { return i < 0 ? 0 : pending_.arguments.at(static_cast<std::size_t>(i)); }

  std::string path(int folder, int path) const {
    const auto text = read_text(pending_.process, argument(path));
    if (text.starts_with('/')) return tidy(text);
    const auto number = folder < 0 ? AT_FDCWD : static_cast<int>(argument(folder));
    const auto base = number == AT_FDCWD ? link_of(pending_.process, "cwd")
                                         : link_of(pending_.process, "fd/" + std::to_string(number));
    if (!base.starts_with('/')) return "";
    return text.empty() ? base : tidy(base + '/' + text);
  }

 private:
  const Pending& pending_;
};

int flags_of(const Call& call, const Reader& reader, const Pending& pending) {
  if (call.what == What::create) return O_CREAT | O_WRONLY | O_TRUNC;
  if (call.what == What::truncate) return O_WRONLY;
  if (call.what != What::open_how) return static_cast<int>(reader.argument(call.flags));
  std::uint64_t flags = 0;
  iovec local{&flags, sizeof flags};
  iovec remote{reinterpret_cast<void*>(reader.argument(call.flags)), sizeof flags};  // NOLINT
  return ::process_vm_readv(pending.process, &local, 1, &remote, 1, 0) > 0 ? static_cast<int>(flags) : 0;
}

void note_it(Witness& witness, const Told& told) {
  switch (told.what) {
    case What::open: return witness.opened(told.path, told.flags);
    case What::rename: return witness.renamed(told.path, told.other, told.exchange);
    case What::link: return witness.linked(told.path, told.other);
    case What::remove: return witness.removed(told.path);
    case What::execute: return witness.executed(told.path);
    default: return;
  }
}

}  // namespace

bool Told::changes() const {
  if (what == What::execute) return false;
  return what != What::open || (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) != O_RDONLY;
}

Told read_call(const Pending& pending) {
  Told told;
  const auto* call = call_of(pending.architecture, pending.number);
  if (call == nullptr) return told;
  const Reader reader(pending);
  const auto flags = flags_of(*call, reader, pending);
  const bool opens = call->what == What::open || call->what == What::open_how || call->what == What::create;
  if (opens && (flags & (O_PATH | O_DIRECTORY)) != 0) return told;
  told.path = reader.path(call->folder, call->path);
  if (told.path.empty()) return told;
  told.what = opens || call->what == What::truncate ? What::open : call->what;
  told.flags = flags;
  if (call->other_path >= 0) {
    told.other = reader.path(call->other_folder, call->other_path);
    if (told.other.empty()) told.what = What::unseen;
    told.exchange = call->what == What::rename && call->flags >= 0 && (flags & RENAME_EXCHANGE) != 0;
  }
  return told;
}

void note(Witness& witness, const Told& told) noexcept {
  if (told.what == What::unseen || !witness.matters(told.path)) return;
  try {
    note_it(witness, told);
  } catch (const std::exception&) {  // out of memory: the program, which waits, is not to fail
    return;
  }
}

}  // namespace lamin::process
