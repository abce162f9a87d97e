// sandbox.hpp -- what the process that parses a foreign file may still do: compute, read what is open, answer.
#pragma once
#include <cstdint>

namespace lamin::format::h5 {

/// For the helper and all that it forks: no core files with what users' files hold, no new rights.
void forbid_privileges();
/// For one worker, for good: memory beyond what it has now, CPU time, no new descriptors beyond a few; and, by seccomp,
/// no system call that opens, connects, starts or kills anything. Where the kernel has no seccomp, the limits alone
/// hold. `memory` = 0 sets none.
void confine(std::int64_t memory, std::int64_t cpu_seconds);

}  // namespace lamin::format::h5
