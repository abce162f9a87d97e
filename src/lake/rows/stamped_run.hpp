// stamped_run.hpp -- sets the run that new rows are stamped with, for a scope.
#pragma once
#include "lamin/database.hpp"

namespace lamin::lake {

class StampedRun {
 public:
  StampedRun(Database& database, std::int64_t run) : stamp_(database.stamp()), before_(stamp_.run) { stamp_.run = run; }
  ~StampedRun() { stamp_.run = before_; }
  StampedRun(const StampedRun&) = delete;

 private:
  Stamp& stamp_;
  std::int64_t before_;
};

}  // namespace lamin::lake
