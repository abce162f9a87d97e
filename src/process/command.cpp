#include "process/command.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <future>
#include <thread>
#include "base/module.hpp"
#include "base/text.hpp"
#include "base/whole_lines.hpp"
#include "lamin/error.hpp"
#include "process/keeper.hpp"
#include "process/streams.hpp"

namespace lamin::process {
namespace fs = std::filesystem;
namespace {

constexpr int passed_on[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

/// While it lives, this thread gets no signal that would end the process before the program's end is noted.
class Signals {
 public:
  explicit Signals(bool pass) {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGPIPE);
    if (pass) {
      for (const int number : passed_on) sigaddset(&blocked, number);
      sigaddset(&blocked, SIGWINCH);
    }
    ::pthread_sigmask(SIG_BLOCK, &blocked, &former_);
    sigdelset(&blocked, SIGPIPE);
    if (pass) arrives_ = Descriptor(::signalfd(-1, &blocked, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    const timespec now{};
    if (sigismember(&former_, SIGPIPE) == 0)
      while (::sigtimedwait(&pipe, nullptr, &now) > 0) {}
    ::pthread_sigmask(SIG_SETMASK, &former_, nullptr);
  }
  const sigset_t& former() const { return former_; }
  int arrives() const { return arrives_.number(); }

  /// What the keyboard sends, the kernel sends to the program, too.
  void pass_on(pid_t program, const Stream* streams) const {
    signalfd_siginfo info{};
    while (::read(arrives_.number(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      const auto number = static_cast<int>(info.ssi_signo);
      if (number == SIGWINCH) {
        for (int i = 0; i < 2; ++i) {
          winsize size{};
          if (streams[i].is_terminal && ::ioctl(streams[i].to, TIOCGWINSZ, &size) == 0)
            ::ioctl(streams[i].reads.number(), TIOCSWINSZ, &size);
        }
      } else if (info.ssi_code != SI_KERNEL) {
        ::kill(program, number);
      }
    }
  }

 private:
  sigset_t former_{};
  Descriptor arrives_;
};

std::vector<std::string> variables_of(const Command& command) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const auto name = text.substr(0, text.find('='));
    if (std::ranges::none_of(command.variables, [&](const auto& one) { return one.first == name; }))
      all.emplace_back(text);
  }
  for (const auto& [name, value] : command.variables) all.push_back(name + "=" + value);
  return all;
}

/// The program with the first observer that works.
class Watcher {
 public:
  Watcher(const Command& command, Start& start)
      : command_(command), start_(start), witness_(Places(command.data)), ended_(::eventfd(0, EFD_CLOEXEC)) {
    auto started = started_.get_future();
    thread_ = std::thread([this] { work(); });
    try {
      started.get();
    } catch (...) {
      thread_.join();
      throw;
    }
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() {
    if (thread_.joinable()) thread_.join();
  }

  const Child& child() const { return observer_->child(); }
  int ended() const { return ended_.number(); }  ///< readable then
  void finish(Result& result) {
    thread_.join();
    if (failed_) std::rethrow_exception(failed_);
    result.method = method_;
    result.not_better = not_better_;
    const auto& usage = end_.usage;
    result.signal = WIFSIGNALED(end_.status) ? WTERMSIG(end_.status) : 0;
    result.exit_status = result.signal != 0 ? 128 + result.signal : WEXITSTATUS(end_.status);
    result.user_seconds =
        static_cast<double>(usage.ru_utime.tv_sec) + 1e-6 * static_cast<double>(usage.ru_utime.tv_usec);
    result.system_seconds =
        static_cast<double>(usage.ru_stime.tv_sec) + 1e-6 * static_cast<double>(usage.ru_stime.tv_usec);
    result.peak_memory = std::int64_t{usage.ru_maxrss} * 1024;
    result.environment_files = witness_.environment_files();
    result.refused = witness_.refused();
    result.files = witness_.finish();
  }

 private:
  void work() {
    try {
      choose();
      started_.set_value();
    } catch (...) {
      started_.set_exception(std::current_exception());
      return;
    }
    try {
      end_ = observer_->watch(witness_);
    } catch (...) { failed_ = std::current_exception(); }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(ended_.number(), &one, sizeof one);
  }

  std::unique_ptr<Observer> observer_for(Method method) const {
    switch (method) {
      case Method::seccomp: return seccomp_observer(command_.writable);
      case Method::ptrace: return ptrace_observer(busy_);
      case Method::preload: return preload_observer((base::library_folder() / "liblamin_preload.so").string());
      default: return no_observer();
    }
  }

  void choose() {
    const auto first = command_.method.value_or(Method::seccomp);
    for (auto method = first;; method = static_cast<Method>(static_cast<int>(method) + 1)) {
      try {
        observer_ = observer_for(method);
        auto start = start_;
        observer_->start(start);
        method_ = method;
        return;
      } catch (const Error& error) {
        const bool last = command_.method || !command_.writable.empty() || method == Method::declared;
        if (error.code() != Code::unsupported || last) throw;
        if (std::string_view(error.what()).find("observes this one") != std::string_view::npos) busy_ = true;
        not_better_ += (not_better_.empty() ? "" : "; ") + std::string(error.what());
      }
    }
  }

  const Command& command_;
  Start& start_;
  Witness witness_;
  Descriptor ended_;
  std::promise<void> started_;
  std::unique_ptr<Observer> observer_;
  Method method_ = Method::declared;
  std::string not_better_;
  bool busy_ = false;
  Ended end_;
  std::exception_ptr failed_;
  std::thread thread_;
};

/// What the program prints, until it has ended.
class Printed {
 public:
  Printed(const Command& command, Result& result, std::array<Stream, 2>& streams, int log, Keeper& keeper)
      : command_(command), result_(result), streams_(streams), log_(log), keeper_(keeper), buffer_(1 << 16) {}

  void pass_until(const Watcher& watcher, const Signals& signals) {
    for (;;) {
      pollfd on[] = {{streams_[0].reads.number(), POLLIN, 0},
                     {streams_[1].reads.number(), POLLIN, 0},
                     {signals.arrives(), POLLIN, 0},
                     {watcher.ended(), POLLIN, 0}};
      if (::poll(on, 4, -1) < 0 && errno != EINTR) break;
      for (int i = 0; i < 2; ++i)
        if (on[i].revents != 0) pass_on(i);
      if (on[2].revents != 0) signals.pass_on(watcher.child().pid, streams_.data());
      if (on[3].revents != 0) break;
    }
    for (int i = 0; i < 2; ++i) {  // what it printed last
      for (pollfd one{streams_[i].reads.number(), POLLIN, 0}; one.fd >= 0 && ::poll(&one, 1, 0) > 0;
           one.fd = streams_[i].reads.number())
        pass_on(i);
    }
    for (auto& lines : lines_) keep(lines.rest());
  }

 private:
  void pass_on(int i) {
    auto& stream = streams_[static_cast<std::size_t>(i)];
    const auto n = ::read(stream.reads.number(), buffer_.data(), buffer_.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n <= 0) return stream.reads.reset();
    const std::string_view piece(buffer_.data(), static_cast<std::size_t>(n));
    result_.printed += n;
    keep(lines_[static_cast<std::size_t>(i)].add(piece));
    if (command_.printed) {
      command_.printed(i + 1, piece);
    } else if (!write_all(stream.to, piece)) {  // `| head` has ended: the program gets to know
      stream.reads.reset();
      keeper_.closed(i + 1);
    }
  }

  void keep(std::string_view piece) {
    if (log_ < 0 || piece.empty()) return;
    const auto room = command_.most_log - kept_;
    const auto part = piece.substr(0, static_cast<std::size_t>(std::max<std::int64_t>(room, 0)));
    if (part.size() < piece.size()) result_.log_is_cut = true;
    kept_ += static_cast<std::int64_t>(part.size());
    if (part.empty() || write_all(log_, part)) return;
    result_.log_is_cut = true;  // the disk is full: the program goes on
    log_ = -1;
  }

  const Command& command_;
  Result& result_;
  std::array<Stream, 2>& streams_;
  int log_;
  Keeper& keeper_;
  std::int64_t kept_ = 0;
  std::array<base::WholeLines, 2> lines_;
  std::vector<char> buffer_;
};

/// A stream of this process that is a file, for the program, and how it was before.
struct FileStream {
  std::string path = {};
  std::optional<Stamp> stamp = {};
};
FileStream file_stream(int number) {
  struct stat about{};
  std::error_code failed;
  if (::fstat(number, &about) != 0 || !S_ISREG(about.st_mode)) return {};
  const auto path = fs::read_symlink("/proc/self/fd/" + std::to_string(number), failed).string();
  const auto stamp = stamp_of(path);
  if (failed || !stamp || stamp->inode != about.st_ino) return {};  // it was removed meanwhile
  return {path, stamp};
}

/// Adds what went through the streams to what was opened.
void add_use(Result& result, const FileStream& stream, bool written) {
  if (stream.path.empty()) return;
  const auto now = stamp_of(stream.path);
  if (written && now == stream.stamp) return;
  auto at = std::ranges::find(result.files, stream.path, &FileUse::path);
  if (at == result.files.end())
    at = result.files.insert(at, {.path = stream.path, .role = Places().role(stream.path), .size = stream.stamp->size});
  (written ? at->written : at->read) = true;
  if (written && now) at->size = now->size;
}

Descriptor open_stream(const fs::path& path, int flags) {
  if (path.empty()) return {};
  Descriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0666));
  if (!file)
    throw Error(Code::no_access, fmt::format("'{}' cannot be opened: {}", path.string(), std::strerror(errno)));
  return file;
}

bool is_executable(const fs::path& file) {
  std::error_code failed;
  return fs::is_regular_file(file, failed) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

std::string find_program(const std::string& name, const fs::path& folder) {
  std::error_code failed;
  if (name.find('/') != name.npos) {
    const auto path = fs::absolute(folder / name, failed);
    if (!fs::exists(path, failed)) throw Error(Code::not_found, fmt::format("there is no program '{}'", name));
    if (is_executable(path)) return path.string();
    throw Error(Code::no_access,
                fmt::format("'{}' is not executable: pass the program that runs it first, or `chmod +x` it", name));
  }
  const char* path = std::getenv("PATH");
  for (const auto& part : base::split(path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path, ':')) {
    const auto file = fs::absolute(folder / (part.empty() ? "." : part) / name, failed);
    if (is_executable(file)) return file.string();
  }
  throw Error(Code::not_found, fmt::format("there is no program '{}' on the PATH", name));
}

Result run(const Command& command) {
  if (command.words.empty())
    throw Error(Code::invalid_argument, "there is no command: pass a program and its arguments");
  Result result;
  const Signals signals(command.pass_signals);
  const bool always = command.printed != nullptr;
  constexpr int writes = O_WRONLY | O_CREAT | O_TRUNC;
  const auto in = open_stream(command.input, O_RDONLY);
  std::array<Descriptor, 2> files{open_stream(command.output, writes), open_stream(command.errors, writes)};
  std::array<Stream, 2> streams{files[0] ? Stream{} : make_stream(STDOUT_FILENO, always),
                                files[1] ? Stream{} : make_stream(STDERR_FILENO, always)};
  const std::array<FileStream, 3> own{in ? FileStream{} : file_stream(STDIN_FILENO),
                                      files[0] || always ? FileStream{} : file_stream(STDOUT_FILENO),
                                      files[1] || always ? FileStream{} : file_stream(STDERR_FILENO)};
  Start start{.program = find_program(command.words[0], command.folder),
              .words = command.words,
              .variables = variables_of(command),
              .folder = command.folder.string(),
              .in = in.number(),
              .out = files[0] ? files[0].number() : streams[0].writes.number(),
              .err = files[1] ? files[1].number() : streams[1].writes.number(),
              .signals = signals.former(),
              .default_pipe_signal = command.default_pipe_signal};
  const Descriptor log(command.log.empty() ? -1 : ::open(command.log.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  const auto begin = std::chrono::steady_clock::now();
  Watcher watcher(command, start);
  for (auto& stream : streams) stream.writes.reset();
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, watcher.child().pid, 0)));
  Keeper keeper({.out = &streams[0],
                 .err = &streams[1],
                 .log = log.number(),
                 .listener = watcher.child().listener.number(),
                 .process = process.number(),
                 .if_killed = &command.if_killed});
  Printed(command, result, streams, log.number(), keeper).pass_until(watcher, signals);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto failure = failure_of(watcher.child());
  watcher.finish(result);
  for (std::size_t i = 0; i < own.size(); ++i) add_use(result, own[i], i > 0);
  result.input = own[0].path;
  result.output = own[1].path;
  result.errors = own[2].path;
  result.not_started = failure.stage == 'x' ? failure.error : 0;
  result.keeper = std::make_shared<Keeper>(std::move(keeper));
  return result;
}

}  // namespace lamin::process
