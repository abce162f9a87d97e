// checkpoint.hpp -- long work asks now and then whether it should go on.
//
// A caller that may be told to stop (Python's Ctrl-C) says how to ask, for the calls that its thread makes. Nobody is
// asked on other threads: work that is spread over several asks on the one that began it.
#pragma once
#include <functional>

namespace lamin::base {

/// For its lifetime, checkpoints on this thread call `ask`, which throws to stop the work.
class Interruptible {
 public:
  explicit Interruptible(std::function<void()> ask);
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  std::function<void()> before_;
};

void checkpoint();

}  // namespace lamin::base
