// seccomp.cpp -- the kernel stops the program at each call of calls.cpp and tells us: user notification of seccomp.
//
// The answer is always "go on": nothing is changed, so that it does not matter that another thread may exchange the
// path after we have read it. Reading is noted after the answer, changes before it.
#include <fmt/format.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include "lamin/error.hpp"
#include "process/observer.hpp"
#include "process/target.hpp"

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS  // Linux 6.6
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif

namespace lamin::process {
namespace {

constexpr std::uint64_t wake_on_same_processor = 1;

bool receive(int listener, seccomp_notif& asked) {
  std::memset(&asked, 0, sizeof asked);
  return ::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) == 0;
}

void go_on(int listener, std::uint64_t id) {
  seccomp_notif_resp answer{};
  answer.id = id;
  answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);  // fails if the process was killed meanwhile
}

void refuse(int listener, std::uint64_t id) {
  seccomp_notif_resp answer{};
  answer.id = id;
  answer.error = -EACCES;
  ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

class Notified : public Observer {
 public:
  explicit Notified(std::vector<std::string> writable) : writable_(std::move(writable)) {}

  void start(Start& start) override {
    start.setup = Setup::notify;
    start.filter = filter_for(SECCOMP_RET_USER_NOTIF);
    Failure failure;
    child_ = process::start(start, failure);
    if (!child_.listener) {
      ::waitpid(child_.pid, nullptr, 0);
      if (failure.stage != 's')
        throw Error(Code::invalid_argument,
                    fmt::format("'{}' cannot be entered: {}", start.folder, std::strerror(failure.error)));
      // Two programs cannot be told of one process: this one runs under another that is.
      throw Error(Code::unsupported, failure.error == EBUSY ? "another program observes this one already"
                                                            : fmt::format("seccomp: {}", std::strerror(failure.error)));
    }
    ::ioctl(child_.listener.number(), SECCOMP_IOCTL_NOTIF_SET_FLAGS, wake_on_same_processor);
    process_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child_.pid, 0)));
  }

  Ended watch(Witness& witness) override {
    pollfd on[] = {{child_.listener.number(), POLLIN, 0}, {process_.number(), POLLIN, 0}};
    for (;;) {
      if (::poll(on, 2, -1) < 0) {
        if (errno == EINTR) continue;
        break;
      }
      if ((on[0].revents & POLLIN) != 0) {
        see(witness);
        continue;
      }
      if (on[1].revents != 0) break;
      if (on[0].revents != 0) on[0].fd = -1;  // nobody is left who could ask
    }
    Ended ended;
    while (::wait4(child_.pid, &ended.status, 0, &ended.usage) < 0 && errno == EINTR) {}
    return ended;
  }

 private:
  void see(Witness& witness) {
    const int listener = child_.listener.number();
    seccomp_notif asked{};
    if (!receive(listener, asked)) return;  // killed meanwhile
    Pending pending{.process = static_cast<pid_t>(asked.pid), .architecture = asked.data.arch, .number = asked.data.nr};
    for (std::size_t i = 0; i < pending.arguments.size(); ++i) pending.arguments[i] = asked.data.args[i];
    const auto told = read_call(pending);
    if (!writable_.empty() && told.changes() && !witness.may_change(told.path, told.other, writable_))
      return refuse(listener, asked.id);
    if (told.changes()) note(witness, told);
    go_on(listener, asked.id);
    if (!told.changes()) note(witness, told);
  }

  std::vector<std::string> writable_;
  Descriptor process_;
};

}  // namespace

bool answer_one(int listener) {
  seccomp_notif asked{};
  if (!receive(listener, asked)) return errno == EINTR || errno == ENOENT;
  go_on(listener, asked.id);
  return true;
}

std::unique_ptr<Observer> seccomp_observer(std::vector<std::string> writable) {
  return std::make_unique<Notified>(std::move(writable));
}

}  // namespace lamin::process
