// hdf5_helper.cpp -- starting the helper, handing it questions, and taking its answers, which are not trusted.
#include "format/hdf5_helper.hpp"
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
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <vector>
#include "base/budget.hpp"
#include "base/module.hpp"
#include "base/utf8.hpp"
#include "lamin/error.hpp"

namespace lamin::format {

void helper_unavailable(std::string_view what, int why) {
  throw Error(Code::unavailable, fmt::format("{}: {}.", what, std::strerror(why)));
}

namespace {

using Outcome = Hdf5Answer::Outcome;

std::array<Descriptor, 2> socket_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    helper_unavailable("No socket to the helper that reads HDF5 files", errno);
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
      if (errno != EPIPE && errno != ECONNRESET) helper_unavailable("A file cannot be handed to its reader", errno);
    }
    start();
    if (!send_packet(socket_.get(), request, descriptors))
      helper_unavailable("The helper that reads HDF5 files is gone", errno);
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
    case Outcome::part:
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

/// Serves the ranges of a file that is elsewhere to the worker that parses it.
class Server {
 public:
  Server(const Hdf5Origin& origin, Descriptor socket) : origin_(origin), socket_(std::move(socket)) {}
  int socket() const { return failure_ || done_ ? -1 : socket_.get(); }  ///< poll passes over -1

  /// What a reader throws is kept: the worker only learns that the range is missing.
  void serve() {
    const auto packet = receive_packet(socket_.get());
    Hdf5Range range;
    if (!packet || packet->bytes.size() != sizeof(range)) {
      done_ = true;
      return;
    }
    std::memcpy(&range, packet->bytes.data(), sizeof(range));
    try {
      answer(range);
    } catch (...) {
      failure_ = std::current_exception();
      socket_.reset();
    }
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void answer(const Hdf5Range& range) {
    constexpr std::int64_t most = std::int64_t{64} << 20;
    if (range.offset < 0 || range.size <= 0 || range.size > most)
      throw Error(Code::corrupt, fmt::format("'{}' leads its reader to a range that it cannot have.", origin_.name));
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(range.size));
    const auto inside = std::clamp<std::int64_t>(origin_.size - range.offset, 0, range.size);
    if (inside > 0) origin_.ranges(range.offset, std::span(bytes).first(static_cast<std::size_t>(inside)));
    for (std::size_t at = 0; at < bytes.size(); at += range_packet) {
      const auto size = std::min(range_packet, bytes.size() - at);
      if (!send_packet(socket_.get(), {reinterpret_cast<const char*>(bytes.data()) + at, size})) done_ = true;
      if (done_) return;
    }
  }

  const Hdf5Origin& origin_;
  Descriptor socket_;
  std::exception_ptr failure_;
  bool done_ = false;
};

Answered receive(const Descriptor& socket, const Asked& asked, Server* server) {
  using Clock = std::chrono::steady_clock;
  constexpr std::int64_t grace = 5;  // the helper itself reports a late worker
  const auto end = Clock::now() + std::chrono::seconds(asked.request.wall_seconds + grace);
  for (;;) {
    pollfd ready[] = {{socket.get(), POLLIN, 0}, {server != nullptr ? server->socket() : -1, POLLIN, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    const int count = left <= 0 ? 0 : poll(ready, 2, static_cast<int>(std::min<std::int64_t>(left, 1'000'000)));
    if (count < 0 && errno == EINTR) continue;
    if (count == 0 && left > 0) continue;
    Answered got;
    got.answer.outcome = Outcome::late;
    if (count == 0) return got;
    if (ready[0].revents == 0) {
      server->serve();
      continue;
    }
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

Answered checked(const Asked& asked, Answered answered) {
  if (answered.answer.outcome != Outcome::done && answered.answer.outcome != Outcome::part) {
    fail(asked, answered.answer, std::string_view(answered.packet.bytes).substr(sizeof(Hdf5Answer)));
  }
  return answered;
}

}  // namespace

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

Descriptor start_worker(const Asked& asked, int file, int edits, std::string_view inside) {
  auto ends = socket_pair();
  std::string message(reinterpret_cast<const char*>(&asked.request), sizeof(asked.request));
  message += asked.name;
  message += inside;
  const std::array<int, 3> descriptors{ends[1].get(), file, edits};
  helper().send(message, std::span(descriptors).first(edits < 0 ? 2 : 3));
  return std::move(ends[0]);
}

Answered next_answer(const Descriptor& socket, const Asked& asked) {
  return checked(asked, receive(socket, asked, nullptr));
}

Answered ask(const Asked& asked, int file, int edits, std::string_view inside) {
  return next_answer(start_worker(asked, file, edits, inside), asked);
}

Answered ask_of_ranges(const Asked& asked, const Hdf5Origin& origin, std::string_view inside) {
  auto ends = socket_pair();
  const Descriptor theirs = std::move(ends[1]);
  Server server(origin, std::move(ends[0]));
  const auto socket = start_worker(asked, theirs.get(), -1, inside);
  auto answered = receive(socket, asked, &server);
  server.rethrow();
  return checked(asked, std::move(answered));
}

Mapped::Mapped(const Answered& answered, std::int64_t most) {
  const auto& file = answered.packet.descriptors[0];
  const auto size = answered.answer.size;
  // Sealed: nobody can change or truncate it while it is read.
  constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  struct stat info{};
  const bool sound = file.is_open() && size > 0 && size <= most && (fcntl(file.get(), F_GET_SEALS) & seals) == seals &&
                     fstat(file.get(), &info) == 0 && info.st_size == size;
  if (!sound) throw Error(Code::corrupt, "The process that reads HDF5 files gave an answer that is none.");
  auto* at = mmap(nullptr, static_cast<std::size_t>(size), PROT_READ, MAP_SHARED | MAP_POPULATE, file.get(), 0);
  if (at == MAP_FAILED) helper_unavailable("No memory for a table", errno);
  bytes_ = {static_cast<const char*>(at), static_cast<std::size_t>(size)};
}

Mapped::~Mapped() { munmap(const_cast<char*>(bytes_.data()), bytes_.size()); }

}  // namespace lamin::format
