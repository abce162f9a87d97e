// reporting.hpp -- where code that knows no session says how far long work has come: to that of the caller.
//
// For the calls that its thread makes, as base::Interruptible is.
#pragma once
#include <functional>
#include "lamin/message.hpp"

namespace lamin::base {

using SayProgress = std::function<void(Level, const Words&)>;

/// For its lifetime, `progress_say` on this thread is `say`.
class Reporting {
 public:
  explicit Reporting(SayProgress say);
  ~Reporting();
  Reporting(const Reporting&) = delete;
  Reporting& operator=(const Reporting&) = delete;

 private:
  SayProgress before_;
};

SayProgress progress_say();  ///< never empty

}  // namespace lamin::base
