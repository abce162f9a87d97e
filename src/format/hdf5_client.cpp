// hdf5_client.cpp -- one helper per process, started on first use and again after it has died or after a fork.
#include "format/hdf5_client.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include "base/budget.hpp"
#include "base/module.hpp"
#include "base/source_file.hpp"
#include "base/utf8.hpp"
#include "format/hdf5_protocol.hpp"
#include "format/packet.hpp"
#include "format/wire.hpp"
#include "lamin/error.hpp"

namespace lamin::format {
namespace {

namespace fs = std::filesystem;
using Outcome = Hdf5Answer::Outcome;

[[noreturn]] void unavailable(std::string_view what, int why) {
  throw Error(Code::unavailable, fmt::format("{}: {}.", what, std::strerror(why)));
}

std::array<Descriptor, 2> socket_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    unavailable("No socket to the helper that reads HDF5 files", errno);
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// The helper of one process. A forked child does not use its parent's, whose lock another thread may hold.
class Helper {
 public:
  explicit Helper(pid_t owner) : owner_(owner) {}
  pid_t owner() const { return owner_; }

  /// Sends a request, starting a new helper if necessary.
  void send(std::string_view request, std::span<const int> descriptors) {
    const std::lock_guard lock(mutex_);
    if (socket_.is_open()) {
      if (send_packet(socket_.get(), request, descriptors)) return;
      if (errno != EPIPE && errno != ECONNRESET) unavailable("A file cannot be handed to its reader", errno);
    }
    start();
    if (!send_packet(socket_.get(), request, descriptors))
      unavailable("The helper that reads HDF5 files is gone", errno);
  }

 private:
  void start() {
    socket_.reset();
    if (pid_ > 0) waitpid(pid_, nullptr, WNOHANG);
    pid_ = 0;
    auto ends = socket_pair();
    const auto program = base::library_folder() / "lamin-read-hdf5";
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1].get(), helper_socket);
    for (const int standard : {0, 1, 2}) { posix_spawn_file_actions_addopen(&files, standard, "/dev/null", O_RDWR, 0); }
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    auto name = program.string();
    char* arguments[] = {name.data(), nullptr};
    const int failed = posix_spawn(&pid_, name.c_str(), &files, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
      pid_ = 0;
      throw Error(Code::unavailable,
                  fmt::format("The program {}, which reads HDF5 files, cannot be started: {}. It belongs "
                              "beside liblamin.so; install LaminDB again.",
                              name, std::strerror(failed)));
    }
    socket_ = std::move(ends[0]);
  }

  const pid_t owner_;
  std::mutex mutex_;
  Descriptor socket_;
  pid_t pid_ = 0;
};

Helper& helper() {
  static std::atomic<Helper*> current = nullptr;
  const pid_t self = getpid();
  Helper* known = current.load();
  while (known == nullptr || known->owner() != self) {
    auto fresh = std::make_unique<Helper>(self);
    // A parent process's helper is left as it is: its lock and its socket belong to the parent.
    if (current.compare_exchange_strong(known, fresh.get())) known = fresh.release();
  }
  return *known;
}

/// The file that a request is about, and what the limits allow it.
struct Asked {
  Hdf5Request request;
  std::string name;
};

Asked asked(Hdf5Verb verb, std::string name, std::int64_t stored) {
  const auto limits = base::ReadLimits::from_environment();
  Asked asked;
  asked.name = std::move(name);
  if (asked.name.size() > largest_packet / 4) throw Error(Code::invalid_argument, "The name of the file is too long.");
  auto& request = asked.request;
  request.verb = verb;
  request.stored = stored;
  request.floor = limits.floor;
  request.ratio = limits.ratio;
  request.most = limits.most;
  request.explicit_bytes = limits.explicit_bytes ? 1 : 0;
  request.cpu_seconds = limits.seconds_for(stored);
  request.wall_seconds = 6 * request.cpu_seconds;  // allows for a slow disk
  return asked;
}

/// Messages may quote the file's content, in arbitrary bytes.
std::string readable(std::string_view message) {
  std::string text;
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t begin = at;
    const auto point = base::next_code_point(message, at);
    if (!point) at = begin + 1;
    const bool half = point && *point >= 0xD800 && *point < 0xE000;
    const bool shown = point && *point >= U' ' && *point != 0x7F && !half;
    if (shown) text += message.substr(begin, at - begin);
    else text += '?';
  }
  return text;
}

[[noreturn]] void fail(const Asked& asked, const Hdf5Answer& answer, std::string_view message) {
  const auto& request = asked.request;
  switch (answer.outcome) {
    case Outcome::error: {
      const bool known = answer.code >= 0 && answer.code <= static_cast<std::int64_t>(Code::internal);
      throw Error(known ? static_cast<Code>(answer.code) : Code::corrupt, readable(message));
    }
    case Outcome::died:
      if (answer.code == SIGXCPU || answer.code == SIGKILL) break;
      throw Error(Code::corrupt,
                  fmt::format("'{}' crashes the HDF5 library ({}): it is damaged or made to harm. Get or "
                              "write it again.",
                              asked.name, strsignal(static_cast<int>(answer.code))));
    case Outcome::late:
    case Outcome::done: break;
  }
  const bool killed = answer.outcome == Outcome::died && answer.code == SIGKILL;
  throw Error(
      Code::corrupt,
      killed ? fmt::format("Reading '{}' was ended from outside, presumably for lack of memory.", asked.name)
             : fmt::format("Reading '{}' took more than {} seconds ({} of them computing), which a whole file does "
                           "not need: it is damaged or made to harm. If you trust it, set LAMIN_READ_SECONDS to "
                           "more than {}.",
                           asked.name, request.wall_seconds, request.cpu_seconds, request.cpu_seconds));
}

