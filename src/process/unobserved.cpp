// unobserved.cpp -- programs that run as they are, or with a library inside that asks before it calls.
#include <fmt/format.h>
#include <linux/fs.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include "base/uid.hpp"
#include "lamin/error.hpp"
#include "process/observer.hpp"
#include "process/target.hpp"

namespace lamin::process {
namespace {

class Plain : public Observer {
 public:
  void start(Start& start) override {
    start.setup = Setup::none;
    start.filter.clear();
    Failure none;
    child_ = process::start(start, none);
    const auto failure = failure_of(child_);
    if (failure.stage == 'f') {
      ::waitpid(child_.pid, nullptr, 0);
      throw Error(Code::invalid_argument,
                  fmt::format("'{}' cannot be entered: {}", start.folder, std::strerror(failure.error)));
    }
  }

  Ended watch(Witness&) override {
    Ended ended;
    while (::wait4(child_.pid, &ended.status, 0, &ended.usage) < 0 && errno == EINTR) {}
    return ended;
  }
};

/// One question of the library; false if it is none.
bool read_question(std::string_view message, Told& told) {
  constexpr std::pair<char, What> letters[] = {
      {'o', What::open}, {'m', What::rename}, {'l', What::link}, {'u', What::remove}, {'x', What::execute}};
  if (message.size() < 7 || message.back() != '\0') return false;
  for (const auto& [letter, what] : letters)
    if (message[0] == letter) told.what = what;
  std::memcpy(&told.flags, message.data() + 1, 4);
  message.remove_prefix(5);
  told.path = message.substr(0, message.find('\0'));
  message.remove_prefix(told.path.size() + 1);
  told.other = message.substr(0, message.find('\0'));
  told.exchange = told.what == What::rename && (told.flags & RENAME_EXCHANGE) != 0;
  return told.what != What::unseen && told.path.starts_with('/');
}

/// A library inside of the program asks before each call.
class Preloaded : public Plain {
 public:
  explicit Preloaded(std::string library) : library_(std::move(library)) {}

  void start(Start& start) override {
    if (::access(library_.c_str(), R_OK) != 0)
      throw Error(Code::unsupported, fmt::format("there is no library '{}'", library_));
    const auto name = "lamin-run-" + base::random_uid(20);
    listen_at(name);
    std::string others;
    std::erase_if(start.variables, [&](const std::string& variable) {
      if (variable.starts_with("LD_PRELOAD=")) others = " " + variable.substr(11);
      return variable.starts_with("LD_PRELOAD=") || variable.starts_with("LAMIN_OBSERVED=");
    });
    start.variables.push_back("LD_PRELOAD=" + library_ + others);
    start.variables.push_back("LAMIN_OBSERVED=" + name);
    Plain::start(start);
    process_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child_.pid, 0)));
  }

  Ended watch(Witness& witness) override {
    pollfd on[] = {{socket_.number(), POLLIN, 0}, {process_.number(), POLLIN, 0}};
    for (;;) {
      if (::poll(on, 2, -1) < 0) {
        if (errno == EINTR) continue;
        break;
      }
      if ((on[0].revents & POLLIN) != 0) answer(witness);
      else if (on[1].revents != 0) break;
    }
    socket_.reset();
    return Plain::watch(witness);
  }

 private:
  void listen_at(const std::string& name) {
    socket_ = Descriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    if (!socket_ || ::bind(socket_.number(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::listen(socket_.number(), 64) != 0)
      throw Error(Code::unsupported, fmt::format("a socket: {}", std::strerror(errno)));
  }

  void answer(Witness& witness) const {
    const Descriptor one(::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    ucred caller{};
    socklen_t size = sizeof caller;
    if (!one || ::getsockopt(one.number(), SOL_SOCKET, SO_PEERCRED, &caller, &size) != 0 || caller.uid != ::getuid())
      return;
    char message[2 * PATH_MAX + 8];
    const auto n = ::recv(one.number(), message, sizeof message, 0);
    Told told;
    if (n > 0 && read_question({message, static_cast<std::size_t>(n)}, told)) note(witness, told);
    [[maybe_unused]] const auto sent = ::send(one.number(), "k", 1, MSG_NOSIGNAL);
  }

  std::string library_;
  Descriptor socket_, process_;
};

}  // namespace

std::string_view name_of(Method method) {
  constexpr std::string_view names[] = {"seccomp", "ptrace", "preload", "declared"};
  return names[static_cast<std::size_t>(method)];
}

std::unique_ptr<Observer> no_observer() { return std::make_unique<Plain>(); }
std::unique_ptr<Observer> preload_observer(std::string library) {
  return std::make_unique<Preloaded>(std::move(library));
}

}  // namespace lamin::process
