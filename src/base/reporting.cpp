#include "base/reporting.hpp"
#include <utility>

namespace lamin::base {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): of one thread, for the time of a call
thread_local SayProgress say_to_caller;

}  // namespace

Reporting::Reporting(SayProgress say) : before_(std::exchange(say_to_caller, std::move(say))) {}
Reporting::~Reporting() { say_to_caller = std::move(before_); }

SayProgress progress_say() {
  if (say_to_caller) return say_to_caller;
  return [](Level, const Words&) {};
}

}  // namespace lamin::base
