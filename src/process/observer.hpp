// observer.hpp -- the ways in which a program's files can be seen. The first that works is taken.
//
//   seccomp   the kernel stops the program at each call that names a file and asks us; any program, at little cost
//   ptrace    the same as a debugger: slower, and only where no debugger is attached
//   preload   a library inside of the program tells of its calls: not for static programs
//   declared  nothing is seen: the caller says what is read and written
#pragma once
#include <sys/resource.h>
#include <memory>
#include <string>
#include <string_view>
#include "process/child.hpp"
#include "process/witness.hpp"

namespace lamin::process {

enum class Method : std::uint8_t { seccomp, ptrace, preload, declared };
std::string_view name_of(Method method);

/// How the program itself ended; its children may go on.
struct Ended {
  int status = 0;  ///< as wait() has it
  rusage usage = {};
};

/// One program. start() and watch() are called from one thread.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Throws unsupported if this way is not possible here: the program has not run then.
  virtual void start(Start& start) = 0;
  /// Until the program has ended.
  virtual Ended watch(Witness& witness) = 0;

  const Child& child() const { return child_; }

 protected:
  Child child_;
};

/// `writable`: as in Command.
std::unique_ptr<Observer> seccomp_observer(std::vector<std::string> writable = {});
/// `all_calls`: the program is under a filter already, which would hide calls from ours.
std::unique_ptr<Observer> ptrace_observer(bool all_calls);
/// `library`: the file of preload/preload.c.
std::unique_ptr<Observer> preload_observer(std::string library);
std::unique_ptr<Observer> no_observer();

/// Answers a program's questions without looking at them, for what goes on when nobody watches any more; false once
/// there is nothing left that might ask. Safe after a fork.
bool answer_one(int listener);

}  // namespace lamin::process
