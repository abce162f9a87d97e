#include "base/progress.hpp"

#include <utility>

namespace lamin::base {
namespace {

constexpr auto first = std::chrono::seconds(1), later = std::chrono::seconds(5);

}  // namespace

Progress::Progress(Say say, std::string what, std::int64_t total)
    : say_(std::move(say)), what_(std::move(what)), total_(total), next_(std::chrono::steady_clock::now() + first) {}

void Progress::at(std::int64_t done) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_ || (total_ > 0 && done >= total_)) return;
  next_ = now + later;
  std::string text = what_;
  if (total_ > 0) text += ": " + std::to_string(done * 100 / total_) + " %";
  else if (done > 0) text += ": " + std::to_string(done);
  say_(Level::important, text);
}

}  // namespace lamin::base