/// The answer's memory, mapped during the lifetime of this object.
class Mapped {
 public:
  Mapped(const Descriptor& file, std::int64_t size, std::int64_t most) {
    // Sealed: nobody can change or truncate it while it is read.
    constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    struct stat info{};
    const bool sound = file.is_open() && size > 0 && size <= most &&
                       (fcntl(file.get(), F_GET_SEALS) & seals) == seals && fstat(file.get(), &info) == 0 &&
                       info.st_size == size;
    if (!sound) throw Error(Code::corrupt, "The process that reads HDF5 files gave an answer that is none.");
    auto* at = mmap(nullptr, static_cast<std::size_t>(size), PROT_READ, MAP_SHARED | MAP_POPULATE, file.get(), 0);
    if (at == MAP_FAILED) unavailable("No memory for a table", errno);
    bytes_ = {static_cast<const char*>(at), static_cast<std::size_t>(size)};
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() { munmap(const_cast<char*>(bytes_.data()), bytes_.size()); }
  std::span<const char> bytes() const { return bytes_; }

 private:
  std::span<const char> bytes_;
};

struct Answered {
  Hdf5Answer answer;
  Packet packet;
};

Answered receive(const Descriptor& socket, const Asked& asked) {
  using Clock = std::chrono::steady_clock;
  constexpr std::int64_t grace = 5;  // the helper itself reports a late worker
  const auto end = Clock::now() + std::chrono::seconds(asked.request.wall_seconds + grace);
  for (;;) {
    pollfd ready{socket.get(), POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    const int count = left <= 0 ? 0 : poll(&ready, 1, static_cast<int>(std::min<std::int64_t>(left, 1'000'000)));
    if (count < 0 && errno == EINTR) continue;
    if (count == 0 && left > 0) continue;
    Answered got;
    got.answer.outcome = Outcome::late;
    if (count == 0) return got;
    auto packet = receive_packet(socket.get());
    if (!packet || packet->bytes.size() < sizeof(Hdf5Answer)) {
      throw Error(Code::unavailable,
                  fmt::format("The helper that reads HDF5 files ended while it read '{}': try again.", asked.name));
    }
    std::memcpy(&got.answer, packet->bytes.data(), sizeof(got.answer));
    if (got.answer.version != hdf5_protocol) {
      throw Error(Code::unavailable, "lamin-read-hdf5 is of another version than liblamin.so: install LaminDB again.");
    }
    got.packet = std::move(*packet);
    return got;
  }
}

Answered ask(const Asked& asked, int file, int edits = -1) {
  auto ends = socket_pair();
  std::string message(reinterpret_cast<const char*>(&asked.request), sizeof(asked.request));
  message += asked.name;
  const std::array<int, 3> descriptors{ends[1].get(), file, edits};
  helper().send(message, std::span(descriptors).first(edits < 0 ? 2 : 3));
  ends[1].reset();
  auto answered = receive(ends[0], asked);
  if (answered.answer.outcome != Outcome::done) {
    fail(asked, answered.answer, std::string_view(answered.packet.bytes).substr(sizeof(Hdf5Answer)));
  }
  return answered;
}

base::SourceFile opened(const fs::path& path) {
  base::SourceFile file(path);
  if (file.size() == 0) {
    throw Error(Code::corrupt, fmt::format("'{}' is empty: was its writing interrupted?", path.string()));
  }
  return file;
}

}  // namespace

namespace {

/// What the worker answers to a question about the content.
Mapped content(Hdf5Verb verb, const fs::path& path, const base::SourceFile& file) {
  const auto answered = ask(asked(verb, path.string(), file.size()), file.descriptor());
  // The worker limits its columns; a larger frame comes from a worker that was taken over.
  constexpr std::int64_t slack = 64 << 20;
  const auto most = base::ReadLimits::from_environment().bytes_for(file.size());
  return {answered.packet.descriptors[0], answered.answer.size, most + slack};
}

}  // namespace

AnnDataHead read_hdf5_head(const fs::path& path) {
  const auto file = opened(path);
  const Mapped mapped = content(Hdf5Verb::head, path, file);
  return WireReader(mapped.bytes()).head();
}

FileSketch sketch_hdf5(const fs::path& path) {
  const auto file = opened(path);
  const Mapped mapped = content(Hdf5Verb::sketch, path, file);
  auto sketch = WireReader(mapped.bytes()).sketch();
  sketch.bytes = file.size();
  return sketch;
}

void check_hdf5(const fs::path& path) {
  const auto file = opened(path);
  ask(asked(Hdf5Verb::check, path.string(), file.size()), file.descriptor());
}

void edit_hdf5_columns(const fs::path& path, const std::string& name, std::span<const ColumnEdit> edits) {
  const auto size = opened(path).size();
  const Descriptor file(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (!file.is_open()) unavailable(fmt::format("Cannot write '{}'", path.string()), errno);
  const Descriptor memory(memfd_create("lamin-edits", MFD_CLOEXEC));
  if (!memory.is_open()) unavailable("No memory for the columns to be written", errno);
  WireWriter writer(memory.get());
  writer.edits(edits);
  writer.finish();
  ask(asked(Hdf5Verb::edit, name, size), file.get(), memory.get());
}

}  // namespace lamin::format
