// threads.hpp -- the same work on many items, on as many threads as the machine has cores.
#pragma once
#include <cstddef>
#include <functional>

namespace lamin::base {

/// Calls work(0) to work(n - 1), each once and in no particular order, on this thread and, if there are enough items,
/// on others. Returns when all have ended. After the first exception no further item is started, and it is thrown.
void in_parallel(std::size_t n, const std::function<void(std::size_t)>& work);

}  // namespace lamin::base
