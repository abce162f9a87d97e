// target.hpp -- reads a call of another process: the paths that it names, made absolute.
#pragma once
#include <sys/types.h>
#include <array>
#include <cstdint>
#include <string>
#include "process/calls.hpp"
#include "process/witness.hpp"

namespace lamin::process {

/// A call that is about to happen, while the process waits.
struct Pending {
  pid_t process = 0;  ///< its thread
  std::uint32_t architecture = 0;
  int number = 0;
  std::array<std::uint64_t, 6> arguments{};
};

/// The same in words. Paths are absolute.
struct Told {
  What what = What::unseen;
  int flags = 0;
  std::string path = {}, other = {};
  bool exchange = false;
  /// Whether what it does is only known if it is noted before it happens.
  bool changes() const;
};

/// `what` is `unseen` for calls that name no file.
Told read_call(const Pending& pending);
void note(Witness& witness, const Told& told) noexcept;

}  // namespace lamin::process
