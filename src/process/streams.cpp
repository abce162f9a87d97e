#include "process/streams.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include "lamin/error.hpp"

namespace lamin::process {

bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(to, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) {  // somebody made it non-blocking
      ::usleep(1000);
      continue;
    }
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

Stream make_stream(int to, bool always) {
  Stream stream{.to = to};
  struct stat about{};
  const bool open = ::fstat(to, &about) == 0;
  if (!always && (!open || S_ISREG(about.st_mode))) return stream;
  if (!always && ::isatty(to) == 1) {
    int master = -1, slave = -1;
    winsize size{};
    ::ioctl(to, TIOCGWINSZ, &size);
    termios mode{};
    ::tcgetattr(to, &mode);
    ::cfmakeraw(&mode);
    if (::openpty(&master, &slave, nullptr, &mode, &size) == 0) {
      stream.reads = Descriptor(master);
      stream.writes = Descriptor(slave);
      stream.is_terminal = true;
      ::fcntl(master, F_SETFD, FD_CLOEXEC);
      ::fcntl(slave, F_SETFD, FD_CLOEXEC);
      return stream;
    }
  }
  auto pipe = make_pipe();
  ::fcntl(pipe.reads.number(), F_SETPIPE_SZ, 1 << 20);
  stream.reads = std::move(pipe.reads);
  stream.writes = std::move(pipe.writes);
  return stream;
}

}  // namespace lamin::process
