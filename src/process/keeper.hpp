// keeper.hpp -- the process that goes on in place of ours: if ours is killed while a program runs, and for children of
// the program that are still there when ours has ended.
//
// Invariants
//   1. While our process lives, the keeper only waits: it takes no bytes and no questions.
//   2. After "done", it passes on what children still print, and answers the kernel, until nobody is left.
//   3. If our process ends without "done", it also starts `if_killed` once the program has ended.
// It was forked from a program that may have threads: it calls nothing but the kernel.
#pragma once
#include <string>
#include <vector>
#include "process/streams.hpp"

namespace lamin::process {

struct Kept {
  const Stream* out = nullptr;
  const Stream* err = nullptr;
  int log = -1, listener = -1, process = -1;  ///< descriptors; the process is one, too
  const std::vector<std::string>* if_killed = nullptr;
};

class Keeper {
 public:
  explicit Keeper(const Kept& kept);
  /// Nobody reads our standard output (1) or error (2) any more: the program is to see that.
  void closed(int stream);
  void done();

 private:
  Descriptor control_;
};

}  // namespace lamin::process
