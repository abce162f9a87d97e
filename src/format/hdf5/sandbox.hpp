// sandbox.hpp -- limits what the process that parses a foreign file can do: compute, read what is open, answer.
#pragma once
#include <cstdint>

namespace lamin::format::h5 {

/// For the helper and all that it forks: no core files with content of users' files, no new rights.
void forbid_privileges();
/// For one worker, irrevocably: limits memory beyond what it has now and CPU time, allows only a few new descriptors
/// and, by seccomp, no system call that opens, connects, starts or kills anything. If the kernel has no seccomp, only
/// the limits hold. `memory` = 0 sets none.
void confine(std::int64_t memory, std::int64_t cpu_seconds);

}  // namespace lamin::format::h5
