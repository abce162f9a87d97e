// progress.hpp -- long work says what it is doing, short work says nothing.
//
// The first message comes once the work has taken a second, further ones every five seconds. They go where `say` sends
// them, so a caller gets those of its own session.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include "lamin/message.hpp"

namespace lamin::base {

class Progress {
 public:
  using Say = std::function<void(Level, const Words&)>;
  /// `what`: "indexing bionty.Gene for search"; `total`: of what `at` counts, 0 = unknown.
  Progress(Say say, std::string what, std::int64_t total = 0);
  /// So much is done. Cheap: call it once per batch.
  void at(std::int64_t done);

 private:
  Say say_;
  std::string what_;
  std::int64_t total_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace lamin::base
