// threads.hpp -- the same work on many things, on as many threads as the machine has cores.
#pragma once
#include <cstddef>
#include <functional>

namespace lamin::base {

/// Calls work(0) to work(n - 1), each once and in no order, on this thread and on others where there are several things
/// for each. Ends when all have ended; the first exception keeps what has not begun from beginning, and is thrown.
void in_parallel(std::size_t n, const std::function<void(std::size_t)>& work);

}  // namespace lamin::base
