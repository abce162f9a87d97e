// threads.hpp -- the same work on many items, on as many threads as the machine has cores.
#pragma once
#include <cstddef>
#include <functional>

namespace lamin::base {

/// Calls work(0) to work(n - 1), each once and in no particular order, on this thread and, if there are enough items,
/// on others. Returns when all have ended. After the first exception no further item is started, and it is thrown.
/// A thread is started for each `worth_a_thread` items: starting one takes as long as reading a few small files. Inside
/// of such work there is no more of it: the cores are busy.
void in_parallel(std::size_t n, const std::function<void(std::size_t)>& work, std::size_t worth_a_thread = 4);
/// The same for work that mostly waits, for a server for instance: on up to `lanes` threads, however few the cores are.
void in_lanes(std::size_t n, std::size_t lanes, const std::function<void(std::size_t)>& work);

}  // namespace lamin::base
