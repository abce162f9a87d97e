#include "base/checkpoint.hpp"
#include <utility>

namespace lamin::base {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): of one thread, for the time of a call
thread_local std::function<void()> ask_caller;

}  // namespace

Interruptible::Interruptible(std::function<void()> ask) : before_(std::exchange(ask_caller, std::move(ask))) {}
Interruptible::~Interruptible() { ask_caller = std::move(before_); }

void checkpoint() {
  if (ask_caller) ask_caller();
}

}  // namespace lamin::base
