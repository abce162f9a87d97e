// child.hpp -- starts a program in a new process that is observed from its first call on.
//
// Between fork and exec only what is safe there is called: the calling program may have threads. All memory is prepared
// before.
#pragma once
#include <linux/filter.h>
#include <signal.h>
#include <sys/types.h>
#include <string>
#include <string_view>
#include <vector>

namespace lamin::process {

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~Descriptor() { reset(); }
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  int release() {
    const int number = number_;
    number_ = -1;
    return number;
  }
  void reset(int number = -1);

 private:
  int number_ = -1;
};
/// Two ends of a pipe that programs started later do not get. Throws unavailable.
struct Pipe {
  Descriptor reads, writes;
};
Pipe make_pipe();

enum class Setup : char { none, notify, trace };

/// What the new process needs.
struct Start {
  std::string program = {};                 ///< path of the executable
  std::vector<std::string> words = {};      ///< its name, and arguments
  std::vector<std::string> variables = {};  ///< "NAME=value", all of them
  std::string folder = {};                  ///< working folder; "" = as it is
  int in = -1, out = -1, err = -1;          ///< its standard streams; -1: those of this process
  Setup setup = Setup::none;
  std::vector<sock_filter> filter = {};
  sigset_t signals = {};             ///< blocked there
  bool default_pipe_signal = false;  ///< SIGPIPE ends it, even if this process ignores it
};

/// Where it failed, and why: sent by the child.
struct Failure {
  char stage = 0;  ///< 's' = observation cannot be set up, 'f' = folder, 'x' = not executable
  int error = 0;
};

struct Child {
  pid_t pid = 0;
  Descriptor reports;   ///< ends without a Failure once the program runs
  Descriptor listener;  ///< with Setup::notify
};
/// Throws unavailable if there cannot be a process. A Failure of setup is returned in `failure`.
Child start(const Start& start, Failure& failure);
/// What the child reports; stage 0 if the program runs. Waits until that is known.
Failure failure_of(const Child& child);

}  // namespace lamin::process
